"""The widget on a page of another origin: two lines of HTML, and the search is there."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys

import harbor_search.web
from tests.browser.conftest import Serve, tab
from tests.browser.test_accessibility import SUGGESTIONS
from tests.browser.window import Window
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine

SCRIPT = Path(harbor_search.web.__file__).parent / "static" / "harbor-search.js"

PAGE = """<!doctype html><html lang="en"><title>Another site</title><main>
<script type="module" src="{search}/harbor-search.js"></script>
<harbor-search endpoint="{search}"><a href="{search}/search">Search</a></harbor-search>
<harbor-search id="modal" mode="modal" endpoint="{search}" hotkey="off"></harbor-search></main>"""


class OtherSite(BaseHTTPRequestHandler):
    """One page, whatever is asked for, with a policy that forbids inline scripts and styles."""

    page = ""
    search = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        policy = f"default-src 'none'; script-src {self.search}; connect-src {self.search}; img-src 'self'"
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(self.page.encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def other_site(site: Callable[[str], str]) -> Iterator[str]:
    handler = type("Handler", (OtherSite,), {"page": PAGE.format(search=site("en")), "search": site("en")})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def elsewhere(chrome: Chrome, other_site: str) -> Iterator[Window]:
    """A window at another site that holds the widget."""
    opened = tab(chrome, other_site)
    window = next(opened)
    window.complaints()
    window.visit("/")
    window.wait_for(lambda: window.script("return Boolean(document.querySelector('harbor-search')?.shadowRoot)"))
    yield window
    next(opened, None)


def inside(window: Window, selector: str, element: str = "harbor-search") -> list[str]:
    code = "return [...document.querySelector(arguments[0]).shadowRoot.querySelectorAll(arguments[1])].map((e) => e.innerText)"
    found: list[str] = window.script(code, element, selector)
    return found


def test_it_suggests_and_leads_to_the_results(elsewhere: Window, site: Callable[[str], str]) -> None:
    elsewhere.answer_suggestions(SUGGESTIONS)
    elsewhere.press("/")
    elsewhere.script("return document.querySelector('harbor-search').input").send_keys("sleep")
    elsewhere.wait_for(lambda: inside(elsewhere, "[role=option]"))
    assert inside(elsewhere, "[role=option]")[0] == "deep sleep"
    assert inside(elsewhere, "[role=option][aria-selected=true]") == []
    elsewhere._leave(lambda: elsewhere.press(Keys.ENTER))
    assert elsewhere.chrome.current_url == f"{site('en')}/search?q=sleep"


def test_an_article_is_reached_from_the_list(elsewhere: Window, site: Callable[[str], str]) -> None:
    elsewhere.answer_suggestions(SUGGESTIONS)
    elsewhere.script("return document.querySelector('harbor-search').input").send_keys("iron")
    elsewhere.wait_for(lambda: inside(elsewhere, "[role=option]"))
    elsewhere.press(Keys.ARROW_UP)
    elsewhere._leave(lambda: elsewhere.press(Keys.ENTER))
    assert elsewhere.chrome.current_url == f"{site('en')}/articles/food/iron?q=iron"


def test_the_modal_opens_over_the_page_and_escape_gives_the_focus_back(elsewhere: Window) -> None:
    opener = elsewhere.script("return document.querySelector('#modal').shadowRoot.querySelector('button.open')")
    opener.click()
    is_open = "return document.querySelector('#modal').dialog.open"
    assert elsewhere.script(is_open)
    assert elsewhere.script("return document.querySelector('#modal').shadowRoot.activeElement.type") == "search"
    elsewhere.press(Keys.ESCAPE)
    elsewhere.wait_for(lambda: not elsewhere.script(is_open))
    assert elsewhere.script("return document.querySelector('#modal').shadowRoot.activeElement.className") == "open"


def test_a_strict_policy_of_the_other_site_has_nothing_to_complain_about(elsewhere: Window) -> None:
    assert [each for each in elsewhere.complaints() if "favicon" not in each] == []
    field = "return getComputedStyle(document.querySelector('harbor-search').input).borderRadius"
    assert elsewhere.script(field) == "10px"


def test_custom_properties_change_its_look(elsewhere: Window) -> None:
    look = (
        "const box = document.querySelector('harbor-search');"
        "box.style.setProperty('--harbor-search-accent', 'rgb(122, 31, 92)');"
        "box.style.setProperty('--harbor-search-radius', '3px');"
        "const button = getComputedStyle(box.shadowRoot.querySelector('button'));"
        "return [button.backgroundColor, button.borderRadius]"
    )
    assert elsewhere.script(look) == ["rgb(122, 31, 92)", "3px"]


def test_only_the_sites_that_the_settings_name_may_ask(chrome: Chrome, serve: Serve, other_site: str) -> None:
    asking = (
        "const done = arguments[1]; fetch(arguments[0] + '/api/v1/search?q=sleep', {headers: {'If-None-Match': '\"x\"'}})"
        ".then((answer) => answer.json()).then((answer) => done(answer.total), () => done('refused'))"
    )
    for origins, expected in ((other_site, 26), ("https://www.example.org", "refused"), ("*", 26)):
        search = serve(MemoryEngine(collection()), cors_origins=origins)
        # The page's own policy would refuse before the search's does.
        for window in tab(chrome, other_site):
            window.command("Page.setBypassCSP", enabled=True)
            window.visit("/")
            assert window.chrome.execute_async_script(asking, search) == expected
            window.complaints()


def test_it_is_light_and_needs_nothing_else() -> None:
    source = SCRIPT.read_bytes()
    assert len(gzip.compress(source, 9, mtime=0)) < 15_000
    assert b"import " not in source.replace(b"import.meta", b"")
