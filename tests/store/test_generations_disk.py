"""A full or forbidding disk publishes nothing and says where and what to do; a folder others can write is refused."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from harbor_search.errors import OperationalError
from harbor_search.store.generations import Generations

from .generations_made import ended, fill, in_child, names, publish

needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounts file systems and changes users: only root may"
)


def files(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*"))


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS])
def test_a_disk_that_refuses_at_any_sync_leaves_the_old_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: int
) -> None:
    generations = Generations(tmp_path, keep=2)
    publish(generations, "old")
    before, real = files(tmp_path), os.fsync
    calls = refused_at = 0

    def refuse(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == refused_at:
            raise OSError(fault, os.strerror(fault))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", refuse)
    while True:
        calls, refused_at = 0, refused_at + 1
        try:
            publish(generations, "new")
        except OperationalError as error:
            assert f"{tmp_path}" in str(error) and os.strerror(fault) in str(error) and ";" in str(error)
            assert files(tmp_path) == before
            assert generations.live().manifest.extra == {"word": "old"}
        else:
            break
    assert refused_at > 8
    assert generations.live().manifest.extra == {"word": "new"}
    assert generations.live().verify() == ()


def test_when_the_last_sync_is_refused_the_old_generation_is_kept_and_the_doubt_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    generations = Generations(tmp_path, keep=1)
    publish(generations, "old")
    real = os.fsync

    def refuse(descriptor: int) -> None:
        if (tmp_path / "CURRENT").read_text() == "2\n":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", refuse)
    publish(generations, "new")
    assert generations.live().manifest.extra == {"word": "new"}
    assert names(generations) == ["2", "1"], "a power cut may bring the old name back, so the old files stay"
    assert "the disk did not confirm it" in caplog.text


def test_an_old_generation_that_cannot_be_removed_does_not_fail_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    generations = Generations(tmp_path, keep=1)
    publish(generations)
    real = shutil.rmtree

    def refuse(path: Path, *arguments: object) -> None:
        if Path(path).name.startswith("old-"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        real(path)

    monkeypatch.setattr(shutil, "rmtree", refuse)
    assert publish(generations).name == "2"
    assert "could not be removed" in caplog.text
    monkeypatch.setattr(shutil, "rmtree", real)
    publish(generations)
    assert names(generations) == ["3"]
    assert os.listdir(tmp_path / "staging") == []


def test_what_an_orphan_writes_while_its_folder_is_swept_does_not_fail_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generations = Generations(tmp_path, keep=1)
    publish(generations)
    (tmp_path / "staging" / "9-abc").mkdir()
    real = shutil.rmtree

    def refuse(path: Path, *arguments: object) -> None:
        if Path(path).name == "9-abc":
            raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), str(path))
        real(path)

    monkeypatch.setattr(shutil, "rmtree", refuse)
    assert publish(generations).name == "2"
    monkeypatch.setattr(shutil, "rmtree", real)
    publish(generations)
    assert os.listdir(tmp_path / "staging") == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    mounted = tmp_path / "disk"
    mounted.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k,mode=755", "tmpfs", str(mounted)], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"cannot mount a small disk: {done.stderr.strip()}")
    yield mounted
    # Lazily: a reader that is yet to be collected may hold CURRENT open.
    subprocess.run(["umount", "--lazy", str(mounted)], check=True)


@needs_root
def test_on_a_disk_that_fills_up_the_old_generation_stays(small_disk: Path) -> None:
    index = small_disk / "index"
    generations = Generations(index, keep=2)
    publish(generations, "old")
    for size in range(20_000, 400_000, 20_000):
        try:
            with generations.stage() as staged:
                for number in range(0, size, 10_000):
                    (staged.path / f"{number}.bin").write_bytes(os.urandom(10_000))
                staged.seal(articles=1, fingerprint="", extra={})
                staged.publish()
        except OperationalError as error:
            assert "No space left on device; free some space on that disk" in str(error)
            assert str(index) in str(error)
            break
    else:
        pytest.fail("the disk never filled up")
    assert generations.live().verify() == ()
    assert os.listdir(index / "staging") == []
    assert publish(generations, "small again").verify() == ()


def test_a_short_write_without_an_error_number_counts_as_a_full_disk(tmp_path: Path) -> None:
    with (
        pytest.raises(OperationalError, match="800 requested and 12 written"),
        Generations(tmp_path, keep=2).stage(),
    ):
        raise OSError("800 requested and 12 written")


@pytest.mark.parametrize("fault", [BrokenPipeError(errno.EPIPE, "Broken pipe"), FileNotFoundError(2, "No", "/source")])
def test_errors_that_do_not_come_from_the_disk_are_passed_on(tmp_path: Path, fault: OSError) -> None:
    with pytest.raises(type(fault)), Generations(tmp_path, keep=2).stage():
        raise fault


def as_somebody(action: object) -> int:
    """Run `action` as a user without rights; 0 when it went through."""

    def run() -> None:
        os.setgid(65534)
        os.setuid(65534)
        action()  # type: ignore[operator]

    return ended(in_child(run))


@pytest.fixture
def open_path(tmp_path: Path) -> Iterator[Path]:
    """A temporary folder that other users can reach."""
    opened = [folder for folder in (tmp_path, *tmp_path.parents) if not folder.stat().st_mode & 0o001]
    modes = [folder.stat().st_mode for folder in opened]
    for folder in opened:
        folder.chmod(0o755)
    yield tmp_path
    for folder, mode in zip(opened, modes, strict=True):
        folder.chmod(mode)


@needs_root
def test_a_user_without_rights_reads_but_does_not_build(open_path: Path) -> None:
    publish(Generations(open_path, keep=2))

    def try_it() -> None:
        generations = Generations(open_path, keep=2)
        assert generations.live().verify() == ()
        with generations.pin_live() as pin:
            assert pin.name == "1"
        with pytest.raises(OperationalError, match="Permission denied; give the user"):
            publish(generations)

    assert as_somebody(try_it) == 0


@needs_root
def test_an_index_of_another_user_is_refused_with_the_command_that_takes_it_over(open_path: Path) -> None:
    index = open_path / "index"
    publish(Generations(index, keep=2))
    os.chown(index, 1234, 1234)
    for ask in (Generations(index, keep=2).live, lambda: publish(Generations(index, keep=2))):
        with pytest.raises(OperationalError, match=r"belongs to another user \(uid 1234\).*chown -R 0"):
            ask()


def test_a_folder_that_others_can_write_is_refused_with_the_command_that_closes_it(tmp_path: Path) -> None:
    generations = Generations(tmp_path, keep=2)
    publish(generations)
    live = generations.live()
    for path in (tmp_path, tmp_path / "generations", live.path, live.path / "segment", live.path / "terms.bin"):
        for open_to in (0o020, 0o002):
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | open_to)
            with pytest.raises(OperationalError, match=r"can be written by other users .*chmod -R go-w"):
                generations.pin_live()
            path.chmod(mode)
    generations.pin_live().release()
    for path in (tmp_path, tmp_path / "generations", tmp_path / "staging"):
        path.chmod(0o775)
        with pytest.raises(OperationalError, match=r"can be written by other users .*chmod -R go-w"):
            publish(generations)
        path.chmod(0o755)
    assert publish(generations).name == "2"


def test_a_fresh_checkout_that_the_group_can_write_is_closed_and_used(tmp_path: Path) -> None:
    index = tmp_path / "index"
    index.mkdir()
    index.chmod(0o775)
    (index / "README.md").write_text("built indexes live here")
    assert publish(Generations(index, keep=2)).name == "1"
    assert stat.S_IMODE(index.stat().st_mode) == 0o755


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077])
def test_nothing_that_is_built_can_be_written_by_others_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        generations = Generations(tmp_path / "new" / "index", keep=2)
        with generations.stage() as staged:
            assert not stat.S_IMODE(staged.path.parent.stat().st_mode) & 0o077, "closed while it is being filled"
            fill(staged.path, "word")
            staged.seal(articles=1, fingerprint="", extra={})
            staged.publish()
        with generations.stage() as staged:
            staged.inherit(generations.live())
            staged.seal(articles=1, fingerprint="", extra={})
            staged.publish()
    finally:
        os.umask(before)
    for path in (tmp_path / "new", *(tmp_path / "new").rglob("*")):
        assert not path.stat().st_mode & 0o022, path
    if umask == 0o022:
        assert all(path.stat().st_mode & 0o044 == 0o044 for path in (tmp_path / "new").rglob("*")), "others may read"


def test_a_file_where_the_index_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file")
    generations = Generations(tmp_path / "index", keep=2)
    for ask in (generations.live, lambda: publish(generations)):
        with pytest.raises(OperationalError, match="index.*a file stands where a folder should be"):
            ask()
