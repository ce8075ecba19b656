"""Scripts of other sites may read the JSON endpoint where the settings let them, and nothing else."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from harbor_search.config import Settings
from harbor_search.errors import UserError
from harbor_search.web import create_app
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine

ORIGIN = "https://www.example.org"
ASKING = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}


def client(origins: str) -> FlaskClient:
    return create_app(Settings(cors_origins=origins), MemoryEngine(collection())).test_client()


def test_by_default_any_origin_may_read() -> None:
    answer = client("*").get("/api/v1/search?q=sleep", headers={"Origin": ORIGIN})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]


def test_listed_origins_may_read_and_caches_keep_them_apart() -> None:
    asked = client(f"http://localhost:8080, {ORIGIN}")
    allowed = asked.get("/api/v1/search", headers={"Origin": ORIGIN})
    refused = asked.get("/api/v1/search", headers={"Origin": "https://evil.example"})
    alone = asked.get("/api/v1/search")
    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Origin" not in refused.headers
    assert "Access-Control-Allow-Origin" not in alone.headers
    assert all("Origin" in each.headers["Vary"] for each in (allowed, refused, alone))


def test_a_preflight_says_what_may_be_sent() -> None:
    asked = client(ORIGIN)
    answer = asked.options("/api/v1/search", headers={"Origin": ORIGIN, **ASKING})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Access-Control-Allow-Headers"] == "If-None-Match"
    refused = asked.options("/api/v1/search", headers={"Origin": "https://evil.example", **ASKING})
    assert "Access-Control-Allow-Methods" not in refused.headers


def test_errors_can_be_read_too_and_pages_cannot() -> None:
    asked = client(ORIGIN)
    assert asked.get("/api/v1/search?page=x", headers={"Origin": ORIGIN}).headers["Access-Control-Allow-Origin"]
    assert "Access-Control-Allow-Origin" not in asked.get("/search", headers={"Origin": ORIGIN}).headers


@pytest.mark.parametrize("origins", ["www.example.org", "https://www.example.org/", "https://Example.org", "null"])
def test_a_malformed_origin_is_refused_when_the_site_starts(origins: str) -> None:
    with pytest.raises(UserError, match="is no origin"):
        client(origins)
