"""What readers do is counted, listed, and turned into proposals whose effect is measured before anybody accepts one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from harbor_search.cli.program import program
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine, open_engine
from harbor_search.insights import QUERY_LOG, Counts, Insights, QueryLog, accept, insights
from harbor_search.insights.log import MAX_ENTRIES, MAX_QUERY_LENGTH
from harbor_search.searching import SearchRequest, search
from harbor_search.synonyms import synonyms_of
from tests.support.articles import plain

TODAY = date(2026, 11, 28)

ARTICLES = [
    plain("palpitations", "Palpitations", "Palpitations are felt beats. They mostly pass."),
    plain("racing", "Racing Pigeons", "Pigeons in racing fly home. Racing is a sport of pigeons."),
    plain("iron", "Iron in Food", "Lentils have iron. Iron is in meat. Iron tablets. Iron pans too."),
    plain("tea", "Tea and Iron", "Tea takes some iron away."),
]

JUDGED = ({"1": "kardiaflutter", "2": "iron"}, {"1": {"palpitations": 1}, "2": {"iron": 1}})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index", query_log=True, corrections=False)


@pytest.fixture
def engine(settings: Settings) -> Iterator[SearchEngine]:
    made = open_engine(settings)
    made.rebuild(ARTICLES, lambda *_: None)
    yield made
    made.close()


class Readers:
    """What readers did on some day."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.counts = Counts()

    def search(self, query: str, hits: int, times: int = 1, ms: float = 1.0) -> Readers:
        for _ in range(times):
            self.counts.add_search(query, hits, ms, page=True)
        return self

    def open(self, query: str, article: str, times: int = 1) -> Readers:
        for _ in range(times):
            self.counts.add_opened(query, article)
        return self

    def ask_next(self, query: str, other: str, times: int = 1) -> Readers:
        for _ in range(times):
            self.counts.add_next(query, other)
        return self

    def write(self, day: date = TODAY) -> None:
        QueryLog(self.settings.index / QUERY_LOG).add(self.counts, day, keep_days=90)


@pytest.fixture
def readers(settings: Settings, engine: SearchEngine) -> Readers:
    return Readers(settings)


def looked_at(engine: SearchEngine, settings: Settings, **more: object) -> Insights:
    return insights(engine, settings, **({"days": 30, "today": TODAY, "judged": None} | more))  # type: ignore[arg-type]


def ids(engine: SearchEngine, settings: Settings, query: str, **more: object) -> list[str]:
    return [hit.id for hit in search(engine, SearchRequest(query, **more), settings).hits]  # type: ignore[arg-type]


def test_queries_are_listed_by_what_became_of_them(readers: Readers, engine: SearchEngine) -> None:
    readers.search("Iron ", 2, 6).open("iron", "iron", 4).search("kardia", 0, 3)
    readers.search("racing", 1, 9).open("racing", "racing").search("the of", 4, 1, ms=450.0).write()
    found = looked_at(engine, readers.settings)
    assert (found.searches, found.queries) == (19, 4)
    assert [(each.query, each.count) for each in found.top] == [
        ("racing", 9),
        ("iron", 6),
        ("kardia", 3),
        ("the of", 1),
    ]
    assert [each.query for each in found.without_results] == ["kardia"]
    assert [each.query for each in found.abandoned] == ["racing"]
    assert [each.query for each in found.slow] == ["the of"]


def test_days_add_up_and_old_ones_go(readers: Readers, engine: SearchEngine) -> None:
    readers.search("iron", 2)
    readers.write(TODAY - timedelta(days=100))
    readers.write(TODAY - timedelta(days=40))
    readers.write()
    assert looked_at(engine, readers.settings, days=1).searches == 1
    assert looked_at(engine, readers.settings, days=365).searches == 2


def test_the_log_has_no_row_for_a_request_and_no_long_text(readers: Readers, settings: Settings) -> None:
    readers.search("x" * (MAX_QUERY_LENGTH + 1), 0).search("iron", 2, 5).open(
        "y" * (MAX_QUERY_LENGTH + 1), "iron"
    ).write()
    (asked,) = QueryLog(settings.index / QUERY_LOG).since(TODAY)
    assert (asked.query, asked.count, asked.opens) == ("iron", 5, 0)


def test_an_attack_does_not_fill_the_memory() -> None:
    counts = Counts()
    for number in range(MAX_ENTRIES + 10):
        counts.add_search(str(number), 0, 1.0, page=True)
        counts.add_opened(str(number), "a")
    assert len(counts.asked) == len(counts.opened) == MAX_ENTRIES


def test_other_words_that_helped_are_proposed_as_synonyms_and_measured(readers: Readers, engine: SearchEngine) -> None:
    settings = readers.settings
    readers.search("kardiaflutter", 0, 4).ask_next("kardiaflutter", "palpitations", 3).search(
        "palpitations", 1, 3
    ).write()
    (proposal,) = looked_at(engine, settings, judged=JUDGED).proposals
    assert (proposal.kind, proposal.line) == ("synonym", "kardiaflutter => palpitations")
    effect = proposal.effect
    assert effect and (effect.own_before, effect.own_after) == (0, 1)
    assert (effect.judged, effect.better, effect.worse, effect.before, effect.after) == (2, 1, 0, 0.5, 1.0)
    assert ids(engine, settings, "kardiaflutter") == []
    accept(proposal, settings)
    synonyms_of.cache_clear()
    assert ids(engine, settings, "kardiaflutter") == ["palpitations"]
    assert looked_at(engine, settings).proposals == ()


@pytest.mark.parametrize(
    ("query", "other"),
    [("iron", "iron tablets"), ("kardia", "nothing either"), ('"kardia', "palpitations"), ("kardia", "once")],
)
def test_what_is_no_other_name_is_not_proposed(readers: Readers, engine: SearchEngine, query: str, other: str) -> None:
    times = 1 if other == "once" else 3
    readers.search(query, 0, 4).ask_next(query, other, times).search(other, int(other != "nothing either"), 3).write()
    assert looked_at(engine, readers.settings).proposals == ()


def test_what_readers_choose_is_proposed_as_a_pin_and_measured(readers: Readers, engine: SearchEngine) -> None:
    settings = readers.settings
    assert ids(engine, settings, "iron") == ["iron", "tea"]
    readers.search("iron", 2, 9).open("iron", "tea", 7).open("iron", "iron").write()
    (proposal,) = looked_at(engine, settings, judged=JUDGED).proposals
    assert (proposal.kind, proposal.line) == ("pin", "iron => tea")
    effect = proposal.effect
    assert effect and (effect.own_before, effect.own_after, effect.better, effect.worse) == (2, 1, 0, 1)
    assert ids(engine, settings, "iron") == ["iron", "tea"]


def test_what_comes_first_already_needs_no_pin(readers: Readers, engine: SearchEngine) -> None:
    readers.search("iron", 2, 9).open("iron", "iron", 7).search("tea", 1, 9).open("tea", "gone", 7).write()
    assert looked_at(engine, readers.settings).proposals == ()


def test_the_command_tells_and_accepts(readers: Readers, settings: Settings) -> None:
    counts_of_today = date.today()
    readers.search("iron", 2, 9).open("iron", "tea", 7).write(counts_of_today)

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(program, ["--index", str(settings.index), "insights", *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    told = run("--days", "2")
    assert "9 searches with 1 different queries" in told and "iron => tea" in told and "place 2, with it 1" in told
    (proposal,) = json.loads(run("--days", "2", "--json"))["proposals"]
    assert "counts in two seconds" in run("--days", "2", "--accept", proposal["id"])
    assert (settings.index / "pins.txt").read_text().endswith("iron => tea\n")


def test_a_proposal_that_is_not_there_cannot_be_accepted(readers: Readers, settings: Settings) -> None:
    result = CliRunner().invoke(program, ["--index", str(settings.index), "insights", "--accept", "00000000"])
    assert result.exit_code == 2 and "there is no proposal '00000000'" in result.output
