"""Every answer tells browsers what they may load, frame, guess, keep and tell."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.web.page import visit

PAGES = ("/", "/search?q=sleep", "/search?q=zebra", "/articles/food/iron?q=iron", "/nowhere")
OTHERS = (
    "/search?page=0",
    "/api/v1/search",
    "/api/v1/none",
    "/healthz",
    "/opensearch.xml",
    "/static/harbor.css",
    "/static/none",
)


@pytest.mark.parametrize("address", [*PAGES, *OTHERS])
def test_every_answer_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", PAGES)
def test_pages_hold_nothing_that_the_policy_forbids_or_that_lies_elsewhere(client: FlaskClient, address: str) -> None:
    page = visit(client, address)
    assert not page.all("//script[not(@src)]") and not page.all("//style")
    assert not page.all("//@style") and not page.all("//@*[starts-with(name(), 'on')]")
    loaded = page.all("//script/@src | //img/@src | //link[@rel='stylesheet' or @rel='icon']/@href")
    assert loaded and all(str(each).startswith("/static/") for each in loaded)


def test_styles_load_nothing_from_elsewhere(client: FlaskClient) -> None:
    styles = client.get("/static/harbor.css").text
    assert not re.findall(r"url\(|@import", styles)


def test_static_files_are_kept_for_good_under_an_address_that_changes_with_them(client: FlaskClient) -> None:
    address = visit(client, "/").one("//link[@rel='stylesheet']").get("href")
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/harbor.css?v=old").headers["Cache-Control"]


def test_pages_may_not_be_read_by_scripts_of_other_sites(client: FlaskClient) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/search?q=sleep").headers
