"""An article: from match to match, and where one is."""

from __future__ import annotations

from tests.browser.window import Window


def test_readers_go_from_match_to_match_and_around(window: Window) -> None:
    window.resize(1280, 400)
    window.visit("/articles/food/iron?q=iron")
    forth = window.find("[aria-label='Next match']")
    forth.click()
    marks = window.all(".article-text mark")
    assert window.find(".matches-count").text == f"Match 1 of {len(marks)}"
    for _ in marks:
        forth.click()
    assert window.find(".matches-count").text == f"Match 1 of {len(marks)}"
    window.find("[aria-label='Previous match']").click()
    last = window.find("mark.current")
    assert last == marks[-1]
    assert 0 <= window.script("return arguments[0].getBoundingClientRect().top", last) < 400


def test_without_javascript_a_link_leads_to_the_first_match(window: Window) -> None:
    window.without_scripts()
    window.visit("/articles/food/iron?q=iron")
    window.find("[data-first-match]").click()
    assert window.path.endswith("#site-first-match")
    assert window.find("#site-first-match").text.lower() == "iron"


def test_the_outline_stands_beside_the_text_on_a_desk_and_above_it_on_a_phone(window: Window) -> None:
    window.visit("/articles/food/iron")
    text, outline = window.find(".prose").rect, window.find(".contents").rect
    assert outline["x"] > text["x"] + text["width"]
    window.resize(360, 740)
    assert window.find(".contents").rect["y"] < window.find(".prose").rect["y"]
