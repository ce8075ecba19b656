"""What a client holds already is not sent again, to programs and readers alike."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient

from harbor_search.config import Settings
from harbor_search.web import create_app
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine

ADDRESSES = [
    "/",
    "/search?q=sleep",
    "/articles/food/iron?q=iron",
    "/api/v1/search?q=sleep",
    "/api/v1/articles/food/iron",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_that_is_held_is_not_sent_again(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "public, no-cache"
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == answer.headers["ETag"]


@pytest.mark.parametrize("change", ["{}", '"other", {}'])
@pytest.mark.parametrize("added", ["", "-gzip", "-br", "--gzip", ";gzip"])
def test_an_etag_is_recognised_after_a_proxy_has_weakened_it(client: FlaskClient, change: str, added: str) -> None:
    tag = client.get("/search?q=sleep").headers["ETag"]
    seen = change.format(tag[:-1] + added + '"')
    for each in (seen, seen.replace("W/", "")):
        assert client.get("/search?q=sleep", headers={"If-None-Match": each}).status_code == 304


@pytest.mark.parametrize("given", ['"nonsense"', 'W/""', "nonsense", '"', "-gzip"])
def test_other_tags_get_the_answer(client: FlaskClient, given: str) -> None:
    assert client.get("/search?q=sleep", headers={"If-None-Match": given}).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_new_generation_is_sent(client: FlaskClient, engine: MemoryEngine, address: str) -> None:
    tag = client.get(address).headers["ETag"]
    engine.rebuild(engine.generations[-1], lambda *_: None)
    answer = client.get(address, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag


@pytest.mark.parametrize(("freshness", "status"), [(0.0, 304), (0.2, 200)])
@pytest.mark.parametrize("address", ["/search?q=sleep", "/api/v1/search?q=sleep"])
def test_where_newer_articles_count_more_an_answer_is_that_of_a_day(
    address: str, freshness: float, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Tomorrow(date):
        @classmethod
        def today(cls) -> Tomorrow:
            return cls.fromordinal(date.today().toordinal() + 1)

    client = create_app(Settings(freshness=freshness), MemoryEngine(collection())).test_client()
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    monkeypatch.setattr("harbor_search.web.caching.date", Tomorrow)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == status


@pytest.mark.parametrize("address", ["/search", "/api/v1/search", "/healthz", "/opensearch.xml"])
def test_a_slash_at_the_end_makes_no_difference(client: FlaskClient, address: str) -> None:
    plain, slashed = client.get(f"{address}?q=sleep"), client.get(f"{address}/?q=sleep")
    assert (plain.status_code, slashed.status_code) == (200, 200)
    assert plain.headers.get("ETag") == slashed.headers.get("ETag")


@pytest.mark.parametrize("address", ["/", "/search", "/api/v1/search", "/healthz", "/api/v1/articles/food/iron"])
def test_head_and_options_say_what_get_would(client: FlaskClient, address: str) -> None:
    get, head, options = client.get(address), client.head(address), client.options(address)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers.get("ETag") == get.headers.get("ETag")
    written = {"PUT", "DELETE"} if address.startswith("/api/v1/articles/") else set()
    assert set(options.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", *written}
    assert client.delete(address).status_code == (401 if written else 405)
