"""Damage is named with its cure, and never becomes a path or a crash."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from harbor_search.errors import OperationalError
from harbor_search.store.generations import Generation, Generations

from .generations_made import publish


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    made = Generations(tmp_path, keep=2)
    publish(made, "first")
    publish(made, "second")
    return made


@pytest.mark.parametrize("content", [b"", b"\n", b"garbage", b"../1", b"2/../1", b"1\n2\n", b"\xff\xfe", b"0" * 5000])
def test_a_damaged_current_is_named_and_rollback_mends_it(
    generations: Generations, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "CURRENT").write_bytes(content)
    for ask in (generations.live, generations.live_name, generations.pin_live):
        with pytest.raises(OperationalError, match="CURRENT is damaged.*harbor-search rollback.*harbor-search rebuild"):
            ask()
    assert generations.rollback().name == "2"
    assert generations.live().manifest.extra == {"word": "second"}


@pytest.mark.parametrize("content", [None, b"", b"garbage"])
def test_a_rebuild_mends_a_lost_current(generations: Generations, tmp_path: Path, content: bytes | None) -> None:
    if content is None:
        (tmp_path / "CURRENT").unlink()
        with pytest.raises(OperationalError, match="CURRENT is missing; `harbor-search rollback`"):
            generations.live()
    else:
        (tmp_path / "CURRENT").write_bytes(content)
    assert publish(generations).name == "3"
    assert generations.rollback().name == "2", "what was built before the loss is kept"


def test_a_live_generation_that_is_missing_is_named_and_rollback_mends_it(
    generations: Generations, tmp_path: Path
) -> None:
    (tmp_path / "generations" / "2").rename(tmp_path / "elsewhere")
    for ask in (generations.live, generations.pin_live):
        with pytest.raises(OperationalError, match=r"generations/2/manifest.json is missing; `harbor-search rollback`"):
            ask()
    assert generations.rollback().name == "1"


def test_a_rebuild_replaces_a_live_generation_that_is_missing(generations: Generations, tmp_path: Path) -> None:
    (tmp_path / "generations" / "2").rename(tmp_path / "elsewhere")
    assert publish(generations).name == "3"
    assert [each.name for each in generations.kept()] == ["3", "1"]


def alter(change: Callable[[dict[str, object]], object]) -> Callable[[Path], object]:
    def apply(manifest: Path) -> None:
        values = json.loads(manifest.read_text())
        change(values)
        manifest.write_text(json.dumps(values))

    return apply


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.unlink(), "manifest.json is missing"),
        (lambda path: path.write_bytes(b""), "manifest.json is damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:200]), "manifest.json is damaged"),
        (lambda path: path.write_bytes(b"\xff\x00\xfe"), "manifest.json is damaged"),
        (lambda path: path.write_text("[]"), "manifest.json is damaged"),
        (lambda path: path.write_text("{}"), "manifest.json is damaged"),
        (lambda path: path.write_text("[" * 100_000), "manifest.json is damaged"),
        (alter(lambda values: values.update(articles=2)), "manifest.json is damaged"),
        (alter(lambda values: values.update(format=99)), "format 99 by another version of harbor_search"),
    ],
)
def test_a_manifest_that_cannot_be_trusted_is_refused(
    generations: Generations, tmp_path: Path, damage: Callable[[Path], object], message: str
) -> None:
    live = generations.live()
    damage(tmp_path / "generations" / "2" / "manifest.json")
    with pytest.raises(OperationalError, match=message + ".*harbor-search rebuild"):
        generations.live()
    assert message in "; ".join(live.verify())
    assert [each.name for each in generations.kept()] == ["1"]
    assert publish(generations).name == "3"
    assert [each.name for each in generations.kept()] == ["3", "1"]
    assert sorted(os.listdir(tmp_path / "generations")) == ["1", "3"], "the damaged one is removed"


def test_a_copied_generation_is_not_taken_for_another(generations: Generations, tmp_path: Path) -> None:
    (tmp_path / "generations" / "1").rename(tmp_path / "generations" / "7")
    (tmp_path / "CURRENT").write_text("7\n")
    with pytest.raises(OperationalError, match="not generation 7 but a copy of 1"):
        generations.live()


def faults_after(generation: Generation, damage: Callable[[Path], object]) -> tuple[str, ...]:
    damage(generation.path)
    return generation.verify()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda path: (path / "terms.bin").unlink(), "terms.bin is missing"),
        (lambda path: (path / "stray").touch(), "stray is not part of the generation"),
        (lambda path: (path / "terms.bin").write_bytes(b"s"), "terms.bin is truncated: 1 of 300 bytes"),
        (lambda path: (path / "terms.bin").write_bytes(b"s" * 400), "terms.bin is altered: 400 bytes instead of 300"),
        (
            lambda path: (path / "segment" / "postings.bin").write_bytes(b"s" * 3000),
            "segment/postings.bin is altered: its checksum differs",
        ),
    ],
)
def test_verifying_names_each_fault(generations: Generations, damage: Callable[[Path], object], sentence: str) -> None:
    assert faults_after(generations.live(), damage) == (sentence,)


def test_verifying_one_file_leaves_the_others_unread(generations: Generations) -> None:
    live = generations.live()
    (live.path / "terms.bin").write_bytes(b"x" * 300)
    assert live.verify(only=["segment/postings.bin"]) == ()
    assert live.verify(only=["terms.bin"]) == ("terms.bin is altered: its checksum differs",)
    assert live.verify(only=["other"]) == ("other is missing",)


def test_files_of_someone_else_among_the_generations_are_left_alone(generations: Generations, tmp_path: Path) -> None:
    (tmp_path / "generations" / "notes").mkdir()
    (tmp_path / "README.md").write_text("mine")
    publish(generations)
    assert (tmp_path / "generations" / "notes").is_dir()
    assert (tmp_path / "README.md").read_text() == "mine"


def test_missing_extra_truncated_and_small_changed_files_are_detected_before_use(generations: Generations) -> None:
    live = generations.live()
    live.require_sound()
    terms = live.path / "terms.bin"
    content = terms.read_bytes()
    for damaged in (content[:-1], content + b"x", bytes([content[0] ^ 1]) + content[1:]):
        terms.write_bytes(damaged)
        with pytest.raises(OperationalError, match=r"generation 2 is damaged: terms\.bin is .*harbor-search rollback"):
            live.require_sound()
    terms.unlink()
    with pytest.raises(OperationalError, match=r"terms\.bin is missing; `harbor-search rollback`"):
        live.require_sound()
    terms.write_bytes(content)
    live.require_sound()
