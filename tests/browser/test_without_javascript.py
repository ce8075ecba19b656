"""Everything works where JavaScript does not run."""

from __future__ import annotations

import pytest

from tests.browser.window import Window


@pytest.fixture(autouse=True)
def no_scripts(window: Window) -> None:
    window.without_scripts()


def test_a_reader_can_search_filter_turn_pages_and_read(window: Window) -> None:
    window.resize(700, 900)
    window.visit("/")
    assert not window.find("kbd").is_displayed()
    window.search("sleep")
    assert window.find(".count").text.startswith("1–10 of 26")
    window.click("Next", ".pages")
    assert window.find(".count").text.startswith("11–20 of 26")
    window.find(".filters summary").click()
    window.click("Family", ".filters")
    window.click("Toddlers", ".hit")
    assert window.find("h1").text == "Toddlers at Night"
    assert window.texts("mark") == ["sleep"]
    window.click("Results for", ".back")
    assert window.path == "/search?q=sleep"


def test_filters_stand_open_beside_results_on_a_desk(window: Window) -> None:
    window.visit("/search?q=sleep")
    assert window.find(".filters .choices a").rect["height"] > 20


def test_filters_can_be_used_and_folded_on_a_phone(window: Window) -> None:
    window.resize(360, 740)
    window.visit("/search?q=sleep")
    assert not window.find(".filters .choices").is_displayed()
    window.find(".filters summary").click()
    window.click("Family", ".filters")
    assert window.texts(".hit h2") == ["Toddlers at Night"]
