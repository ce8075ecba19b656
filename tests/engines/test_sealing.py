"""A new generation is sealed while it is checked: where either fails, nothing is published and nothing is left."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine, writer
from harbor_search.errors import OperationalError
from harbor_search.store.generations import manifest, staged_generation

ARTICLES = [Article(id=str(number), title=f"tea number {number}") for number in range(20)]


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    """An engine with a generation of all articles."""
    engine = EmbeddedEngine(Settings(index=tmp_path / "index"))
    engine.rebuild(ARTICLES, lambda *_: None)
    return engine


def assert_nothing_changed(engine: EmbeddedEngine, folder: Path, failing: Callable[[], object]) -> None:
    before = engine.generation()
    failing()
    assert engine.generation() == before
    assert not list((folder / "index" / "staging").iterdir())


def test_a_failed_check_ends_the_seal(engine: EmbeddedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, said = threading.Event(), []

    def check(*_: object, **__: object) -> None:
        assert begun.wait(10)
        raise OperationalError("it is not as it was written")

    def endless(path: Path, abandoned: Callable[[], bool]) -> str:
        begun.set()
        for _ in range(10_000):
            if abandoned():
                break
            threading.Event().wait(0.001)
        said.append(path.name)
        return manifest.checksum(path, abandoned)

    monkeypatch.setattr(writer, "check_index", check)
    monkeypatch.setattr(staged_generation, "checksum", endless)

    def rebuild() -> None:
        with pytest.raises(OperationalError, match="it is not as it was written"):
            engine.rebuild(ARTICLES[:5], lambda *_: None)

    assert_nothing_changed(engine, tmp_path, rebuild)
    assert len(said) == 1  # the first file's checksum was given up, and no other was begun


def test_a_disk_that_is_full_while_the_index_is_checked_is_named(
    engine: EmbeddedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(staged_generation, "sync_file", full)

    def rebuild() -> None:
        with pytest.raises(OperationalError, match="No space left on device; free some space"):
            engine.rebuild(ARTICLES[:5], lambda *_: None)

    assert_nothing_changed(engine, tmp_path, rebuild)
