"""`harbor-search watch` follows its sources until it is stopped, whatever becomes of them."""

from __future__ import annotations

import json
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from harbor_search import ingest
from harbor_search.cli.commands.watch import Ended
from harbor_search.cli.program import program
from tests.ingest.sources.web import Page, html, serving

from .conftest import environment, write_articles


class Watch:
    """The command as a process, and what it prints, a report at a time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def report(self, seconds: float = 400) -> dict[str, object]:
        found: dict[str, object] = json.loads(self._lines.get(timeout=seconds))
        return found

    def report_where(self, name: str, value: object) -> dict[str, object]:
        """The next report that says so: what is written in several steps may be seen in several steps."""
        while True:
            found = self.report()
            if found.get(name) == value:
                return found

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line)


@contextmanager
def watching(index: Path, *arguments: str | Path) -> Iterator[Watch]:
    command = [sys.executable, "-m", "harbor_search", "--index", index, "watch", "--json", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen([*map(str, command)], text=True, env=environment(), **pipes)  # type: ignore[call-overload]
    try:
        yield Watch(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()


def test_changes_of_files_are_followed_and_a_source_may_vanish_and_come_back(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles")
    with watching(tmp_path / "index", folder) as watch:
        assert watch.report()["indexed"] == 4
        (folder / "milk.md").write_text("# Milk\n\nText.\n")
        started = time.monotonic()
        assert watch.report_where("added", 1)["indexed"] == 5
        seconds = time.monotonic() - started
        (folder / "milk.md").unlink()
        assert watch.report_where("removed", 1)["indexed"] == 4
        shutil.move(folder, tmp_path / "away")
        assert "there is no file" in str(watch.report()["error"])
        shutil.move(tmp_path / "away", folder)
        assert watch.report()["indexed"] == 4
        (folder / "tea.txt").unlink()
        assert watch.report_where("removed", 1)["indexed"] == 3
    assert seconds < 30, "without a change to wait for it would never have come"


def test_an_article_is_published_when_its_moment_comes_although_no_file_changes(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles")
    with watching(tmp_path / "index", folder) as watch:
        assert watch.report()["added"] == 4
        soon = datetime.now(UTC) + timedelta(seconds=3)
        (folder / "milk.md").write_text(f"---\npublishDate: {soon.isoformat()}\n---\n\nText.\n")
        # Where the machine is slow the file is seen when the moment has come already, which is right as well.
        assert watch.report_where("added", 1)["indexed"] == 5


def test_sources_that_cannot_be_watched_are_asked_again_and_again(tmp_path: Path) -> None:
    page = Page(html("Iron"), headers={"ETag": '"1"'})
    with serving({"/": page}) as site, watching(tmp_path / "i", "--every", "1", site.address + "/") as watch:
        assert watch.report()["added"] == 1
        site.pages["/"] = Page(html("Zinc"), headers={"ETag": '"2"'})
        assert watch.report_where("changed", 1)["indexed"] == 1
        site.pages["/"] = Page(status=500)
        while "error" not in (told := watch.report()):
            pass
        assert "no article was found" in str(told["error"]) and "500" in str(told["error"])


def test_what_could_not_be_done_is_due_again_although_no_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    due: list[datetime | None] = []

    def changes(*_: object, planned: Callable[[], datetime | None], **__: object) -> Iterator[None]:
        yield
        due.append(planned())

    monkeypatch.setattr(ingest, "changes", changes)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    (tmp_path / "articles").mkdir()
    before = datetime.now(UTC)
    told = CliRunner().invoke(program, ["--index", str(tmp_path / "i"), "watch", str(tmp_path / "articles")])
    assert "not updated: no article was found" in told.output
    assert due[0] and before < due[0] < datetime.now(UTC) + timedelta(minutes=2)


def test_that_nothing_has_changed_is_said_once_until_something_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = tmp_path / "articles" / "iron.md"
    article.parent.mkdir()

    def changes(*_: object, **__: object) -> Iterator[None]:
        for text in ("Greens.", "Greens.", "Greens.", "Lentils.", "Lentils.", "Lentils."):
            article.write_text(f"# Iron\n\n{text}\n")
            yield

    monkeypatch.setattr(ingest, "changes", changes)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    told = CliRunner().invoke(program, ["--index", str(tmp_path / "i"), "watch", str(article.parent)])
    assert [line.split()[1] for line in told.output.splitlines() if line[2] == ":"] == [
        *("generation", "nothing", "generation", "nothing"),
    ]


def test_retries_become_rarer_but_never_pass_over_a_moment_that_was_planned() -> None:
    now = datetime(2026, 5, 4, 12, tzinfo=UTC)
    ended = Ended(next_change=now + timedelta(hours=8))
    minutes = []
    for _ in range(8):
        ended = ended.then_failed("another rebuild is running", now)
        assert ended.next_run and ended.next_change
        minutes.append((ended.next_run - now) / timedelta(minutes=1))
        now = ended.next_run
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60]
    planned = now + timedelta(minutes=30)
    ended = ended._replace(next_change=planned).then_failed("another rebuild is running", now)
    assert ended.next_run == planned
    assert ended.then_failed("another rebuild is running", planned).next_run == planned + timedelta(hours=1)
