"""The life of generations: built beside the live one, published in one step, kept, rolled back."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harbor_search import __version__
from harbor_search.errors import OperationalError
from harbor_search.store.generations import Generations, GenerationVanished, current
from harbor_search.store.generations.lock import try_shared

from .generations_made import fill, names, publish


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "index", keep=2)


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_where_nothing_was_built_the_message_names_the_command_that_builds(generations: Generations) -> None:
    for ask in (generations.live, generations.live_name, generations.pin_live):
        with pytest.raises(OperationalError, match=r"no index was built in .*index yet; `harbor-search rebuild`"):
            ask()
    assert generations.kept() == ()


def test_looking_for_an_index_makes_no_folder(generations: Generations, tmp_path: Path) -> None:
    with pytest.raises(OperationalError):
        generations.live()
    assert list(tmp_path.iterdir()) == []


def test_a_published_generation_is_live_with_its_files_and_manifest(generations: Generations, tmp_path: Path) -> None:
    before = datetime.now(UTC)
    with generations.stage() as staged:
        fill(staged.path, "harbor")
        sealed = staged.seal(articles=7, fingerprint="abc", extra={"fields": ["title", "body"]})
        assert sealed.verify() == ()
        published = staged.publish()
    live = generations.live()
    assert live == published
    assert live.name == generations.live_name() == "1"
    assert live.path == tmp_path / "index" / "generations" / "1"
    assert (tmp_path / "index" / "CURRENT").read_text() == "1\n"
    assert (live.path / "terms.bin").read_bytes() == b"harbor" * 50
    manifest = live.manifest
    assert (manifest.articles, manifest.fingerprint, manifest.extra) == (7, "abc", {"fields": ["title", "body"]})
    assert manifest.harbor_version == __version__
    assert before <= manifest.built <= datetime.now(UTC)
    assert sorted(manifest.files) == ["segment/postings.bin", "terms.bin"]
    assert manifest.bytes == 3300
    assert live.verify() == ()


def test_another_process_own_view_sees_what_was_published(generations: Generations, tmp_path: Path) -> None:
    reader = Generations(tmp_path / "index", keep=2)
    for number in ("1", "2", "3"):
        publish(generations, number)
        assert reader.live_name() == number
        assert reader.live().manifest.extra == {"word": number}


def test_a_search_may_use_the_previous_generation_for_up_to_a_millisecond(
    generations: Generations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(current, "monotonic", lambda: now)
    first = publish(generations, "first").identity
    second = publish(generations, "second").identity
    assert generations.recent_identity() == second
    (tmp_path / "index" / "CURRENT").write_text("1")  # as another process would
    assert generations.recent_identity() == second
    now += 2 * current.MAX_AGE
    assert generations.recent_identity() == first


def test_a_search_never_uses_an_older_generation_than_its_process_has_seen(
    generations: Generations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current, "monotonic", lambda: 100.0)
    reader = Generations(tmp_path / "index", keep=2)
    first = publish(generations, "first").identity
    assert reader.recent_identity() == first
    second = publish(generations, "second").identity
    assert reader.recent_identity() == second
    (tmp_path / "index" / "CURRENT").write_text("1")
    assert reader.recent_identity() == second
    assert reader.live_identity() == first
    assert reader.recent_identity() == first


def test_a_current_edited_by_hand_is_followed(generations: Generations, tmp_path: Path) -> None:
    publish(generations)
    publish(generations)
    assert generations.live_name() == "2"
    (tmp_path / "index" / "CURRENT").write_text("1")
    assert generations.live_name() == "1"
    assert generations.live().name == "1"


def test_as_many_generations_are_kept_as_the_setting_says(tmp_path: Path) -> None:
    for keep in (1, 2, 3):
        generations = Generations(tmp_path / str(keep), keep=keep)
        for _ in range(5):
            publish(generations)
        assert names(generations) == ["5", "4", "3"][:keep]
        assert len(list((tmp_path / str(keep) / "generations").iterdir())) == keep


def test_keeping_no_generation_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Generations(tmp_path, keep=0)


@pytest.mark.parametrize("fault", [RuntimeError("broken"), KeyboardInterrupt(), SystemExit(3)])
def test_leaving_a_build_early_changes_nothing(generations: Generations, tmp_path: Path, fault: BaseException) -> None:
    publish(generations, "old")
    before = files(tmp_path)
    with pytest.raises(type(fault)), generations.stage() as staged:
        fill(staged.path, "new")
        staged.seal(articles=1, fingerprint="", extra={})
        raise fault
    assert files(tmp_path) == before
    assert generations.live().manifest.extra == {"word": "old"}
    assert publish(generations).name == "2"


def test_a_build_that_is_not_published_is_thrown_away(generations: Generations, tmp_path: Path) -> None:
    with generations.stage() as staged:
        fill(staged.path, "draft")
    assert list((tmp_path / "index" / "staging").iterdir()) == []
    with pytest.raises(OperationalError, match="no index was built"):
        generations.live()


def test_publishing_before_sealing_is_a_mistake(generations: Generations) -> None:
    with pytest.raises(RuntimeError, match="seal"), generations.stage() as staged:
        staged.publish()


@pytest.mark.parametrize("change", ["grown", "added", "removed"])
def test_what_changed_after_sealing_is_not_published(generations: Generations, change: str) -> None:
    publish(generations)
    with pytest.raises(OperationalError, match="changed after it was sealed"), generations.stage() as staged:
        fill(staged.path, "word")
        staged.seal(articles=1, fingerprint="", extra={})
        if change == "grown":
            (staged.path / "terms.bin").write_bytes(b"more" * 1000)
        elif change == "added":
            (staged.path / "late.bin").write_bytes(b"")
        else:
            (staged.path / "terms.bin").unlink()
        staged.publish()
    assert generations.live_name() == "1"


def test_rolling_back_makes_the_previous_generation_live(generations: Generations) -> None:
    publish(generations, "good")
    publish(generations, "bad")
    assert generations.rollback().manifest.extra == {"word": "good"}
    assert generations.live_name() == "1"
    assert generations.live().verify() == ()
    assert names(generations) == ["2", "1"]


def test_rolling_back_without_an_older_generation_says_so(generations: Generations) -> None:
    for _ in range(2):
        with pytest.raises(OperationalError, match="no older generation to roll back to.*harbor-search rebuild"):
            generations.rollback()
        if generations.kept() == ():
            publish(generations)
    assert generations.live_name() == "1"


def test_rolling_back_twice_goes_further_back(tmp_path: Path) -> None:
    generations = Generations(tmp_path, keep=3)
    for _ in range(3):
        publish(generations)
    assert generations.rollback().name == "2"
    assert generations.rollback().name == "1"
    with pytest.raises(OperationalError, match="no older generation"):
        generations.rollback()


def test_no_rollback_returns_to_an_abandoned_generation(generations: Generations) -> None:
    publish(generations, "good")
    publish(generations, "bad")
    generations.rollback()
    with generations.pin("2"):
        assert publish(generations, "mended").name == "3"
        assert names(generations) == ["3", "2", "1"], "the abandoned one is in use and the good one worth keeping"
        assert generations.rollback().name == "1"


def test_no_rollback_returns_to_a_generation_abandoned_two_builds_ago(tmp_path: Path) -> None:
    generations = Generations(tmp_path, keep=3)
    publish(generations, "good")
    publish(generations, "bad")
    generations.rollback()
    with generations.pin("2"):
        publish(generations)
        publish(generations)
        assert names(generations) == ["4", "3", "2", "1"]
        assert [generations.rollback().name for _ in range(2)] == ["3", "1"]


def test_after_a_rollback_the_next_build_prunes_the_abandoned_one_and_keeps_the_good(generations: Generations) -> None:
    publish(generations, "good")
    publish(generations, "bad")
    generations.rollback()
    publish(generations, "mended")
    assert names(generations) == ["3", "1"]


def test_a_number_is_never_used_twice(generations: Generations) -> None:
    publish(generations)
    publish(generations)
    generations.rollback()
    with pytest.raises(RuntimeError), generations.stage():
        raise RuntimeError
    assert publish(generations).name == "3"


def test_rolling_back_passes_over_a_damaged_generation(tmp_path: Path) -> None:
    generations = Generations(tmp_path, keep=3)
    for _ in range(3):
        publish(generations)
    (tmp_path / "generations" / "2" / "terms.bin").write_bytes(b"x" * 200)
    assert generations.rollback().name == "1"


def test_rolling_back_with_only_damaged_generations_says_what_is_damaged(
    generations: Generations, tmp_path: Path
) -> None:
    publish(generations)
    publish(generations)
    (tmp_path / "index" / "generations" / "1" / "terms.bin").unlink()
    with pytest.raises(OperationalError, match=r"generation 1 is damaged \(terms.bin is missing\)"):
        generations.rollback()
    assert generations.live_name() == "2"


def test_a_pinned_generation_outlives_retention_and_goes_after_its_release(tmp_path: Path) -> None:
    generations = Generations(tmp_path, keep=1)
    publish(generations, "first")
    with generations.pin_live() as pin:
        publish(generations, "second")
        publish(generations, "third")
        assert names(generations) == ["3", "1"]
        assert pin.name == "1"
        assert (pin.path / "terms.bin").read_bytes() == b"first" * 50
        assert pin.generation.verify() == ()
    publish(generations, "fourth")
    assert names(generations) == ["4"]


def test_a_worker_forked_from_a_reader_keeps_its_generation_after_the_reader_lets_go(tmp_path: Path) -> None:
    generations = Generations(tmp_path, keep=1)
    publish(generations)
    pin = generations.pin_live()
    gate_in, gate_out = os.pipe()
    worker = os.fork()
    if not worker:
        os.read(gate_in, 1)
        os._exit(0)
    pin.release()
    publish(generations)
    assert names(generations) == ["2", "1"]
    os.write(gate_out, b"x")
    os.waitpid(worker, 0)
    publish(generations)
    assert names(generations) == ["3"]


def test_pinning_a_generation_that_is_gone_may_be_retried(tmp_path: Path) -> None:
    generations = Generations(tmp_path, keep=1)
    publish(generations)
    publish(generations)
    with pytest.raises(GenerationVanished):
        generations.pin("1")
    assert generations.pin("2").release() is None


def test_a_generation_removed_while_it_is_being_pinned_is_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generations = Generations(tmp_path, keep=1)
    publish(generations)

    def lock_too_late(descriptor: int) -> bool:
        monkeypatch.undo()
        publish(generations)
        return try_shared(descriptor)

    monkeypatch.setattr("harbor_search.store.generations.pinning.try_shared", lock_too_late)
    with generations.pin_live() as pin:
        assert pin.name == "2"
        assert pin.generation.verify() == ()


def test_a_replaced_current_with_the_same_inode_and_time_is_detected(generations: Generations, tmp_path: Path) -> None:
    publish(generations)
    current = tmp_path / "index" / "CURRENT"
    for number in range(1, 9):
        for name in (str(number), str(number + 1)):
            # Same size and time; the inode of the file before the last is free to be used again, unless held.
            new = current.with_name("CURRENT.new")
            new.write_text(f"{name}\n")
            os.utime(new, ns=(10**18, 10**18))
            os.replace(new, current)
        assert generations.live_name() == name


@pytest.mark.parametrize("name", ["", "0", "../1", "1/../1", "01", "1\n", "٣", "x", "9" * 30])
def test_only_a_number_names_a_generation(generations: Generations, name: str) -> None:
    publish(generations)
    with pytest.raises(OperationalError, match="not the number of a generation"):
        generations.pin(name)


def test_building_on_a_base_links_its_files_and_does_not_change_them(generations: Generations) -> None:
    base = publish(generations, "base")
    with generations.stage() as staged:
        staged.inherit(base)
        assert files(staged.path) == ["segment/postings.bin", "terms.bin"]
        new = staged.path / "terms.new"
        new.write_bytes(b"changed")
        os.replace(new, staged.path / "terms.bin")
        (staged.path / "added.bin").write_bytes(b"added")
        staged.seal(articles=2, fingerprint="", extra={})
        published = staged.publish()
    assert published.verify() == ()
    assert base.verify() == ()
    assert (base.path / "terms.bin").read_bytes() == b"base" * 50
    assert (published.path / "terms.bin").read_bytes() == b"changed"
    shared = [(generation.path / "segment" / "postings.bin").stat().st_ino for generation in (base, published)]
    assert shared[0] == shared[1]


def test_where_the_file_system_has_no_links_the_base_is_copied(
    generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    base = publish(generations, "base")
    monkeypatch.setattr(os, "link", refuse)
    with generations.stage() as staged:
        staged.inherit(base)
        (staged.path / "terms.bin").write_bytes(b"in place")
        staged.seal(articles=2, fingerprint="", extra={})
        published = staged.publish()
    assert published.verify() == base.verify() == ()
    assert (published.path / "terms.bin").read_bytes() == b"in place"


def test_writing_a_shared_file_in_place_is_caught_before_publishing(generations: Generations) -> None:
    base = publish(generations, "base")
    with pytest.raises(RuntimeError, match="written in place"), generations.stage() as staged:
        staged.inherit(base)
        (staged.path / "terms.bin").write_bytes(b"overwritten")
        staged.seal(articles=2, fingerprint="", extra={})
    assert generations.live_name() == "1"


def test_generations_can_be_told_apart_in_a_set(generations: Generations) -> None:
    assert len({publish(generations), publish(generations), generations.live()}) == 2


def test_a_recreated_index_folder_has_another_identity_for_the_same_number(tmp_path: Path) -> None:
    generations = Generations(tmp_path / "index", keep=2)
    publish(generations, "old")
    before = generations.live_identity()
    assert generations.live_identity() == before == generations.live().identity
    shutil.rmtree(tmp_path / "index")
    publish(generations, "new")
    assert (generations.live_name(), generations.live().name) == ("1", "1")
    assert generations.live_identity() == generations.live().identity != before
