"""Lighthouse on the real server: performance, accessibility, best practices and what search engines need."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome

from tests.browser.conftest import tool

PAGES = {"home": "/", "results": "/search?q=sleep", "article": "/articles/food/iron?q=iron"}
LOWEST = 0.95
MOST_BYTES = 30_000
# Chromium sometimes swaps the process of a page while Lighthouse records it, and the record is then of no use; Lighthouse
# itself asks to be run again.
TRIES = 5
NOT_RECORDED = "Please run Lighthouse again"
# Lighthouse slows the processor down fourfold to be like a phone, which is right for a machine of this `benchmarkIndex`;
# a machine that is slower, or busy, has to be slowed down less (its documentation, "throttling").
SLOWDOWN = 4
USUAL_INDEX = 1_500


def measured(address: str, folder: Path, slowdown: float = SLOWDOWN) -> dict[str, Any]:
    report = folder / "report.json"
    flags = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"
    command = [
        *("node", str(tool("lighthouse/cli/index.js")), address, "--quiet", "--output=json"),
        *(f"--output-path={report}", f"--chrome-flags={flags}"),
        # A machine that runs tests is busy: simulated throttling reckons from what was loaded, not from the clock alone.
        *("--throttling-method=simulate", f"--throttling.cpuSlowdownMultiplier={slowdown}"),
        "--only-categories=performance,accessibility,best-practices,seo",
    ]
    # Results are kept out of other search engines on purpose.
    if "/search" in address:
        command.append("--skip-audits=is-crawlable")
    chrome = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
    for _ in range(TRIES):
        done = subprocess.run(
            command, env={**os.environ, "CHROME_PATH": chrome}, capture_output=True, text=True, timeout=240
        )
        if NOT_RECORDED not in done.stderr:
            break
    else:
        pytest.skip(f"Lighthouse could not record the page in {TRIES} tries: {done.stderr[-300:]}")
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("chrome")
def test_pages_are_rated_highly_in_all_respects(page: str, site: Callable[[str], str], tmp_path: Path) -> None:
    report = measured(site("en") + PAGES[page], tmp_path)
    index = report["environment"]["benchmarkIndex"]
    if report["categories"]["performance"]["score"] < LOWEST and index < USUAL_INDEX:
        report = measured(site("en") + PAGES[page], tmp_path, max(1.0, SLOWDOWN * index / USUAL_INDEX))
    scores = {name: each["score"] for name, each in report["categories"].items()}
    audits = report["audits"]
    weak = [name for name, each in audits.items() if each["score"] is not None and each["score"] < 0.9]
    assert min(scores.values()) >= LOWEST, (scores, weak, index)
    assert audits["cumulative-layout-shift"]["numericValue"] < 0.02


def test_the_first_page_of_results_is_light(chrome: Chrome, site: Callable[[str], str]) -> None:
    chrome.switch_to.new_window("tab")
    try:
        chrome.execute_cdp_cmd("Network.enable", {})
        chrome.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
        chrome.get(f"{site('en')}/search?q=sleep")
        code = (
            "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
            ".reduce((sum, each) => sum + each.transferSize, 0)"
        )
        transferred = chrome.execute_script(code)
        assert 0 < transferred < MOST_BYTES
    finally:
        chrome.close()
        chrome.switch_to.window(chrome.window_handles[0])
