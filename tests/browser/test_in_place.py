"""With JavaScript results are replaced where they stand: the page stays, and so do history, focus and place."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys

from tests.browser.window import BOX, Window

SHIFT = """
    const done = arguments[arguments.length - 1];
    let sum = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((each) => (sum += each.value)))
        .observe({type: "layout-shift", buffered: true});
    setTimeout(() => done(sum), 150);
"""


def stays(window: Window) -> bool:
    """Whether this is still the page that `visit` brought."""
    return bool(window.script("return window.here === true"))


def visit(window: Window, path: str) -> None:
    window.visit(path)
    window.script("window.here = true")


def said(window: Window) -> str:
    text: str = window.find("[data-status]").get_attribute("textContent") or ""
    return text


def test_filters_sorting_pages_and_searches_stay_on_the_page(window: Window) -> None:
    visit(window, "/search?q=sleep")
    window.click("Family", ".filters")
    window.click("Family", ".filters-active")
    window.click("Newest", ".sort")
    window.click("Next", ".pages")
    window.search("iron")
    assert stays(window)
    assert window.path == "/search?q=iron&sort=date"
    assert window.chrome.title == "iron – HealthHarbor"
    assert window.texts(".hit h2") == ["Signs of Low Iron"]


def test_what_was_found_is_said_once(window: Window) -> None:
    visit(window, "/search?q=sleep")
    window.click("Family", ".filters")
    window.wait_for(lambda: said(window) == "1 result")
    assert len(window.all("[role=status], [aria-live]")) == 1


def test_back_and_forward_bring_results_words_and_place_again(window: Window) -> None:
    window.resize(1280, 500)
    visit(window, "/search?q=sleep")
    window.script("scrollTo(0, 700)")
    window._leave(lambda: window.script("document.querySelector('.pages a[rel=next]').click()"))
    assert window.script("return scrollY") == 0
    window.search("iron")
    window.back()
    assert window.texts(".hit h2")[0].startswith("Night")
    assert window.find(BOX).get_attribute("value") == "sleep"
    window.back()
    assert stays(window)
    assert window.path == "/search?q=sleep"
    assert window.script("return scrollY") == 700
    window._leave(window.chrome.forward)
    assert window.path == "/search?q=sleep&page=2"


def test_the_filter_that_was_chosen_keeps_the_focus(window: Window) -> None:
    visit(window, "/search?q=sleep")
    link = next(each for each in window.all(".filters a") if "Family" in each.text)
    link.send_keys("")
    window._leave(lambda: link.send_keys(Keys.ENTER))
    assert window.focused().text.startswith("Family")
    assert window.focused().get_attribute("aria-current") == "true"


def test_new_tabs_are_left_to_the_browser(window: Window) -> None:
    visit(window, "/search?q=sleep")
    handled = window.script(
        "const link = document.querySelector('.sort a');"
        "const press = new MouseEvent('click', {bubbles: true, cancelable: true, ctrlKey: true});"
        "addEventListener('click', (event) => event.preventDefault(), {once: true});"
        "let seen; document.addEventListener('click', (event) => (seen = event.defaultPrevented));"
        "link.dispatchEvent(press); return seen"
    )
    assert handled is False


def test_without_a_connection_the_page_stays_says_so_and_tries_again(window: Window) -> None:
    visit(window, "/search?q=sleep")
    window.script("window.real = fetch; window.fetch = () => Promise.reject(new TypeError('no'))")
    next(each for each in window.all(".filters a") if "Family" in each.text).click()
    window.wait_for(lambda: window.all("[data-fault]"))
    assert "cannot be reached" in window.find("[data-fault]").text
    assert len(window.all(".hit")) == 10
    window.script("window.fetch = window.real")
    window._leave(window.find("[data-fault] button").click)
    assert window.texts(".hit h2") == ["Toddlers at Night"]
    assert stays(window)


def test_pages_hardly_move_while_they_load(window: Window) -> None:
    for width in (360, 1280):
        window.resize(width, 740)
        for path in ("/", "/search?q=sleep&section=Health", "/articles/food/iron?q=iron"):
            window.visit(path)
            assert window.chrome.execute_async_script(SHIFT) < 0.02, (width, path)
