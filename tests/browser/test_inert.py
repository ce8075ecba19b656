"""Hostile texts, wherever they come from, are shown as text and do nothing."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from selenium.common.exceptions import NoAlertPresentException

from harbor_search.article import Article, Section
from harbor_search.engines import SearchEngine
from tests.browser.payloads import PAYLOADS as PAYLOAD_PRODUCT
from tests.browser.window import Window
from tests.support.memory_engine import MemoryEngine

PAYLOADS = (
    "<script>document.title='owned';alert(1)</script>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</title><script>alert(1)</script>",
    "\u2028<style>*{display:none}</style>",
)
FOREIGN = "script:not([src^='/static/']), img, iframe, object, embed, base, style, textarea, [onerror], [onload], \
[onfocus], [onmouseover], [autofocus], [style], a[href^='javascript'], main svg:not(.box-lens):not(.hero-wave)"

FIND_LIVE = """
    const live = (page) => [...page.querySelectorAll("*")].filter((each) =>
        each.matches("script:not([src^='/static/harbor.js']), iframe, object, embed, base, style, main form:not(.dates):not(.box)")
        || [...each.attributes].some(({name, value}) => name.startsWith("on") || name === "style"
            || (["href", "src", "action"].includes(name) && /^\\s*javascript:/i.test(value)))
    ).map((each) => each.outerHTML.slice(0, 200));
"""
LIVE = FIND_LIVE + "return live(document);"
PARSED = (
    FIND_LIVE
    + """
    const done = arguments[arguments.length - 1];
    (async () => {
        const found = [];
        for (const address of arguments[0]) {
            const html = await (await fetch(address)).text();
            found.push(...live(new DOMParser().parseFromString(html, "text/html")).map((each) => `${address}: ${each}`));
        }
        return found;
    })().then(done, (fault) => done([String(fault)]));
"""
)


def hostile(payload: str) -> Article:
    """An article with `payload` in every text there is."""
    return Article(
        id=payload,
        title=f"{payload} sleep",
        body=(
            Section("", "", f"{payload} sleep {payload}"),
            *(Section(payload, payload, f"sleep\n\n- {payload}") for _ in "1234"),
        ),
        lead=payload,
        url=payload,
        section=(payload, payload),
        views=1,
        tags=(payload,),
        language=payload,
        source=payload,
    )


def assert_inert(window: Window) -> None:
    with pytest.raises(NoAlertPresentException):
        window.chrome.switch_to.alert.accept()
    assert [each.get_attribute("outerHTML") for each in window.all(FOREIGN)] == []
    assert window.chrome.title != "owned"
    assert window.find("main").is_displayed()
    assert window.complaints() == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_articles_and_words_are_inert(window_on: Callable[[SearchEngine], Window], payload: str) -> None:
    window = window_on(MemoryEngine([hostile(payload), hostile("<b>other</b>")]))
    window.complaints()
    words = quote(f"{payload} sleep")
    for path in ("/", "/search?q=sleep", f"/search?q={words}", f"/search?q=zebra{words}&section={quote(payload)}"):
        window.visit(path)
        assert_inert(window)
    window.visit("/search?q=sleep")
    assert payload.split("\u2028")[-1] in "".join(window.texts(".hit h2"))
    window.visit(f"/articles/{quote(payload, safe='')}?q={words}")
    assert_inert(window)
    assert window.find("h1").text.endswith("sleep")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_addresses_are_inert(window: Window, payload: str) -> None:
    for path in (f"/search?page={quote(payload)}&q={quote(payload)}", f"/articles/{quote(payload, safe='')}"):
        window.visit(path)
        window.complaints()  # the browser itself notes the status of the page there
        assert_inert(window)
    assert window.find(".fault-text").is_displayed()


def test_answers_for_programs_are_not_run_as_pages(window: Window) -> None:
    window.visit(f"/api/v1/search?q={quote(PAYLOADS[0])}")
    assert window.script("return document.contentType") == "application/json"
    window.visit(f"/api/v1/search?page={quote(PAYLOADS[1])}")
    assert not window.all("img")


def test_a_script_that_finds_its_way_into_a_page_is_refused_by_the_policy(window: Window) -> None:
    window.visit("/")
    window.script(
        "const s = document.createElement('script'); s.textContent = \"document.title = 'owned'\";"
        "document.body.append(s); document.body.setAttribute('onclick', \"document.title = 'owned'\");"
        "document.body.click()"
    )
    assert window.chrome.title != "owned"
    assert any("Content Security Policy" in each for each in window.complaints())


def test_two_hundred_payloads_in_every_field_and_in_the_query_make_no_script_and_no_handler(
    window_on: Callable[[SearchEngine], Window],
) -> None:
    assert len(set(PAYLOAD_PRODUCT)) == 200
    window = window_on(MemoryEngine([hostile(payload) for payload in PAYLOAD_PRODUCT]))
    for page in (1, 2):
        window.visit(f"/search?q=sleep&per_page=100&page={page}")
        assert len(window.all(".hit")) == 100
        assert window.script(LIVE) == []
    # All pages that a query or an article makes, parsed as the browser parses pages. What a script may take is bounded:
    # each gets a few of them, so that a slow machine comes to the end as well.
    queries = [f"/search?q={quote(each + ' sleep', safe='')}" for each in PAYLOAD_PRODUCT]
    articles = [f"/articles/{quote(each, safe='')}?q={quote(each, safe='')}" for each in PAYLOAD_PRODUCT]
    window.chrome.set_script_timeout(120)
    addresses = queries + articles
    for first in range(0, len(addresses), 20):
        assert window.chrome.execute_async_script(PARSED, addresses[first : first + 20]) == []
    assert window.script("return window.wasOwned") is None
    assert window.complaints() == []


def test_payloads_typed_into_the_box_stay_text(window: Window) -> None:
    window.visit("/search?q=sleep")
    window.script("window.owned = () => (window.wasOwned = true)")
    for payload in PAYLOAD_PRODUCT[:20]:
        window.search(payload)
        assert window.find("input[type=search]").get_attribute("value") == payload
        assert window.script(LIVE) == []
    assert window.script("return window.wasOwned") is None
