"""axe-core finds no fault: on every page and state, by day and by night, in each language."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from selenium.webdriver import Chrome

from harbor_search.web.localization import LANGUAGES
from tests.browser.conftest import tab, tool
from tests.browser.window import Window

STATES = (
    "/",
    "/search?q=sleep&section=Health&strict=1&date_from=2022-01-01",
    "/search?q=zebra",
    "/articles/food/iron?q=iron",
    "/nowhere",
)
MORE_STATES = (
    "/search?q=sleep&page=2",
    "/search",
    "/search?q=sleep&page=99",
    "/articles/food/iron",
    "/search?page=x",
    "/problems",
    "/widget",
)
SUGGESTIONS = {
    "suggestions": [
        {"text": "deep sleep", "kind": "phrase"},
        {"text": "sleep", "kind": "title", "section": ["Health"]},
    ],
    "hits": [{"id": "food/iron", "title": "Signs of Low Iron", "url": "", "section": ["Health", "Food"]}],
}
RUN = """
    const done = arguments[arguments.length - 1];
    axe.run(document, {resultTypes: ["violations"]}).then(
        (found) => done(found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(" | ")}`)),
        (fault) => done([String(fault)]));
"""


@pytest.fixture(params=LANGUAGES)
def speaking(request: pytest.FixtureRequest, chrome: Chrome, site: Callable[[str], str]) -> Iterator[Window]:
    """A window at the site in each language."""
    yield from tab(chrome, site(request.param))


def faults(window: Window) -> list[str]:
    if not window.script("return Boolean(window.axe)"):
        window.script(tool("axe-core/axe.min.js").read_text(encoding="utf-8"))
    found: list[str] = window.chrome.execute_async_script(RUN)
    return [f"{window.path}: {each}" for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_fault(speaking: Window, scheme: str) -> None:
    found = []
    speaking.emulate(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
    for path in STATES:
        speaking.visit(path)
        found += faults(speaking)
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_other_page_has_a_fault_either(window: Window, scheme: str) -> None:
    found = []
    window.emulate(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
    for path in MORE_STATES:
        window.visit(path)
        found += faults(window)
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_of_the_box_has_a_fault(speaking: Window, scheme: str) -> None:
    speaking.emulate(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
    speaking.visit("/search?q=tea")
    speaking.answer_suggestions(SUGGESTIONS)
    speaking.type("sleep")
    speaking.wait_for(lambda: speaking.all("[role=option]"))
    found = faults(speaking)
    speaking.press("\ue015")
    found += faults(speaking)
    speaking.answer_suggestions(None)
    speaking.type("tea")
    speaking.wait_for(lambda: speaking.find(".hs-note").is_displayed())
    assert found + faults(speaking) == []


def test_no_state_of_the_widget_has_a_fault(window: Window) -> None:
    window.visit("/widget")
    window.answer_suggestions(SUGGESTIONS)
    window.script("document.querySelector('harbor-search[mode=modal]').open()")
    window.focused().send_keys("sleep")
    window.wait_for(
        lambda: window.script(
            "return document.querySelector('harbor-search[mode=modal]').shadowRoot.querySelector('[role=option]')"
        )
    )
    assert faults(window) == []


@pytest.mark.parametrize("width", [320, 640])
def test_folded_filters_and_phones_have_no_fault(window: Window, width: int) -> None:
    window.resize(width, 740)
    window.visit("/search?q=sleep&section=Health")
    assert faults(window) == []
    window.find(".filters summary").click()
    assert faults(window) == []
