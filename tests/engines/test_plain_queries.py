"""Plain queries whose words are in memory take a shorter way, to the same answers."""

from __future__ import annotations

from pathlib import Path
from sys import getrefcount

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import Criteria, EngineAnswer, Total
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.engines.embedded.searcher import Searcher
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.query import Limits, PlainQuery, Query, parse
from harbor_search.ranking import BM25F

WORDS = ["iron", "milk", "tea", "sleep", "back", "pain", "the", "what", "for"]
PIECES = [*WORDS, "nowhere", '"back pain"', '"tea the"', '"nowhere tea"', "Iron", "not"]


@pytest.fixture(scope="module")
def searchers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Searcher, Searcher]:
    """Two of one collection: 400 articles, in which each word is in some and in others not, and six about teatime."""
    index = tmp_path_factory.mktemp("index")
    articles = [
        Article(f"a{i:04}", "", (Section("", "", " ".join(w for j, w in enumerate(WORDS) if (i * 7919) >> j & 3)),))
        for i in range(400)
    ]
    articles += [Article(f"t{i}", "", (Section("", "", text),)) for i, text in enumerate(["teatime", "tea time"] * 3)]
    EmbeddedEngine(Settings(index=Path(index), analyzer="simple")).rebuild(articles, lambda *_: None)
    folder = Path(index) / "generations" / "1"

    def searcher() -> Searcher:
        return Searcher(Snapshot(folder, "1", BM25F(), lambda: None), cache_bytes=10_000_000, expansions=64)

    return searcher(), searcher()


def best(searcher: Searcher, query: Query, k: int, *, counting: bool = False) -> EngineAnswer:
    """The best `k`, and how many match where that is `counting`: all that the shorter way is for."""
    total: Total = "exact" if counting else "none"
    return searcher.search(query, Criteria(limit=k, facets=False, snippets=False, total=total))


def plain_query(text: str, strict: bool) -> PlainQuery:
    query = parse(text, limits=Limits(64, 8, 2), strict=strict).query
    assert isinstance(query, PlainQuery)
    return query


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "", "+", "-"]), st.sampled_from(PIECES)).map("".join), min_size=1, max_size=6
    ),
    st.booleans(),
    st.booleans(),
    st.sampled_from([0, 1, 3, 10, 500]),
)
@example(["the", "what"], False, True, 10)
@example(["the", "+iron", "what"], False, True, 10)
@example(["-iron", "-tea"], False, True, 10)
@example(["-iron", "the"], True, True, 10)
@example(['"back pain"', "milk"], False, True, 10)
@example(['"back pain"', "milk"], True, True, 10)
@example(['-"back pain"', "milk"], False, True, 10)
@example(["+nowhere", "milk"], False, True, 10)
@example(["-nowhere", "nowhere", "milk"], False, True, 10)
@example(["iron", "iron"], False, True, 10)
def test_words_in_memory_give_what_their_tree_gives(
    searchers: tuple[Searcher, Searcher], pieces: list[str], strict: bool, counting: bool, k: int
) -> None:
    shorter, whole = searchers
    query = plain_query(" ".join(pieces), strict)
    expected = best(whole, query.tree()[0], k, counting=counting)
    for _ in range(2):
        assert best(shorter, query, k, counting=counting) == expected


@given(st.lists(st.sampled_from([*WORDS, "nowhere", "a"]), min_size=2, max_size=6), st.booleans())
def test_alternatives_in_memory_give_what_their_tree_gives(
    searchers: tuple[Searcher, Searcher], words: list[str], counting: bool
) -> None:
    shorter, whole = searchers
    query = plain_query(" OR ".join(words), False)
    expected = best(whole, query.tree()[0], 10, counting=counting)
    for _ in range(2):
        assert best(shorter, query, 10, counting=counting) == expected


def test_most_questions_never_become_a_tree(
    searchers: tuple[Searcher, Searcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [
        "iron milk",
        "+iron -tea",
        '"back pain"',
        "what the tea",
        "the what",
        "iron OR the",
        "nowhere",
        '+"tea the" +milk',
    ]
    queries = [plain_query(text, False) for text in texts]
    expected = [best(searchers[0], query, 10) for query in queries]
    monkeypatch.setattr(PlainQuery, "tree", lambda _: pytest.fail("a tree was made"))
    assert [best(searchers[0], query, 10) for query in queries] == expected


def test_a_query_longer_than_any_before(searchers: tuple[Searcher, Searcher]) -> None:
    text = " ".join(["iron", "tea"] * 400)
    query = parse(text, limits=Limits(1000, 8, 2), strict=False).query
    assert isinstance(query, PlainQuery)
    first = best(searchers[0], query, 5)
    assert best(searchers[0], query, 5) == first == best(searchers[1], query.tree()[0], 5)


@pytest.mark.parametrize("lengths", [(63, 62), (125, 1), (126,), (127,), (1, 126)])
def test_phrases_that_fill_all_room_for_a_plan(searchers: tuple[Searcher, Searcher], lengths: tuple[int, ...]) -> None:
    """Their plan takes more numbers than their clauses."""
    pieces = [f'+"{" ".join(["iron", "tea"][i % 2] for i in range(length))}"' for length in lengths]
    index = searchers[1].snapshot
    fresh = Searcher(index, cache_bytes=10_000_000, expansions=64)
    queries = [parse(text, limits=Limits(1000, 8, 2), strict=False).query for text in [*pieces, " ".join(pieces)]]
    for query in queries * 2:
        assert isinstance(query, PlainQuery)
        assert best(fresh, query, 5, counting=True) == best(searchers[1], query.tree()[0], 5, counting=True)


def test_words_that_may_be_one_are_put_together_once(
    searchers: tuple[Searcher, Searcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neighbours that some articles write as one word take the tree, but only when they are asked for the first time."""
    query = plain_query("tea time iron", False)
    first = best(searchers[0], query, 10, counting=True)
    assert first.hits == best(searchers[1], query.tree()[0], 10, counting=True).hits
    assert first.total > best(searchers[1], plain_query("tea iron", False).tree()[0], 10, counting=True).total
    monkeypatch.setattr(PlainQuery, "tree", lambda _: pytest.fail("a tree was made"))
    assert best(searchers[0], query, 10, counting=True) == first


def test_a_query_asked_again_for_something_else_gets_that(searchers: tuple[Searcher, Searcher]) -> None:
    query = plain_query("tea time milk", False)
    for k in (3, 10, 3):
        for counting in (False, True, False):
            found = best(searchers[0], query, k, counting=counting)
            assert found == best(searchers[1], query.tree()[0], k, counting=counting)


@pytest.mark.parametrize(("words", "kept"), [(3, True), (60, False)])
def test_plans_of_short_queries_alone_are_kept(searchers: tuple[Searcher, Searcher], words: int, kept: bool) -> None:
    query = plain_query(" ".join(f"{'long' * 5}{i}" for i in range(words)), strict=False)
    before = getrefcount(query)
    best(searchers[0], query, 10)
    assert (getrefcount(query) > before) == kept
