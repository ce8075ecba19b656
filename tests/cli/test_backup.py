"""`harbor-search backup` and `restore`: what was live comes back, and what goes wrong changes nothing."""

from __future__ import annotations

import json
import re
import resource
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harbor_search.cli.program import program
from harbor_search.journal import JOURNAL, Change, Journal
from harbor_search.store.generations import Generations
from tests.cli.conftest import run_program, write_articles


def call(index: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(program, ["--index", str(index), *map(str, arguments)])


def found(index: Path, query: str) -> int:
    return int(json.loads(call(index, "search", "--json", query).stdout)["total"])


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of two articles, of which `saved.tar` is a backup, below one of a single other article."""
    index = tmp_path / "index"
    assert call(index, "rebuild", write_articles(tmp_path / "before", ("naps", "iron"))).exit_code == 0
    assert call(index, "backup", tmp_path / "saved.tar").exit_code == 0
    assert call(index, "rebuild", write_articles(tmp_path / "after", ("backs",))).exit_code == 0
    return index


def test_what_was_saved_is_live_again_and_a_rollback_returns_to_what_was_live(index: Path, tmp_path: Path) -> None:
    result = call(index, "restore", tmp_path / "saved.tar")
    assert re.match(r"Generation 3-[0-9a-f]{12} is live, from \S+saved\.tar: 2 articles, ", result.stdout)
    assert (found(index, "lentils"), found(index, "pillow")) == (1, 0)
    assert call(index, "rollback").exit_code == 0
    assert (found(index, "lentils"), found(index, "pillow")) == (0, 1)


def test_both_say_for_programs_which_generation_it_is(index: Path, tmp_path: Path) -> None:
    for command in ("backup", "restore"):
        document = json.loads(call(index, command, "--json", tmp_path / "saved.tar").stdout)
        assert list(document) == ["generation", "articles", "bytes", "built"]
        assert document["articles"] == 1


def test_a_damaged_backup_is_the_callers_mistake_and_changes_nothing(index: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.tar"
    with tarfile.open(saved) as tar:
        longest = max(tar, key=lambda member: member.size)
    content = bytearray(saved.read_bytes())
    content[longest.offset_data + longest.size // 2] ^= 255  # what pads a tar is nobody's content
    saved.write_bytes(content)
    result = call(index, "restore", saved)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "saved.tar" in result.stderr
    assert found(index, "pillow") == 1


def test_without_an_index_there_is_nothing_to_back_up_and_the_cure_is_named(tmp_path: Path) -> None:
    result = call(tmp_path / "none", "backup", tmp_path / "saved.tar")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "harbor-search rebuild" in result.stderr
    assert not (tmp_path / "saved.tar").exists()


def small_files() -> None:
    """As on a disk that is full: no file may have more than four kilobytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_disk_that_takes_no_more_leaves_the_index_and_the_backup_as_they_were(
    command: str, index: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.tar"
    before = saved.read_bytes()
    result = run_program("--index", index, command, saved, preexec_fn=small_files)
    assert (result.returncode, result.stdout) == (1, "")
    assert "Traceback" not in result.stderr and len(result.stderr.strip().splitlines()) == 1
    assert saved.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []
    assert found(index, "pillow") == 1
    assert call(index, "restore", saved).exit_code == 0


def test_an_index_of_an_older_format_is_refused_with_the_command_that_mends_it(index: Path, tmp_path: Path) -> None:
    generations = Generations(index, keep=2)
    with generations.stage() as staged:
        staged.inherit(generations.live())
        segments = staged.path / "segments.json"
        older = re.sub(r'"format": \d+', '"format": 1', segments.read_text())
        segments.unlink()
        segments.write_text(older)
        staged.seal(articles=1, fingerprint="", extra={})
        staged.publish()
    assert call(index, "backup", tmp_path / "older.tar").exit_code == 0
    for command in (("search", "pillow"), ("restore", tmp_path / "older.tar")):
        result = call(index, *command)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "has format 1" in result.stderr and "harbor-search rebuild" in result.stderr
    assert call(index, "rebuild", tmp_path / "after").exit_code == 0
    assert found(index, "pillow") == 1


def write(index: Path, **texts: str | None) -> None:
    """Write, or delete (None), articles as the service does."""
    with closing(Journal(index / JOURNAL)) as journal:
        for name, text in texts.items():
            record = None if text is None else json.dumps({"title": name, "text": text}).encode()
            journal.record([Change(name, record)])


def written(index: Path) -> dict[str, str]:
    document = json.loads(call(index, "written", "list", "--json").stdout)
    return {each["id"]: each["state"] for each in document["articles"]}


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A backup of an index with a written, and a deleted article, a pin and a synonym; the index has changed since."""
    index, saved = tmp_path / "index", tmp_path / "written.tar"
    folder = write_articles(tmp_path / "articles", ("naps", "iron"))
    write(index, quokka="A quokka smiles.", iron=None)
    (index / "pins.txt").write_text("rest => naps\n")
    (index / "synonyms.txt").write_text("snooze, nap\n")
    assert call(index, "rebuild", folder).exit_code == 0
    assert call(index, "backup", saved).exit_code == 0
    write(index, quokka="A quokka frowns.", wombat="A wombat digs.")
    (index / "pins.txt").write_text("rest => quokka\n")
    assert call(index, "rebuild", folder).exit_code == 0
    return saved


def test_what_was_written_comes_back_where_the_index_folder_is_lost(saved: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    assert call(new, "restore", saved).exit_code == 0
    assert written(new) == {"iron": "deleted", "quokka": "written"}
    assert (new / "pins.txt").read_text() == "rest => naps\n"
    assert (new / "synonyms.txt").read_text() == "snooze, nap\n"
    assert call(new, "rebuild", tmp_path / "articles").exit_code == 0
    assert (found(new, "smiles"), found(new, "lentils")) == (1, 0)


def test_a_restore_loses_no_write_since_the_backup(saved: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    assert call(index, "restore", saved).exit_code == 0
    assert written(index) == {"iron": "deleted", "quokka": "written", "wombat": "written"}
    assert (index / "pins.txt").read_text() == "rest => quokka\n"
    assert call(index, "update", tmp_path / "articles").exit_code == 0
    assert (found(index, "frowns"), found(index, "digs"), found(index, "smiles")) == (1, 1, 0)


def test_a_journal_that_was_begun_anew_is_completed_by_what_the_backup_has(saved: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    write(new, quokka="A quokka sleeps.")
    assert call(new, "restore", saved).exit_code == 0
    assert written(new) == {"iron": "deleted", "quokka": "written"}
    assert call(new, "update", tmp_path / "articles").exit_code == 0
    assert (found(new, "sleeps"), found(new, "smiles")) == (1, 0)


def test_with_replace_everything_is_what_it_was_then(saved: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    assert call(index, "restore", "--replace", saved).exit_code == 0
    assert written(index) == {"iron": "deleted", "quokka": "written"}
    assert (index / "pins.txt").read_text() == "rest => naps\n"
    assert call(index, "update", tmp_path / "articles").exit_code == 0
    assert (found(index, "smiles"), found(index, "frowns"), found(index, "digs")) == (1, 0, 0)


def test_a_backup_made_while_articles_are_written_has_each_of_them_whole(saved: Path, tmp_path: Path) -> None:
    index, over = tmp_path / "index", threading.Event()

    def keep_writing() -> None:
        while not over.is_set():
            write(index, quokka="A quokka blinks.", koala="A koala too.")
            write(index, quokka="A quokka stares.", koala=None)

    thread = threading.Thread(target=keep_writing)
    thread.start()
    try:
        for number in range(5):
            assert call(index, "backup", tmp_path / f"{number}.tar").exit_code == 0
    finally:
        over.set()
        thread.join()
    for number in range(5):
        new = tmp_path / f"new{number}"
        assert call(new, "restore", tmp_path / f"{number}.tar").exit_code == 0
        assert written(new).keys() >= {"iron", "quokka", "wombat"}


def test_a_released_article_comes_from_its_source_again(saved: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    result = call(index, "written", "release", "iron", "wombat")
    assert (result.exit_code, result.stdout) == (
        0,
        "2 articles released; the next rebuild or update asks the sources.\n",
    )
    assert call(index, "update", tmp_path / "articles").exit_code == 0
    assert (found(index, "lentils"), found(index, "digs"), found(index, "frowns")) == (1, 0, 1)
    assert call(index, "written", "list").stdout == "written  quokka\n"
    again = call(index, "written", "release", "iron")
    assert again.exit_code == 2 and "under the id 'iron'" in again.stderr
