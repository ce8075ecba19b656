"""What a cluster without room, or without some part of an index, says and does; and when that is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from flask.testing import FlaskClient

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import Criteria, open_engine
from harbor_search.engines.opensearch import OpenSearchEngine, building
from harbor_search.errors import OperationalError
from harbor_search.query import Everything
from harbor_search.web import create_app

FULL = {"index": {"blocks": {"read_only_allow_delete": True}}}
"""What a cluster sets for the indices of a node whose disk is nearly full (flood stage), and takes back itself."""

ROOM = {"index": {"blocks": {"read_only_allow_delete": None}}}

CURE = "the cluster takes nothing more .*; the disk of a node is nearly full: give it room"


def article(number: int) -> Article:
    return Article(f"a{number}", f"Article {number}", (Section("", "", "Of iron."),))


@pytest.fixture(name="engine")
def _engine(
    opensearch_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenSearchEngine]:
    monkeypatch.setattr(building, "_WAITS", (0, 0))
    with closing(open_engine(opensearch_settings())) as engine:
        assert isinstance(engine, OpenSearchEngine)
        engine.rebuild([article(1)], lambda *_: None)
        yield engine


def set_all(engine: OpenSearchEngine, settings: dict[str, object]) -> None:
    engine._cluster.client.indices.put_settings(index=f"{engine._settings.opensearch_prefix}-*", body=settings)


def found(engine: OpenSearchEngine) -> set[str]:
    engine._searchers.forget()
    return {hit.id for hit in engine.search(Everything(), Criteria()).hits}


def indices(engine: OpenSearchEngine) -> set[str]:
    return set(engine._cluster.client.indices.get(index=f"{engine._settings.opensearch_prefix}-0*"))


def test_a_full_disk_lets_readers_go_on_and_writers_say_what_is_needed(engine: OpenSearchEngine) -> None:
    set_all(engine, FULL)
    before = indices(engine)
    two = [article(1), article(2)]
    for change in (
        lambda: engine.rebuild(two, lambda *_: None),
        lambda: engine.update(two, lambda: None, lambda *_: None),
        lambda: engine.write([article(2)], frozenset(), "mark", lambda *_: None),
        engine.rollback,
    ):
        with pytest.raises(OperationalError, match=CURE):
            change()
        assert (found(engine), indices(engine), engine.verify()) == ({"a1"}, before, ())
    set_all(engine, ROOM)
    assert engine.update(two, lambda: None, lambda *_: None).added == 1
    assert found(engine) == {"a1", "a2"}


@pytest.mark.parametrize("how", ["rebuild", "update"])
def test_a_disk_that_fills_while_articles_are_sent_ends_the_writer_and_leaves_nothing(
    engine: OpenSearchEngine, how: str
) -> None:
    two, live, before = [article(1), article(2)], engine.generation(), indices(engine)
    full = False

    def watched(actions: Iterator[dict[str, object]]) -> Iterator[dict[str, object]]:
        """The disk is full when the new index is there, and before articles are sent to it."""
        nonlocal full
        for action in actions:
            if not full:
                full = True
                set_all(engine, FULL)
            yield action

    chunks = building._chunks
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "_chunks", lambda actions: chunks(watched(iter(actions))))
        with pytest.raises(OperationalError, match=r"blocked by.*the disk of a node is nearly full: give it room"):
            if how == "rebuild":
                engine.rebuild(two, lambda *_: None)
            else:
                engine.update(two, lambda: None, lambda *_: None)
    assert full
    assert (found(engine), engine.generation(), indices(engine)) == ({"a1"}, live, before)
    set_all(engine, ROOM)
    lease = {"index": f"{engine._settings.opensearch_prefix}-writer", "id": "lease"}
    engine._cluster.client.delete(**lease, ignore=404)  # it could not be given back; it would expire
    engine.update(two, lambda: None, lambda *_: None)
    assert found(engine) == {"a1", "a2"}


def test_readiness_is_red_with_the_reason_while_a_part_is_lost_and_green_when_it_is_back(
    engine: OpenSearchEngine,
) -> None:
    client, live = engine._cluster.client, engine._generations.live().index
    site = create_app(engine._settings, engine).test_client()
    until(site, 200)
    nowhere = "index.routing.allocation.require._name"
    client.indices.close(index=live)
    client.indices.put_settings(index=live, body={nowhere: "none"})
    client.indices.open(index=live, params={"wait_for_active_shards": "0"})
    assert f"the index {live} on the cluster" in until(site, 503)
    assert "is red: 1 of its parts are on no node" in until(site, 503)
    client.indices.put_settings(index=live, body={nowhere: None})
    until(site, 200)
    assert found(engine) == {"a1"}


def until(site: FlaskClient, status: int) -> str:
    """What `/readyz` says once it has this status."""
    deadline = time.monotonic() + 120
    while (answer := site.get("/readyz")).status_code != status:
        assert time.monotonic() < deadline, answer.get_data(as_text=True)
        time.sleep(0.05)
    return answer.get_data(as_text=True)
