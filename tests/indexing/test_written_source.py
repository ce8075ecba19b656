"""Written articles are a source of their own: rebuilds, updates and rollbacks keep them, whatever the folder holds."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest

from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines import Progress, Update
from harbor_search.errors import OperationalError
from harbor_search.indexing import Follower, journal_path, rebuild, update
from harbor_search.indexing.tally import NothingPublished
from harbor_search.ingest import PublicationRules
from harbor_search.journal import Change, Journal
from tests.indexing.engine_in_memory import EngineInMemory


def quiet(stage: str, done: int, total: int | None) -> None: ...


class Site:
    """A folder of articles, a journal, and an index of both."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "articles"
        self.folder.mkdir()
        self.settings = Settings(index=root / "index")
        self.journal = Journal(journal_path(self.settings))
        self.engine = EngineInMemory()
        self.follower = Follower(self.engine, self.settings)

    def file(self, name: str, text: str) -> None:
        (self.folder / f"{name}.md").write_text(f"# {name}\n\n{text}\n")

    def write(self, name: str, text: str | None) -> None:
        record = None if text is None else json.dumps({"title": name, "text": text}).encode()
        self.journal.record([Change(name, record)])

    def rebuild(self) -> None:
        rebuild(self.engine, [self.folder], self.settings, quiet)

    def update(self) -> None:
        update(self.engine, [self.folder], self.settings, quiet)

    def follow(self) -> None:
        while self.follower.catch_up():
            pass

    @property
    def live(self) -> dict[str, str]:
        return {name: each.lead for name, each in self.engine.generations[self.engine.live].items()}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    made.file("ant", "Of ants.")
    made.file("bee", "Of bees.")
    made.rebuild()
    return made


def test_what_is_written_is_in_the_index_after_the_next_look(site: Site) -> None:
    site.write("cat", "Of cats.")
    site.write("ant", "Of other ants.")
    site.write("bee", None)
    site.follow()
    assert site.live == {"ant": "Of other ants.", "cat": "Of cats."}


@pytest.mark.parametrize("make", ["rebuild", "update"])
def test_written_articles_outlast_a_rebuild_and_an_update_from_the_folder(site: Site, make: str) -> None:
    site.write("cat", "Of cats.")
    site.write("ant", "Of other ants.")
    site.write("bee", None)
    site.file("dog", "Of dogs.")
    getattr(site, make)()
    assert site.live == {"dog": "Of dogs.", "ant": "Of other ants.", "cat": "Of cats."}
    assert not site.follower.catch_up()


def test_what_is_written_during_a_rebuild_comes_after_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    publishing = site.engine.rebuild

    def write_meanwhile(articles: object, *rest: object) -> object:
        taken = list(articles)  # type: ignore[call-overload]
        site.write("late", "Just in time.")
        return publishing(taken, *rest)  # type: ignore[arg-type]

    site.write("early", "Long before.")
    monkeypatch.setattr(site.engine, "rebuild", write_meanwhile)
    site.rebuild()
    monkeypatch.undo()
    assert "late" not in site.live
    site.follow()
    assert {"early", "late"} < site.live.keys()


def test_what_was_written_is_written_again_after_a_rollback(site: Site) -> None:
    site.file("dog", "Of dogs.")
    site.rebuild()
    site.write("cat", "Of cats.")
    site.follow()
    site.engine.live = 0
    site.follow()
    assert site.live.keys() == {"ant", "bee", "cat"}


def test_an_index_that_somebody_else_published_is_brought_up_again(site: Site) -> None:
    site.write("cat", "Of cats.")
    site.follow()
    site.engine.rebuild([Article("own", "Own")], quiet)
    site.follow()
    assert site.live.keys() == {"own", "cat"}


@pytest.mark.parametrize("moment", ["before it writes", "after it wrote"])
def test_an_index_that_somebody_else_publishes_between_two_steps_is_brought_up_too(
    site: Site, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    site.write("cat", "Of cats.")
    site.follow()
    site.write("dog", "Of dogs.")
    writing = site.engine.write

    def publish_beside(*given: object, **more: object) -> Update:
        monkeypatch.undo()
        if moment == "before it writes":
            site.engine.rebuild([Article("own", "Own")], quiet)
        done = writing(*given, **more)  # type: ignore[arg-type]
        site.engine.rebuild([Article("own", "Own")], quiet)
        return done

    monkeypatch.setattr(site.engine, "write", publish_beside)
    with contextlib.suppress(OperationalError):
        site.follow()
    site.follow()
    assert site.live.keys() == {"own", "cat", "dog"}


def test_the_first_index_may_be_of_written_articles_alone(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write("gone", "Soon.")
    site.write("gone", None)
    assert not site.follower.catch_up()
    site.write("cat", "Of cats.")
    site.follow()
    assert site.live == {"cat": "Of cats."}
    site.rebuild()
    assert site.live == {"cat": "Of cats."}


def test_a_folder_and_a_journal_without_articles_publish_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write("gone", None)
    with pytest.raises(NothingPublished):
        site.rebuild()


def test_an_article_that_may_not_be_shown_any_more_leaves(site: Site) -> None:
    site.journal.record(
        [Change("cat", json.dumps({"title": "Cat", "text": "Of cats.", "expires": "2001-01-01"}).encode())]
    )
    site.journal.record([Change("ant", json.dumps({"text": "x", "draft": True}).encode())])
    site.follow()
    assert site.live.keys() == {"bee"}


class Clock:
    """The time by which articles are judged."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)

    def at(self, **time: float) -> str:
        return (self.now + timedelta(**time)).isoformat()

    def rules(self, settings: Settings) -> PublicationRules:
        return PublicationRules(now=self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    for module in ("journal_follower", "rebuild", "update"):
        # By the name of the module: functions of these names are in their place in the package.
        monkeypatch.setattr(import_module(f"harbor_search.indexing.{module}"), "publication_rules", made.rules)
    return made


@pytest.mark.parametrize("restarted", [False, True], ids=["followed", "begun anew"])
def test_a_written_article_is_found_from_and_until_the_moments_that_it_states(
    site: Site, clock: Clock, restarted: bool
) -> None:
    record = {"text": "Of cats.", "publishDate": clock.at(hours=1), "expires": clock.at(hours=2)}
    site.journal.record([Change("cat", json.dumps(record).encode())])
    seen = []
    for minutes in (0, 59, 1, 59, 1):
        clock.pass_by(minutes=minutes)
        if restarted:
            site.follower = Follower(site.engine, site.settings)
        site.follow()
        seen.append("cat" in site.live)
    assert seen == [False, False, True, True, False]
    assert not site.follower.catch_up()


def test_what_was_published_too_early_leaves_when_the_clock_is_set_back(site: Site, clock: Clock) -> None:
    record = {"text": "Of cats.", "publishDate": clock.at(hours=1)}
    site.journal.record([Change("cat", json.dumps(record).encode()), Change("dog", b'{"text": "Of dogs."}')])
    clock.pass_by(hours=3)
    site.follow()
    assert {"cat", "dog"} < site.live.keys()
    clock.pass_by(hours=-3)
    site.follow()
    assert "cat" not in site.live and "dog" in site.live
    clock.pass_by(hours=1)
    site.follow()
    assert "cat" in site.live


def test_the_first_index_is_made_when_the_first_article_may_be_shown_and_nothing_is_read_till_then(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path)
    site.journal.record([Change("cat", json.dumps({"text": "Of cats.", "publishDate": clock.at(hours=1)}).encode())])
    site.follow()
    with monkeypatch.context() as patched:
        patched.setattr("harbor_search.indexing.journal_follower.Written", None)
        clock.pass_by(minutes=59)
        assert not site.follower.catch_up()
    clock.pass_by(minutes=1)
    site.follow()
    assert site.live.keys() == {"cat"}
    assert not site.follower.catch_up()


def test_what_expired_leaves_again_after_a_rollback(site: Site, clock: Clock) -> None:
    site.journal.record([Change("cat", json.dumps({"text": "Of cats.", "expires": clock.at(hours=1)}).encode())])
    site.follow()
    live = site.engine.live
    clock.pass_by(hours=1)
    site.follow()
    site.engine.live = live
    site.follow()
    assert "cat" not in site.live


def test_an_article_stays_due_while_a_rebuild_runs(site: Site, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, since: str) -> Update:
        raise OperationalError("another rebuild is running")

    site.journal.record([Change("cat", json.dumps({"text": "Of cats.", "expires": clock.at(hours=1)}).encode())])
    site.follow()
    clock.pass_by(hours=1)
    with monkeypatch.context() as patched, pytest.raises(OperationalError):
        patched.setattr(site.engine, "write", refuse)
        site.follower.catch_up()
    site.follow()
    assert "cat" not in site.live


def test_records_are_looked_at_for_their_moments_slice_by_slice(
    site: Site, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harbor_search.indexing.scheduled_publication.AT_ONCE", 2)
    site.write("ape", "Of apes.")
    site.write("cat", "Of cats.")
    site.journal.record([Change("yak", json.dumps({"text": "Of yaks.", "expires": clock.at(hours=1)}).encode())])
    site.rebuild()
    clock.pass_by(hours=1)
    looks = iter([False] * 4)
    site.follower.run(lambda seconds: next(looks, True))
    assert site.live.keys() == {"ant", "ape", "bee", "cat"}


def test_many_entries_come_in_several_commits(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harbor_search.indexing.journal_follower.AT_ONCE", 2)
    for number in range(5):
        site.write(str(number), "Text.")
    before = len(site.engine.generations)
    site.follow()
    assert len(site.engine.generations) == before + 3
    assert len(site.live) == 7


def test_while_a_rebuild_runs_the_follower_waits_and_then_goes_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = 3
    writing = site.engine.write

    def write(articles: list[Article], removed: set[str], mark: str, progress: Progress, since: str) -> Update:
        nonlocal refused
        refused -= 1
        if refused >= 0:
            raise OperationalError("another rebuild is running")
        return writing(articles, removed, mark, progress, since)

    monkeypatch.setattr(site.engine, "write", write)
    site.write("cat", "Of cats.")
    looks = iter([False] * 4)
    site.follower.run(lambda seconds: next(looks, True))
    assert "cat" in site.live
