"""The pages on desks and phones, by day and by night, and on paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harbor_search.article import Article, Section
from harbor_search.engines import SearchEngine
from tests.browser.window import Window
from tests.support.articles import plain
from tests.support.memory_engine import MemoryEngine

PATHS = ("/", "/search?q=sleep&section=Health&strict=1", "/search?q=zebra", "/articles/food/iron?q=iron", "/nowhere")
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 6


def overflow(window: Window) -> list[str]:
    """What sticks out of the page sideways."""
    wide = "return document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return [window.path] if window.script(wide) else []


@pytest.mark.parametrize("width", [320, 360, 768, 1280, 1920])
def test_no_page_scrolls_sideways(window: Window, width: int) -> None:
    window.resize(width, 740)
    for path in PATHS:
        window.visit(path)
        assert overflow(window) == []


def test_the_sites_name_stays_in_one_line_on_the_smallest_phone(window: Window) -> None:
    window.resize(320, 740)
    window.visit("/search?q=iron")
    name = window.find(".brand-name")
    assert name.size["height"] < 1.5 * float(name.value_of_css_property("font-size").removesuffix("px"))


def test_words_of_any_length_stay_on_a_phone(window_on: Callable[[SearchEngine], Window]) -> None:
    article = Article(
        id=LONG,
        title=LONG,
        body=(Section("", "", LONG), Section(LONG, "long", f"{LONG} sleep\n\n- {LONG}")),
        lead=LONG,
        section=(LONG, LONG),
        tags=(LONG,),
        views=10**15,
    )
    window = window_on(MemoryEngine([article, plain("other", "Sleep", "sleep", section=("Other",))]))
    window.resize(320, 740)
    for path in (f"/search?q={LONG}&section={LONG}", "/search?q=sleep", f"/search?q={LONG}x", "/"):
        window.visit(path)
        for fold in window.all("summary"):
            fold.click()
        assert overflow(window) == []
    window.visit(f"/articles/{LONG}?q={LONG}")
    assert overflow(window) == []


@pytest.mark.parametrize("path", PATHS)
def test_the_page_follows_the_readers_colour_scheme(window: Window, path: str) -> None:
    grounds = {}
    for scheme in ("light", "dark"):
        window.emulate(prefers_color_scheme=scheme)
        window.visit(path)
        grounds[scheme] = window.style("body", "background-color")
        field = window.style("input[type=search]", "background-color")
        assert field != window.style("input[type=search]", "color")
    light, dark = (sum(int(part) for part in each[5:-1].split(",")[:3]) for each in grounds.values())
    assert light > 600 > 150 > dark


def test_filters_stand_beside_results_on_a_desk_and_fold_on_a_phone(window: Window) -> None:
    window.visit("/search?q=sleep")
    assert window.find(".filters .choices").is_displayed()
    filters, hits = window.find(".filters").rect, window.find(".hits").rect
    assert filters["x"] + filters["width"] < hits["x"]
    window.resize(360, 740)
    window.visit("/search?q=sleep")
    assert not window.find(".filters .choices").is_displayed()
    assert window.find(".hits").rect["y"] < 740
    window.resize(1280, 900)
    assert window.find(".filters .choices").is_displayed()


def test_nothing_moves_for_readers_who_asked_for_that(window: Window) -> None:
    window.emulate(prefers_reduced_motion="reduce")
    window.visit("/")
    assert window.style("html", "scroll-behavior") == "auto"
    assert window.style("button", "transition-duration") == "0s"


def test_a_printed_article_is_the_article_alone(window: Window) -> None:
    window.emulate("print")
    window.visit("/articles/food/iron?q=iron")
    assert [each.is_displayed() for each in window.all(".box, .contents, .matches, .back")] == [False] * 4
    assert window.find(".prose").is_displayed()
    assert window.style("mark", "background-color") == "rgba(0, 0, 0, 0)"


def test_controls_are_large_enough_for_fingers(window: Window) -> None:
    window.resize(360, 740)
    window.visit("/search?q=sleep")
    window.find(".filters summary").click()
    for control in window.all(".box button, .box input, .filters summary, .choices a, .sort a, .pages a"):
        if control.is_displayed():
            assert control.rect["height"] >= 24, control.text
