"""Writing some articles changes those and leaves the others; the index knows how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import Criteria, open_engine
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.errors import OperationalError
from harbor_search.query import Everything, Term
from harbor_search.store.merging.policy import MAX_SEGMENTS


def quiet(stage: str, done: int, total: int | None) -> None: ...


def article(name: str, text: str) -> Article:
    return Article(name, f"About {name}", (Section("", "", text),), lead=text)


SOURCES = [article(name, f"Words of {name}.") for name in ("ant", "bee", "cat", "dog")]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    made = open_engine(Settings(index=tmp_path / "index"))
    assert isinstance(made, EmbeddedEngine)
    made.rebuild(SOURCES, quiet, marking=lambda: "j:1")
    yield made
    made.close()


def ids(engine: EmbeddedEngine, word: str = "") -> list[str]:
    query = Term(word, "body") if word else Everything()
    return sorted(hit.id for hit in engine.search(query, Criteria(limit=1000)).hits)


def test_only_what_is_written_changes(engine: EmbeddedEngine) -> None:
    done = engine.write([article("bee", "Honey."), article("elk", "Honey too.")], {"dog", "unknown"}, "j:9", quiet)
    assert (done.added, done.changed, done.removed) == (1, 1, 1)
    assert ids(engine) == ["ant", "bee", "cat", "elk"]
    assert ids(engine, "honey") == ["bee", "elk"]
    assert engine.verify() == ()
    assert engine.mark() == "j:9"


def test_what_is_written_as_it_was_publishes_nothing(engine: EmbeddedEngine) -> None:
    before = engine.generation()
    assert not engine.write(SOURCES[:2], {"unknown"}, "j:9", quiet).published
    assert (engine.generation(), engine.mark()) == (before, "j:1")


def test_many_small_writes_leave_few_segments(engine: EmbeddedEngine) -> None:
    for number in range(25):
        engine.write([article(f"new {number}", f"Number {number}.")], set(), "j:9", quiet)
    assert engine.stats().details["segments"] <= MAX_SEGMENTS
    assert len(ids(engine)) == 29
    assert engine.verify() == ()


def test_a_rollback_returns_to_before_the_last_rebuild_and_not_to_before_the_last_write(engine: EmbeddedEngine) -> None:
    """Writes are made again on what is rolled back to, by its mark; with the last one undone, nothing would be won."""
    engine.rebuild(SOURCES[:2], quiet, marking=lambda: "j:2")
    for number in range(3):
        engine.write([article(f"new {number}", "New.")], set(), f"j:{number + 3}", quiet)
    engine.rollback()
    assert (ids(engine), engine.mark()) == (["ant", "bee", "cat", "dog"], "j:1")


def test_an_engine_without_an_index_has_no_mark_and_takes_no_writes(tmp_path: Path) -> None:
    engine = open_engine(Settings(index=tmp_path / "index"))
    assert engine.mark() is None
    with pytest.raises(OperationalError, match="harbor-search rebuild"):
        engine.write(SOURCES, set(), "j:1", quiet)
