"""Backups: what was live comes back as it was, or nothing changes."""

from __future__ import annotations

import io
import random
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from harbor_search.errors import HarborError, OperationalError, UserError
from harbor_search.store.generations import Generations
from harbor_search.store.generations.backup import backup, restore
from harbor_search.store.generations.backup_file import _remove_left_behind
from tests.store.generations_made import publish


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "index", keep=2)


@pytest.fixture
def saved(generations: Generations, tmp_path: Path) -> Path:
    publish(generations, "first")
    backup(generations, tmp_path / "saved.tar")
    return tmp_path / "saved.tar"


def anything(folder: Path) -> None:
    """A check that passes."""


def word(generations: Generations) -> str:
    return (generations.live().path / "terms.bin").read_bytes()[:5].decode()


def test_what_was_live_is_live_again_and_the_other_one_is_kept(generations: Generations, saved: Path) -> None:
    publish(generations, "other")
    restored = restore(generations, saved, anything)
    assert word(generations) == "first" and generations.live().name == restored.name
    assert restored.verify() == ()
    assert restored.manifest.extra == {"word": "first"}
    generations.rollback()
    assert word(generations) == "other"


def test_a_backup_makes_an_index_where_there_is_none(saved: Path, tmp_path: Path) -> None:
    elsewhere = Generations(tmp_path / "elsewhere", keep=1)
    restore(elsewhere, saved, anything)
    assert word(elsewhere) == "first"


def test_a_damaged_backup_changes_nothing_wherever_it_is_damaged(generations: Generations, saved: Path) -> None:
    publish(generations, "other")
    whole = saved.read_bytes()
    chance = random.Random(1)
    refused = 0
    for number in range(60):
        data = bytearray(whole)
        if number % 3:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        else:
            del data[chance.randrange(len(data) - 1024) :]
        saved.write_bytes(data)
        try:
            restore(generations, saved, anything)
        except HarborError:
            refused += 1
            assert word(generations) == "other"
        else:  # a bit that says nothing: a time stamp, or filling between files
            assert word(generations) == "first" and generations.live().verify() == ()
            generations.rollback()
    assert refused > 30


def with_member(saved: Path, change: Callable[[tarfile.TarFile], None]) -> None:
    with tarfile.open(saved, "a") as archive:
        change(archive)


def test_an_archive_cannot_write_outside_the_index(generations: Generations, saved: Path, tmp_path: Path) -> None:
    def hostile(archive: tarfile.TarFile) -> None:
        for name in ("../../outside", "/tmp/outside", "terms.bin"):
            member = tarfile.TarInfo(name)
            member.size = 1
            archive.addfile(member, io.BytesIO(b"x"))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)

    with_member(saved, hostile)
    with pytest.raises(UserError, match="no whole backup"):
        restore(generations, saved, anything)
    assert not (tmp_path / "outside").exists()


def test_what_cannot_be_opened_is_not_published(generations: Generations, saved: Path) -> None:
    publish(generations, "other")

    def refuse(folder: Path) -> None:
        raise OperationalError("of another format")

    with pytest.raises(OperationalError, match="of another format"):
        restore(generations, saved, refuse)
    assert word(generations) == "other"


def test_a_damaged_index_is_not_backed_up_over_a_sound_backup(generations: Generations, saved: Path) -> None:
    before = saved.read_bytes()
    (generations.live().path / "terms.bin").write_bytes(b"firsu" * 50)
    with pytest.raises(OperationalError, match="damaged and was not backed up"):
        backup(generations, saved)
    assert saved.read_bytes() == before
    assert sorted(path.name for path in saved.parent.iterdir()) == ["index", "saved.tar"]


@pytest.mark.parametrize("name", ["nowhere/saved.tar", "index"])
def test_a_target_that_cannot_be_a_file_is_the_callers_mistake(
    generations: Generations, saved: Path, tmp_path: Path, name: str
) -> None:
    with pytest.raises(UserError, match="must be a file"):
        backup(generations, tmp_path / name)


def test_a_source_that_is_no_backup_is_the_callers_mistake(generations: Generations, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    for source in (tmp_path / "text", tmp_path / "nothing"):
        with pytest.raises(UserError):
            restore(generations, source, anything)


def test_companions_come_back_and_a_damaged_one_changes_nothing(generations: Generations, tmp_path: Path) -> None:
    publish(generations, "first")
    saved = tmp_path / "saved.tar"
    backup(generations, saved, {"notes": lambda path: path.write_text("of then"), "none": anything})
    publish(generations, "other")
    found = []
    companions = {"notes": lambda path: found.append(path.read_text()), "none": lambda path: found.append("none")}
    restored = restore(generations, saved, anything, companions)
    assert (word(generations), found) == ("first", ["of then"])
    assert restored.verify() == () and "notes" not in str(restored.manifest.files)
    generations.rollback()
    saved.write_bytes(saved.read_bytes().replace(b"of then", b"of them"))
    with pytest.raises(UserError, match="notes is not as it was"):
        restore(generations, saved, anything, companions)
    assert (word(generations), found) == ("other", ["of then"])


def test_a_companion_that_cannot_be_read_leaves_the_backup_that_was_there(
    generations: Generations, saved: Path
) -> None:
    before = saved.read_bytes()

    def fail(path: Path) -> None:
        path.write_text("half")
        raise OperationalError("the disk is broken")

    with pytest.raises(OperationalError, match="the disk is broken"):
        backup(generations, saved, {"notes": fail})
    assert saved.read_bytes() == before
    assert sorted(path.name for path in saved.parent.iterdir()) == ["index", "saved.tar"]


_KILLED = """
import os, signal, sys
from pathlib import Path
from harbor_search.store.generations import Generations
from harbor_search.store.generations.backup import backup

def die(path):
    path.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)

backup(Generations(Path(sys.argv[1]), keep=2), Path(sys.argv[2]), {"notes": die})
"""


def test_a_killed_backup_leaves_the_previous_one_and_the_next_one_cleans_up(
    generations: Generations, saved: Path
) -> None:
    before = saved.read_bytes()
    process = subprocess.run([sys.executable, "-c", _KILLED, saved.parent / "index", saved], check=False)
    assert process.returncode == -signal.SIGKILL
    assert saved.read_bytes() == before
    assert len(list(saved.parent.iterdir())) == 4
    backup(generations, saved)
    assert sorted(path.name for path in saved.parent.iterdir()) == ["index", "saved.tar"]


def test_a_running_backup_is_not_cleaned_up_by_another_one(generations: Generations, saved: Path) -> None:
    def meanwhile(path: Path) -> None:
        path.write_text("whole")
        _remove_left_behind(saved)

    backup(generations, saved, {"notes": meanwhile})
    with tarfile.open(saved) as archive:
        assert "notes" in archive.getnames()
