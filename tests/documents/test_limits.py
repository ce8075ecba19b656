"""The page of limits has all of them, with their numbers, and says what happens."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from harbor_search.config import Settings
from harbor_search.query.lexer import MAX_DISTANCE, MAX_SLOP
from harbor_search.searching import suggest
from harbor_search.serving import write_lane
from harbor_search.serving.connection import ConnectionLimits
from harbor_search.serving.slow_lane import MAX_WAITING
from harbor_search.serving.supervisor import DRAIN_TIMEOUT, MAX_CONNECTIONS
from harbor_search.web import client_limits, create_app
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine

PAGE = (Path(__file__).parents[2] / "docs" / "limits.md").read_text(encoding="utf-8")
ROWS = {
    re.sub(r"^`(\w+)`$", r"\1", name): (number, then)
    for name, number, then in re.findall(r"^\| ([^|]+) \| (\d[^|]*) \| ([^|]+) \|$", PAGE, re.MULTILINE)
}

SETTINGS = {
    each.name
    for each in dataclasses.fields(Settings)
    if each.name.startswith(("max_", "min_"))
    or each.name
    in {
        "cache_mb",
        "client_requests",
        "slow_lane_cost",
        "keep_generations",
        "memory_mb",
        "per_page",
        "prefix_minimum",
        "snippet_length",
        "snippets_per_hit",
    }
}

LIMITS = ConnectionLimits()

FIXED = {
    'words between those of `"..."~N`': MAX_SLOP,
    "letters that differ in `word~N`": MAX_DISTANCE,
    "expensive searches that wait": MAX_WAITING,
    "text that gets suggestions": suggest.__globals__["_LONGEST"],
    "suggestions": suggest.__globals__["MOST_SUGGESTIONS"],
    "writes that wait for the disk": write_lane.MAX_WAITING,
    "request line and headers": LIMITS.head_bytes,
    "headers of a request": LIMITS.headers,
    "body of a request": LIMITS.body_bytes,
    "time for a request to arrive": LIMITS.request_seconds,
    "time between requests": LIMITS.idle_seconds,
    "time to take an answer": LIMITS.write_seconds,
    "connections": MAX_CONNECTIONS,
    "time for a last request when the server stops": LIMITS.last_seconds,
    "time to finish when the server stops": DRAIN_TIMEOUT,
}


def test_the_page_has_every_setting_that_bounds_something_and_nothing_else() -> None:
    assert set(ROWS) == SETTINGS | set(FIXED)


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_setting_on_the_page_has_its_default(name: str) -> None:
    value = getattr(Settings(), name)
    assert re.split(r" ", ROWS[name][0])[0] == (f"{value:,}" if isinstance(value, int) else str(value))


@pytest.mark.parametrize("name", FIXED)
def test_a_bound_that_is_no_setting_has_its_number(name: str) -> None:
    assert ROWS[name][0].split(" ")[0] == f"{FIXED[name]:,}"


def test_the_most_that_an_expensive_search_counts_for_is_what_the_page_says() -> None:
    assert f"at most {client_limits.MAX_COST})" in ROWS["slow_lane_cost"][1]


@pytest.mark.parametrize(
    ("name", "settings", "parameters"),
    [
        ("max_query_length", {"max_query_length": 20}, "q=" + "a" * 21),
        ("max_query_nesting", {"max_query_nesting": 1}, "q=((sleep+OR+iron))"),
        ("max_query_terms", {"max_query_terms": 2}, "q=sleep+OR+iron+OR+tea"),
        ("max_per_page", {}, "per_page=101"),
        ("max_results", {}, "page=1001"),
        ("client_requests", {"client_requests": 1}, "q=sleep"),
    ],
)
def test_what_is_beyond_a_limit_gets_the_status_of_the_page(
    name: str, settings: dict[str, Any], parameters: str
) -> None:
    client = create_app(Settings(**settings), MemoryEngine(collection())).test_client()
    address = f"/api/v1/search?{parameters}"
    client.get(address)  # kernels may be compiled now, for so long that a client may ask again
    statuses = {client.get(address, environ_base={"REMOTE_ADDR": "203.0.113.5"}).status_code for _ in range(2)}
    assert int(ROWS[name][1][:3]) in statuses


@pytest.mark.parametrize(("query", "same"), [("s*", "s"), ('"sleep well"~90', '"sleep well"~50'), ("slep~9", "slep~2")])
def test_what_is_beyond_a_bound_of_syntax_is_read_as_the_page_says(query: str, same: str) -> None:
    client = create_app(Settings(), MemoryEngine(collection())).test_client()
    found = [client.get("/api/v1/search", query_string={"q": each}).get_json() for each in (query, same)]
    assert [hit["id"] for hit in found[0]["hits"]] == [hit["id"] for hit in found[1]["hits"]]
