"""From the front page to an article and back, by keyboard alone; and at twice the size."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys

from tests.browser.window import Window

PAGES = ("/", "/search?q=sleep&section=Health&strict=1", "/search?q=zebra", "/articles/food/iron?q=iron", "/widget")


def tab_to(window: Window, text: str) -> None:
    """Press Tab until what has the focus begins with `text`."""
    for _ in range(80):
        window.press(Keys.TAB)
        if window.focused().text.startswith(text):
            return
    raise AssertionError(f"Tab never reached {text!r}")


def test_search_facet_article_and_back_need_no_mouse(window: Window) -> None:
    window.visit("/")
    window.press("/")
    window.focused().send_keys("sleep")
    window._leave(lambda: window.press(Keys.ENTER))
    tab_to(window, "Family")
    window._leave(lambda: window.press(Keys.ENTER))
    assert window.texts(".hit h2") == ["Toddlers at Night"]
    tab_to(window, "Toddlers at Night")
    window._leave(lambda: window.press(Keys.ENTER))
    assert window.find("h1").text == "Toddlers at Night"
    tab_to(window, "← Results for")
    window._leave(lambda: window.press(Keys.ENTER))
    assert window.path == "/search?q=sleep&section=Family"
    window.back()
    window.back()
    assert window.texts(".hit h2") == ["Toddlers at Night"]


def test_at_twice_the_size_nothing_is_lost_or_scrolls_sideways(window: Window) -> None:
    # What a browser makes of 1280 pixels at 200 %, and text alone at 200 % on top of a phone's width.
    for width, text in ((640, "100%"), (390, "200%")):
        window.resize(width, 740)
        for path in PAGES:
            window.visit(path)
            window.script("document.documentElement.style.fontSize = arguments[0]", text)
            wide = window.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, (path, width, text)
            assert window.find("h1").is_displayed()
