"""The real engine: searches go on while updates come, and a killed update leaves a working index."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path

import pytest

from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.indexing import update, verify
from harbor_search.reports import UpdateReport
from tests.indexing.live_index import answers_while, ask, killed_at_any_moment, quiet, write_boats
from tests.support.generations import number_of

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="updates in a forked process")


def collection(path: Path, edition: int, articles: int = 60) -> Path:
    """Each edition rewrites four of the articles, and has its number of articles more or fewer at the two ends."""
    numbers = range(edition, articles + 2 * edition)
    return write_boats(path, {number: edition if number % 15 == edition else 0 for number in numbers})


def updated(settings: Settings, source: Path) -> UpdateReport:
    engine = EmbeddedEngine(settings)
    try:
        return update(engine, [source], settings, quiet)
    finally:
        engine.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(index=tmp_path / "index")
    updated(made, collection(tmp_path / "edition.jsonl", 0))
    return made


def test_no_search_fails_or_mixes_generations_while_updates_run(settings: Settings, tmp_path: Path) -> None:
    editions = [collection(tmp_path / f"edition{edition}.jsonl", edition) for edition in range(1, 13)]
    engine = EmbeddedEngine(settings)
    assert ask(engine, settings, "harbour").total == 60
    for results in answers_while(lambda: [updated(settings, each) for each in editions], engine, settings, last="13"):
        edition = int(number_of(results.generation)) - 1
        numbers = sorted(int(hit.id[1:]) for hit in results.hits)
        assert numbers == list(range(edition, 60 + 2 * edition)), "all articles of one generation, and no other"
    assert verify(engine) == ()
    engine.close()


def require_working(settings: Settings, editions: tuple[int, int]) -> None:
    engine = EmbeddedEngine(settings)
    assert verify(engine) == ()
    edition = ask(engine, settings, "harbour").total - 60
    assert edition in editions
    told = {hit.id for hit in ask(engine, settings, f"edition{edition}").hits}
    whole = range(edition, 60 + 2 * edition)
    assert told == {f"a{n}" for n in whole if n % 15 == edition or edition == 0}
    engine.close()


def test_an_update_killed_at_any_moment_leaves_the_old_or_the_new_index(settings: Settings, tmp_path: Path) -> None:
    editions = [collection(tmp_path / f"edition{edition}.jsonl", edition) for edition in range(3)]
    started = time.monotonic()
    updated(settings, editions[1])
    whole = time.monotonic() - started
    updated(settings, editions[1])
    sources = [editions[2], editions[1]] * 8
    for source in killed_at_any_moment(partial(updated, settings), sources, whole):
        require_working(settings, (1, 2))
        updated(settings, source)
    updated(settings, editions[2])
    require_working(settings, (2, 2))
    assert os.listdir(settings.index / "staging") == []
    assert len(os.listdir(settings.index / "generations")) == settings.keep_generations
