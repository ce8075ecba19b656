"""Going through all matches with cursors, while the index changes."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.http import parse_options_header

from tests.support.memory_engine import MemoryEngine

BEGIN = "/api/v1/search?q=sleep+iron&per_page=2&cursor=*"


def following(answer) -> str | None:  # type: ignore[no-untyped-def]
    link, options = parse_options_header(answer.headers.get("Link"))
    return link.strip("<>") if options.get("rel") == "next" else None


def ids(answer) -> list[str]:  # type: ignore[no-untyped-def]
    return [hit["id"] for hit in answer.get_json()["hits"]]


def test_a_rebuild_in_between_repeats_nothing_and_leaves_nothing_out(client: FlaskClient, engine: MemoryEngine) -> None:
    whole = ids(client.get("/api/v1/search?q=sleep+iron&per_page=100"))
    answer = client.get(BEGIN)
    seen = ids(answer)
    while address := following(answer):
        # Everything that was on this page leaves the index, and something new comes to its top.
        left = [each for each in engine.generations[-1] if each.id not in seen]
        engine.rebuild([*left, left[0]._replace(id=f"new-{len(seen)}", title="sleep iron " * 9)], lambda *_: None)
        answer = client.get(address)
        assert answer.status_code == 200
        seen += ids(answer)
    assert len(whole) > 4
    assert seen == whole


def test_a_cursor_that_begins_answers_as_the_first_page_does(client: FlaskClient) -> None:
    first, begun = (
        client.get("/api/v1/search?q=sleep&per_page=2").get_json(),
        client.get("/api/v1/search?q=sleep&per_page=2&cursor=*").get_json(),
    )
    assert first["hits"] == begun["hits"] and first["total"] == begun["total"]


@pytest.mark.parametrize("cursor", ["x", "%00", "e30", "W10", "WzEsMl0", "*-", "a" * 5000, "WyIiLDEsImEiXQ"])
def test_a_malformed_cursor_is_refused_with_the_cure(client: FlaskClient, cursor: str) -> None:
    answer = client.get(f"/api/v1/search?q=sleep&cursor={cursor}")
    assert answer.status_code == 400
    assert answer.get_json()["parameter"] == "cursor"
    assert "begin again with cursor=*" in answer.get_json()["detail"]


def test_a_cursor_is_valid_only_for_its_query_and_a_kept_generation(client: FlaskClient, engine: MemoryEngine) -> None:
    address = following(client.get(BEGIN))
    assert address
    other = client.get(address.replace("sleep", "iron"))
    assert "belongs to another query" in other.get_json()["detail"]
    engine.generations.clear()
    gone = client.get(address)
    assert (gone.status_code, gone.get_json()["parameter"]) == (400, "cursor")
    assert "has been replaced" in gone.get_json()["detail"]


def test_a_cursor_and_a_page_contradict_each_other(client: FlaskClient) -> None:
    assert client.get(f"{BEGIN}&page=2").get_json()["parameter"] == "cursor"
