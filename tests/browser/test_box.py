"""The box: a combobox that suggests while one types, with nothing selected until the reader moves."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.test_accessibility import SUGGESTIONS
from tests.browser.window import BOX, Window


def options(window: Window) -> list[WebElement]:
    found: list[WebElement] = window.wait_for(lambda: window.all("[role=option]"))
    return found


def selected(window: Window) -> list[str]:
    return [each.text for each in window.all("[role=option][aria-selected=true]")]


def suggesting(window: Window, words: str = "sleep") -> None:
    window.visit("/")
    window.answer_suggestions(SUGGESTIONS)
    window.type(words)
    options(window)


def test_typing_opens_a_list_with_nothing_selected_and_one_message(window: Window) -> None:
    suggesting(window)
    box = window.find(BOX)
    assert (box.get_attribute("role"), box.get_attribute("aria-expanded")) == ("combobox", "true")
    assert window.find(f"#{box.get_attribute('aria-controls')}").get_attribute("role") == "listbox"
    assert selected(window) == []
    assert box.get_attribute("aria-activedescendant") is None
    said = window.wait_for(lambda: window.find("[data-status]").get_attribute("textContent"))
    assert said == "Suggestions available: 3. Move with the arrow keys."


def test_arrows_move_through_the_list_and_through_the_field_at_its_ends(window: Window) -> None:
    suggesting(window)
    seen = []
    for key in (Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_UP):
        window.press(key)
        seen.append("".join(selected(window)).split("\n")[0])
    assert seen == ["deep sleep", "sleep", "Signs of Low Iron", "", "Signs of Low Iron"]
    box = window.find(BOX)
    assert window.focused() == box
    assert window.find(f"#{box.get_attribute('aria-activedescendant')}").text.startswith("Signs")
    assert box.get_attribute("value") == "sleep"


def test_a_title_that_leads_to_its_article_is_not_offered_as_a_search_too(window: Window) -> None:
    window.visit("/")
    (hit,) = SUGGESTIONS["hits"]
    window.answer_suggestions({"suggestions": [{"text": hit["title"]}, {"text": "low iron"}], "hits": [hit]})
    window.type("iron")
    assert [option.text.split("\n")[0] for option in options(window)] == ["low iron", hit["title"]]


def test_enter_searches_for_the_words_unless_something_is_selected(window: Window) -> None:
    suggesting(window)
    window._leave(lambda: window.press(Keys.ENTER))
    assert window.path == "/search?q=sleep"
    suggesting(window)
    window.press(Keys.ARROW_DOWN)
    window._leave(lambda: window.press(Keys.ENTER))
    assert window.path == "/search?q=deep+sleep"
    suggesting(window, "iron")
    window.press(Keys.ARROW_UP)
    window._leave(lambda: window.press(Keys.ENTER))
    assert window.path == "/articles/food/iron?q=iron"


def test_a_suggestion_of_a_section_searches_there(window: Window) -> None:
    suggesting(window)
    window._leave(options(window)[1].click)
    assert window.path == "/search?q=sleep&section=Health"


def test_escape_closes_the_list_then_leaves_the_field_and_keeps_the_words(window: Window) -> None:
    suggesting(window)
    window.press(Keys.ESCAPE)
    box = window.find(BOX)
    assert (box.get_attribute("aria-expanded"), box.get_attribute("value")) == ("false", "sleep")
    assert window.focused() == box
    window.press(Keys.ESCAPE)
    assert window.focused() != box
    assert box.get_attribute("value") == "sleep"


def test_leaving_the_field_closes_the_list(window: Window) -> None:
    suggesting(window)
    window.press(Keys.TAB)
    assert window.find(BOX).get_attribute("aria-expanded") == "false"
    assert not window.find(".hs-popup").is_displayed()


def test_questions_that_are_no_longer_wanted_are_given_up(window: Window) -> None:
    window.visit("/")
    window.answer_suggestions(SUGGESTIONS, after_ms=60_000)
    box = window.find(BOX)
    box.send_keys("sl")
    window.wait_for(lambda: window.script("return window.asked.length") == 1)
    box.send_keys("eep")
    window.wait_for(lambda: window.script("return window.asked.length") == 2)
    assert window.script("return window.asked.map((each) => each.aborted)") == [True, False]


def test_a_fault_is_said_and_the_next_try_works(window: Window) -> None:
    window.visit("/")
    window.answer_suggestions(None)
    window.type("sleep")
    window.wait_for(lambda: window.find(".hs-note").is_displayed())
    assert window.find(".hs-note").text == "The search cannot be reached at the moment."
    window.answer_suggestions(SUGGESTIONS)
    window.find(BOX).send_keys("y")
    assert len(options(window)) == 3
    assert not window.find(".hs-note").is_displayed()


def test_without_a_connection_the_box_says_so(window: Window) -> None:
    window.visit("/")
    window.answer_suggestions(None)
    window.script("Object.defineProperty(navigator, 'onLine', {value: false})")
    window.type("sleep")
    window.wait_for(lambda: window.find(".hs-note").is_displayed())
    assert window.find(".hs-note").text.startswith("You are offline")


def test_recent_searches_are_offered_in_the_empty_box_and_can_be_forgotten(window: Window) -> None:
    window.visit("/")
    window.search("quiet night")
    window.visit("/")
    window.find(BOX).click()
    assert [each.text for each in options(window)] == ["quiet night"]
    window.find(".hs-forget").click()
    assert not window.find(".hs-popup").is_displayed()
    assert window.focused() == window.find(BOX)
    window.visit("/")
    window.find(BOX).click()
    assert not window.find(".hs-popup").is_displayed()


def test_hostile_suggestions_are_text(window: Window) -> None:
    window.visit("/")
    payload = "<img src=x onerror=alert(1)> sleep"
    hit = {"id": payload, "title": payload, "url": "javascript:alert(1)", "section": [payload]}
    window.answer_suggestions({"suggestions": [{"text": payload, "section": payload}], "hits": [hit]})
    window.type("sleep")
    assert all(payload in each.text for each in options(window))
    assert not window.all("main img, .hs-popup img")
