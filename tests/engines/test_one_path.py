"""A query goes one way through the engine: who follows it in the code arrives in no module again and again."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import Criteria, EngineAnswer
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.engines.embedded.page_of_hits import PageMaker
from harbor_search.query import Query
from harbor_search.results import Hit
from harbor_search.searching import SearchRequest, search

MOST_RETURNS = 3

ENGINE = "harbor_search.engines.embedded."

LOOKED_UP = {"snapshot", "term_postings"}
"""What the index has of words and documents: where these are new, they are looked up there one by one."""

WORDS = ["back", "pain", "sleep", "heart", "attack", "tablet", "headache", "iron", "milk"]

REQUESTS = {
    "one word": SearchRequest(q="headache"),
    "several words": SearchRequest(q="back pain sleep"),
    "a phrase": SearchRequest(q='"back pain"'),
    "a phrase and a word": SearchRequest(q='"back pain" sleep'),
    "negation": SearchRequest(q="pain -back"),
    "negation alone": SearchRequest(q="-back"),
    "facets and an exact total within a section": SearchRequest(q="heart attack", section=("Health",)),
    "misspelt words": SearchRequest(q="hedache tabletts"),
    "a beginning": SearchRequest(q="hea* attack"),
    "the newest first": SearchRequest(q="iron milk", sort="date"),
    "the best ten": SearchRequest(q="back pain", literal=True, facets=False, snippets=False, total="none"),
    "the best ten and how many": SearchRequest(q="heart OR sleep", literal=True, facets=False, snippets=False),
    "the second page": SearchRequest(q="heart sleep", page=2),
}


class Asked(EmbeddedEngine):
    """An engine that remembers what it was asked last."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.settings = settings

    def search(self, query: Query, criteria: Criteria) -> EngineAnswer:
        self.last = query, criteria
        return super().search(query, criteria)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """One of 400 articles, in which each word is in some and in others not; two have the same text."""
    engine = Asked(Settings(index=Path(tmp_path_factory.mktemp("index")), analyzer="english"))
    engine.rebuild(map(article, range(400)), lambda *_: None)
    yield engine
    engine.close()


def article(number: int) -> Article:
    words = [word for place, word in enumerate(WORDS) if (number * 7919) >> place & 3]
    body = (Section("", "", " ".join(words)), Section("Back pain", "b", " ".join(reversed(words))))
    return Article(f"a{number:04}", " ".join(words[:3]), body, section=("Health", "Sleep")[number % 2 :])


def entries(ask: Callable[[], object]) -> Mapping[str, set[tuple[str, str]]]:
    """By module of the engine from which functions to which of its own control comes into it from outside: a loop over
    words or documents comes in by one."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)

    def follow(frame: FrameType, event: str, _: Any) -> None:
        module = frame.f_globals.get("__name__", "")
        if event != "call" or not module.startswith(ENGINE):
            return
        caller = frame.f_back
        while caller is not None and not caller.f_globals.get("__name__", "").startswith("harbor_search."):
            caller = caller.f_back
        origin = caller.f_globals["__name__"] if caller else ""
        if origin != module:
            name = f"{origin}.{_function(caller)}" if caller else ""
            found[module.removeprefix(ENGINE)].add((name, _function(frame)))

    sys.setprofile(follow)
    try:
        ask()
    finally:
        sys.setprofile(None)
    return found


def ask(engine: EmbeddedEngine, query: Query, criteria: Criteria) -> None:
    """Search, and look at all hits."""
    tuple(engine.search(query, criteria).hits)


def _function(frame: FrameType) -> str:
    """The function of a frame; what is written in one, as a comprehension is, is a part of it."""
    return frame.f_code.co_qualname.split(".<locals>")[0]


@pytest.mark.parametrize("kind", REQUESTS)
def test_a_query_returns_to_no_module_of_the_engine_more_than_three_times(engine: Asked, kind: str) -> None:
    """The first time, where its words are in memory already, and where it was asked before."""
    search(engine, REQUESTS[kind], engine.settings)
    query, criteria = engine.last

    fresh = EmbeddedEngine(engine.settings)
    fresh.cost(query)  # which opens the index
    turns = {"new": criteria, "of known words": criteria._replace(), "asked again": criteria}
    for turn, wanted in turns.items():
        for module, ways in entries(partial(ask, fresh, query, wanted)).items():
            if turn == "new" and module in LOOKED_UP:
                continue
            returns = len(ways) - 1
            assert returns <= MOST_RETURNS, f"{kind} ({turn}) returns to {module} {returns} times: {sorted(ways)}"


def test_hits_without_snippets_are_made_where_somebody_looks_at_them(
    engine: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search for the best documents takes less long than to describe ten of them."""
    made: list[int] = []

    def bare(_: PageMaker, documents: Sequence[int], scores: Sequence[float]) -> tuple[Hit, ...]:
        made.append(len(documents))
        return ()

    monkeypatch.setattr(PageMaker, "bare", bare)
    for _ in range(2):
        results = search(engine, REQUESTS["the best ten"], engine.settings)
        assert results.total == 10
        assert not made
    assert not tuple(results.hits)
    assert made == [10]
