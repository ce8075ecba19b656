"""A real browser, and the site on a port of its own for it to visit."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from werkzeug.serving import make_server

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.web import create_app
from tests.browser.window import Window
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine

Serve = Callable[..., str]
TOOLS = Path(__file__).parent / "tools" / "node_modules"

OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--hide-scrollbars",
    # Every name but the loopback address leads nowhere: pages must not need any other host.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives the browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One browser for all tests, as starting it takes longer than using it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not (program and driver):
        missing = "Chromium" if not program else "chromedriver"
        reason = f"{missing} is not installed (Debian: apt-get install chromium chromium-driver)"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    options = ChromeOptions()
    options.binary_location = program
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for option in (*OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(option)
    browser = Chrome(options=options, service=Service(driver))
    browser.set_page_load_timeout(60)
    yield browser
    browser.quit()


def tool(name: str) -> Path:
    """A file of the tools in `tools/package.json`; the test is skipped where they are not installed."""
    file = TOOLS / name
    if not file.exists():
        reason = f"{name} is not installed (npm ci --ignore-scripts, in tests/browser/tools)"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return file


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Put a site over an engine, with settings, on a free port of the loopback address; the answer is its address."""
    servers = []

    def start(engine: SearchEngine, **settings: Any) -> str:
        server = make_server("127.0.0.1", 0, create_app(Settings(**settings), engine), threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def site(serve: Serve) -> Callable[[str], str]:
    """The address of the site over the small collection in a language; one site for each."""
    return lru_cache(lambda language: serve(MemoryEngine(collection()), language=language))


@pytest.fixture
def window(chrome: Chrome, site: Callable[[str], str]) -> Iterator[Window]:
    """A fresh tab at the size of a desk, at the site over the small collection."""
    yield from tab(chrome, site("en"))


@pytest.fixture
def window_on(chrome: Chrome, serve: Serve) -> Iterator[Callable[[SearchEngine], Window]]:
    """The same for an engine of the test's own."""
    opened: list[Iterator[Window]] = []

    def start(engine: SearchEngine) -> Window:
        opened.append(tab(chrome, serve(engine)))
        return next(opened[-1])

    yield start
    for each in opened:
        next(each, None)


def tab(chrome: Chrome, address: str) -> Iterator[Window]:
    """A tab that is closed, with all that was set for it, when the test is over."""
    before = chrome.current_window_handle
    chrome.switch_to.new_window("tab")
    window = Window(chrome, address)
    window.command("Storage.clearDataForOrigin", origin=address, storageTypes="local_storage")
    window.resize(1280, 900)
    # A page that is still scrolling smoothly is not where the next click thinks it is.
    window.emulate(prefers_reduced_motion="reduce")
    yield window
    chrome.close()
    chrome.switch_to.window(before)
