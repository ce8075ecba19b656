"""Hostile texts, wherever they come from, are shown as text and do nothing."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from selenium.common.exceptions import NoAlertPresentException

from harbor_search.article import Article, Section
from harbor_search.engines import SearchEngine
from tests.browser.window import Window
from tests.support.memory_engine import MemoryEngine

PAYLOADS = (
    "<script>document.title='owned';alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '"><script>alert(1)</script>',
    "' autofocus onfocus=alert(1) x='",
    "</title><script>alert(1)</script>",
    "</textarea><iframe srcdoc='<script>parent.alert(1)</script>'>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "<mark onmouseover=alert(1)>sleep</mark>",
    "<base href=//evil.example/>",
    "\u2028<style>*{display:none}</style>",
)
FOREIGN = "script:not([src^='/static/']), img, iframe, object, embed, base, style, textarea, [onerror], [onload], \
[onfocus], [onmouseover], [autofocus], [style], a[href^='javascript'], main svg:not(.box-lens):not(.hero-wave)"


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
