"""The real engine: searches go on while updates come, and a killed update leaves a working index."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path

import pytest

from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.indexing import update, verify
from harbor_search.results import SearchResults, UpdateReport
from harbor_search.searching import SearchRequest, search

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="updates in a forked process")


def quiet(stage: str, done: int, total: int | None) -> None: ...


def collection(path: Path, edition: int, articles: int = 60) -> Path:
    """Each edition rewrites four of the articles, and has its number of articles more or fewer at the two ends."""
    with path.open("w") as stream:
        for number in range(edition, articles + 2 * edition):
            told = edition if number % 15 == edition else 0
            text = f"The harbour at dawn, told in edition{told}. " + f"Boat {number} leaves with the tide. " * 20
            stream.write(json.dumps({"id": f"a{number}", "title": f"Boat {number}", "text": text}) + "\n")
    return path


def updated(settings: Settings, source: Path) -> UpdateReport:
    engine = EmbeddedEngine(settings)
    try:
        return update(engine, [source], settings, quiet)
    finally:
        engine.close()


def ask(engine: EmbeddedEngine, settings: Settings, words: str) -> SearchResults:
    return search(engine, SearchRequest(q=words, per_page=100), settings)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(index=tmp_path / "index")
    updated(made, collection(tmp_path / "edition.jsonl", 0))
    return made


def test_no_search_fails_or_mixes_generations_while_updates_run(settings: Settings, tmp_path: Path) -> None:
    editions = [collection(tmp_path / f"edition{edition}.jsonl", edition) for edition in range(1, 13)]
    engine = EmbeddedEngine(settings)
    assert ask(engine, settings, "harbour").total == 60
    builder = os.fork()
    if not builder:
        code = 1
        try:
            for source in editions:
                updated(settings, source)
            code = 0
        finally:
            os._exit(code)
    seen, code = ["1"], None
    while code is None or seen[-1] != "13":
        results = ask(engine, settings, "harbour tide")
        edition = int(results.generation) - 1
        numbers = sorted(int(hit.id[1:]) for hit in results.hits)
        assert numbers == list(range(edition, 60 + 2 * edition)), "all articles of one generation, and no other"
        assert all(hit.snippets for hit in results.hits)
        if results.generation != seen[-1]:
            seen.append(results.generation)
        if code is None:
            ended, status = os.waitpid(builder, os.WNOHANG)
            code = os.waitstatus_to_exitcode(status) if ended else None
    assert code == 0
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
    chance = random.Random(20240229)
    for round_ in range(16):
        before, after = (1, 2) if round_ % 2 == 0 else (2, 1)
        updated(settings, editions[before])
        updater = os.fork()
        if not updater:
            try:
                updated(settings, editions[after])
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0, 1.2 * whole))
        os.kill(updater, signal.SIGKILL)
        os.waitpid(updater, 0)
        require_working(settings, (before, after))
    updated(settings, editions[2])
    require_working(settings, (2, 2))
    assert os.listdir(settings.index / "staging") == []
    assert len(os.listdir(settings.index / "generations")) == settings.keep_generations
