"""Takes the pictures of the pages that the README shows: `make pictures`, over the sample articles.

Small on purpose: they are looked at on a page, and kept in the repository.
"""

from __future__ import annotations

import base64
import logging
import shutil
import sys
import threading
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait
from werkzeug.serving import make_server

from harbor_search.config_loading import load_settings
from harbor_search.engines import open_engine
from harbor_search.web import create_app, warm_up

FOLDER = Path(__file__).parent
DESK, PHONE = (1200, 820), (390, 780)
ARTICLE = "/articles/food-and-nutrition/do-tea-and-coffee-block-iron?q=iron+tea"

PATIENCE_SECONDS = 120
"""The first suggestions of a process are made from the whole collection, and may have to be compiled."""

SHOTS = {
    "home-light": ("/", DESK, "light", ""),
    "home-dark": ("/", DESK, "dark", ""),
    "home-phone": ("/", PHONE, "light", ""),
    "results-light": ("/search?q=back+pain", DESK, "light", ""),
    "results-dark": ("/search?q=back+pain", DESK, "dark", ""),
    "results-phone": ("/search?q=back+pain", PHONE, "dark", ""),
    "article-light": (ARTICLE, DESK, "light", ""),
    "article-dark": (ARTICLE, DESK, "dark", ""),
    "article-phone": (ARTICLE, PHONE, "light", ""),
    "suggestions-light": ("/search?q=tea", DESK, "light", "sleep"),
    "suggestions-phone": ("/", PHONE, "dark", "sleep"),
    "nothing-light": ("/search?q=zebra", DESK, "light", ""),
}
"""Name -> address, size of the window in pixels, colour scheme, and what is typed into the box."""


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    settings = load_settings()
    app = create_app(settings, open_engine(settings))
    warm_up(app)  # the first search may have to compile, for longer than a browser waits
    browser = _browser()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for name, shot in SHOTS.items():
            _take(browser, f"http://127.0.0.1:{server.server_port}", name, *shot)
    finally:
        browser.quit()
        server.shutdown()


def _browser() -> Chrome:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not (program and driver):
        sys.exit("Pictures need Chromium and its driver (Debian: apt-get install chromium chromium-driver).")
    options = ChromeOptions()
    options.binary_location = program
    for option in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage"):
        options.add_argument(option)
    return Chrome(options=options, service=Service(driver))


def _take(browser: Chrome, base: str, name: str, path: str, size: tuple[int, int], scheme: str, typed: str) -> None:
    width, height = size
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": features})
    browser.get(base + path)
    if typed:
        box = browser.find_element("css selector", "[data-search-box]")
        box.clear()
        box.send_keys(typed)
        waiting = WebDriverWait(browser, PATIENCE_SECONDS)
        waiting.until(lambda _: browser.find_elements("css selector", "[role=option]"))
    picture = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "webp", "quality": 72})
    (FOLDER / f"{name}.webp").write_bytes(base64.b64decode(picture["data"]))


if __name__ == "__main__":
    main()
