"""The site by keyboard: ways into and out of the box, past the header, and to every control in sight."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.window import BOX, Window


def in_box(window: Window) -> bool:
    return bool(window.focused() == window.find(BOX))


@pytest.mark.parametrize("path", ["/", "/search?q=sleep", "/articles/food/iron?q=iron"])
def test_slash_leads_into_the_box_and_escape_out_without_changing_the_words(window: Window, path: str) -> None:
    window.visit(path)
    words = window.find(BOX).get_attribute("value")
    window.press("/")
    assert in_box(window)
    assert window.find(BOX).get_attribute("value") == words
    window.press(Keys.ESCAPE)
    assert not in_box(window)
    assert window.find(BOX).get_attribute("value") == words


@pytest.mark.parametrize("command", [Keys.CONTROL, Keys.META])
def test_the_command_key_with_k_leads_into_the_box_from_anywhere(window: Window, command: str) -> None:
    window.visit("/search?q=sleep")
    window.find(".filters section:nth-child(2) summary").click()
    window.find("[name=date_from]").click()
    window.press(command, "k")
    assert in_box(window)


def test_what_is_there_is_replaced_by_what_is_typed_after_a_shortcut(window: Window) -> None:
    window.visit("/search?q=sleep")
    window.press("/")
    window.focused().send_keys("iron")
    assert window.find(BOX).get_attribute("value") == "iron"


def test_a_slash_typed_into_the_box_stays_there(window: Window) -> None:
    window.visit("/")
    window.find(BOX).click()
    window.press("/")
    assert window.find(BOX).get_attribute("value") == "/"


def test_the_first_tab_offers_a_way_past_the_header(window: Window) -> None:
    window.visit("/search?q=sleep")
    window.press(Keys.TAB)
    skip = window.focused()
    assert skip.text == "Skip to content"
    assert window.script("return arguments[0].getBoundingClientRect().top", skip) >= 0
    window.press(Keys.ENTER)
    window.press(Keys.TAB)
    assert window.script("return document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("width", [1280, 360])
def test_tab_reaches_every_control_that_can_be_seen_and_shows_where_it_is(window: Window, width: int) -> None:
    window.resize(width, 900)
    window.visit("/search?q=sleep&section=Health")
    seen = [each for each in window.all("a[href], button, input, summary") if each.is_displayed()]
    reached = []
    for _ in range(len(seen) + 10):
        window.press(Keys.TAB)
        here = window.focused()
        if here.tag_name == "body":
            break
        assert window.script("return getComputedStyle(arguments[0]).outlineStyle", here) != "none", here.text
        if here not in reached:
            reached.append(here)
    missed = [each.text or each.get_attribute("name") for each in seen if each not in reached]
    assert not missed
