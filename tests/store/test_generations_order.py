"""What must be on the disk before what: a power cut between any two steps finds names only for what is there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from harbor_search.store.generations import Generations

from .generations_made import publish

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="learns from /proc what is being synced")


class Steps:
    """The syncs, moves and removals of a build, in order, by path below the index folder."""

    def __init__(self, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.taken: list[tuple[str, ...]] = []
        self._index = index
        self._watch(monkeypatch)

    def _watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real_sync, real_rename, real_replace, real_remove = os.fsync, os.rename, os.replace, shutil.rmtree

        def sync(descriptor: int) -> None:
            self._take("sync", os.readlink(f"/proc/self/fd/{descriptor}"))
            real_sync(descriptor)

        def rename(source: Path, target: Path) -> None:
            self._take("move", source, target)
            real_rename(source, target)

        def replace(source: Path, target: Path) -> None:
            self._take("move", source, target)
            real_replace(source, target)

        def remove(path: Path) -> None:
            self._take("remove", path)
            real_remove(path)

        monkeypatch.setattr(os, "fsync", sync)
        monkeypatch.setattr(os, "rename", rename)
        monkeypatch.setattr(os, "replace", replace)
        monkeypatch.setattr(shutil, "rmtree", remove)

    def _take(self, what: str, *paths: object) -> None:
        below = (Path(str(path)).relative_to(self._index).as_posix() for path in paths)
        self.taken.append((what, *(self._plain(path) for path in below)))

    @staticmethod
    def _plain(path: str) -> str:
        """The path without the random token of the staging folder."""
        return "/".join(part.rpartition("-")[0] or part for part in path.split("/"))


def test_each_step_of_a_build_is_durable_before_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generations = Generations(tmp_path, keep=1)
    publish(generations)
    steps = Steps(tmp_path, monkeypatch)
    publish(generations)
    assert steps.taken == [
        ("sync", "."),
        ("sync", "staging/2"),
        ("sync", "staging"),
        ("sync", "staging/2/2/segment/postings.bin"),
        ("sync", "staging/2/2/terms.bin"),
        ("sync", "staging/2/2/manifest.json"),
        ("sync", "staging/2/2/segment"),
        ("sync", "staging/2/2"),
        ("sync", "staging/2"),
        ("move", "staging/2/2", "generations/2"),
        ("sync", "generations"),
        ("sync", "staging/2"),
        ("sync", "CURRENT.new"),
        ("move", "CURRENT.new", "CURRENT"),
        ("sync", "."),
        ("move", "generations/1", "staging/old-1"),
        ("remove", "staging/old-1"),
        ("remove", "staging/2"),
    ]


def test_a_rollback_names_the_old_generation_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generations = Generations(tmp_path, keep=2)
    publish(generations)
    publish(generations)
    steps = Steps(tmp_path, monkeypatch)
    generations.rollback()
    assert steps.taken == [("sync", "."), ("sync", "CURRENT.new"), ("move", "CURRENT.new", "CURRENT"), ("sync", ".")]
