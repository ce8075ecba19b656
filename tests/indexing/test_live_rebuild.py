"""The real engine: searches go on while rebuilds come, and a killed rebuild leaves a working index."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.errors import OperationalError
from harbor_search.indexing import rebuild, rollback, verify
from harbor_search.reports import IndexReport
from tests.indexing.live_index import answers_while, ask, killed_at_any_moment, quiet, write_boats
from tests.support.generations import number_of


def collection(folder: Path, edition: int, articles: int = 60) -> Path:
    """Articles of an edition, one more of them in each."""
    folder.mkdir(exist_ok=True)
    return write_boats(folder / f"edition{edition}.jsonl", dict.fromkeys(range(articles + edition), edition))


def built(settings: Settings, source: Path) -> IndexReport:
    engine = EmbeddedEngine(settings)
    try:
        return rebuild(engine, [source], settings, quiet)
    finally:
        engine.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(index=tmp_path / "index")
    built(made, collection(tmp_path / "sources", 1))
    return made


def test_a_rebuild_is_searched_without_opening_the_engine_anew(settings: Settings, tmp_path: Path) -> None:
    engine = EmbeddedEngine(settings)
    assert ask(engine, settings, "edition1").total == 61
    built(settings, collection(tmp_path / "sources", 2))
    assert ask(engine, settings, "edition1").total == 0
    assert ask(engine, settings, "edition2").total == 62
    assert number_of(rollback(engine).name) == "1"
    assert ask(engine, settings, "edition1").total == 61
    assert verify(engine) == ()
    engine.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="rebuilds in a forked process")
def test_no_search_fails_or_mixes_generations_while_rebuilds_run(settings: Settings, tmp_path: Path) -> None:
    editions = [collection(tmp_path / "sources", edition) for edition in range(2, 7)]
    engine = EmbeddedEngine(settings)
    assert ask(engine, settings, "harbour").total == 61
    seen = ["1"]
    for results in answers_while(lambda: [built(settings, each) for each in editions], engine, settings, last="6"):
        assert results.total == 60 + int(number_of(results.generation)), "all articles of one generation, and no other"
        assert len(results.hits) == results.total
        if number_of(results.generation) != seen[-1]:
            seen.append(number_of(results.generation))
    assert seen == sorted(seen), "no search goes back to an older generation"
    engine.close()
    built(settings, editions[0])
    assert len(os.listdir(settings.index / "generations")) == settings.keep_generations


def test_a_rebuild_with_too_many_refused_articles_leaves_the_live_index_as_it_was(
    settings: Settings, tmp_path: Path
) -> None:
    source = collection(tmp_path / "sources", 2)
    with source.open("a") as stream:
        stream.write("{broken\n" * 40)
    with pytest.raises(OperationalError, match="nothing was published"):
        built(settings, source)
    engine = EmbeddedEngine(settings)
    assert ask(engine, settings, "edition1").total == 61
    assert os.listdir(settings.index / "generations") == ["1"]
    assert os.listdir(settings.index / "staging") == []


def require_working(settings: Settings, editions: set[str]) -> None:
    engine = EmbeddedEngine(settings)
    assert verify(engine) == ()
    results = ask(engine, settings, "harbour")
    assert results.total in (61, 62)
    edition = f"edition{results.total - 60}"
    assert edition in editions
    assert ask(engine, settings, edition).total == results.total
    engine.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")
def test_a_rebuild_killed_at_any_moment_leaves_a_working_index(settings: Settings, tmp_path: Path) -> None:
    source = collection(tmp_path / "sources", 2)
    started = time.monotonic()
    built(settings, source)
    whole = time.monotonic() - started
    for _ in killed_at_any_moment(partial(built, settings), [source] * 12, whole):
        require_working(settings, {"edition1", "edition2"})
    assert built(settings, source).indexed == 62
    require_working(settings, {"edition2"})
    assert os.listdir(settings.index / "staging") == []
    assert len(os.listdir(settings.index / "generations")) == settings.keep_generations


def test_a_killed_command_leaves_the_live_index_and_lets_the_next_one_through(
    settings: Settings, tmp_path: Path
) -> None:
    long = tmp_path / "long.jsonl"
    record = {"title": "Long", "text": "word " * 200}
    long.write_text("".join(json.dumps({"id": str(number), **record}) + "\n" for number in range(20_000)))
    command = [sys.executable, "-m", "harbor_search", "--index", str(settings.index), "rebuild"]
    rebuilding = subprocess.Popen([*command, str(long)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        staging = settings.index / "staging"
        deadline = time.monotonic() + 300
        while not (staging.is_dir() and any(staging.iterdir())):
            assert rebuilding.poll() is None and time.monotonic() < deadline, "the command began to build"
            time.sleep(0.01)
        with pytest.raises(OperationalError, match=rf"is running \(process {rebuilding.pid}"):
            built(settings, collection(tmp_path / "sources", 2))
    finally:
        rebuilding.kill()
        rebuilding.wait()
    require_working(settings, {"edition1"})
    source = collection(tmp_path / "sources", 2)
    done = subprocess.run([*command, "--json", str(source)], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["indexed"] == 62
    assert os.listdir(settings.index / "staging") == []
    require_working(settings, {"edition2"})
