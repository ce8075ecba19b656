"""Posting lists come to memory, are forgotten and come again; answers do not depend on it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import Criteria
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.engines.embedded.query_execution import Execution
from harbor_search.query import Boolean, Limits, Node, Phrase, Prefix, Term, parse
from harbor_search.searching import SearchRequest, search

WORDS = [f"w{i:02}x" for i in range(18)]
LITTLE = 1
"""Megabytes of cache, which a few of these lists fill."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(index=tmp_path_factory.mktemp("index"), analyzer="simple", cache_mb=LITTLE)


@pytest.fixture(scope="module")
def engine(settings: Settings) -> EmbeddedEngine:
    """2,000 articles that have all words in their bodies; eighteen have one in every other field, too."""
    text = " ".join(WORDS)
    articles = [
        Article(f"a{i:05}", WORDS[i] if i < 18 else "t", (Section(WORDS[i] if i < 18 else "h", "", text),), lead="")
        for i in range(2000)
    ]
    engine = EmbeddedEngine(settings)
    engine.rebuild(articles, lambda *_: None)
    return engine


def total(engine: EmbeddedEngine, query: Node) -> int:
    return engine.search(query, Criteria(facets=False)).total


def test_phrases_of_words_that_are_in_memory_without_positions(engine: EmbeddedEngine) -> None:
    for _ in range(2):
        for word in WORDS:
            assert total(engine, Term(word)) == 2000
        for i in range(0, 15, 3):
            assert total(engine, Phrase(" ".join(WORDS[i : i + 3]))) == 2000
            assert total(engine, Phrase(" ".join(WORDS[i : i + 3][::-1]))) == 0


def test_a_query_of_more_words_than_fit_beside_what_is_in_memory(engine: EmbeddedEngine) -> None:
    for _ in range(2):
        assert total(engine, Phrase(" ".join(WORDS))) == 2000
        assert total(engine, Boolean((), tuple(map(Term, WORDS)), (), 1)) == 2000


@pytest.mark.parametrize(("text", "matching"), [("\u0903\u0903* -w03x", 0), ("w01x (\u0903\u0903* -w04x)", 2000)])
def test_words_that_are_excluded_from_nothing(engine: EmbeddedEngine, text: str, matching: int) -> None:
    """What the analyzer leaves nothing of matches nothing, and nothing needs to be known of what it excludes."""
    query = parse(text, limits=Limits(64, 8, 2), strict=False).node
    assert total(engine, query) == matching


def test_an_exclusion_beside_no_word_matches_nothing(engine: EmbeddedEngine) -> None:
    assert total(engine, Boolean((Term("!?"),), (), (Term("w05x"),), 0)) == 0
    assert total(engine, Boolean((), (), (Term("w06x"), Prefix("\u0903\u0903")), 0)) == 0


def test_no_page_at_all(engine: EmbeddedEngine) -> None:
    """A page of no hits has none, whatever is asked, and later pages are as before."""
    query = Boolean((), (Term("w01x"), Term("w02x")), (), 1)
    before = engine.search(query, Criteria(limit=10))
    assert engine.search(query, Criteria(limit=0, facets=False)).hits == ()
    assert engine.search(query, Criteria(limit=10)) == before


def test_queries_asked_again_after_their_lists_were_forgotten(engine: EmbeddedEngine) -> None:
    """What was planned over lists is not run over others that came in their places."""
    bare = Criteria(facets=False, snippets=0, total="exact", limit=3)
    texts = [text for one, other in pairwise(WORDS) for text in (f"+{one} +{other}", f'+"{one} {other}" {other}')]
    queries = [parse(text, limits=Limits(64, 8, 2), strict=False).query for text in texts]
    first = [engine.search(query, bare) for query in queries]
    emptied = engine.cache_use().emptied
    for query in [*queries, *reversed(queries), *queries]:
        assert engine.search(query, bare) == first[queries.index(query)]
    assert engine.cache_use().emptied > emptied


def test_searches_made_again_find_the_same_whatever_was_forgotten_between_them(
    engine: EmbeddedEngine, settings: Settings
) -> None:
    """What a search is made into is kept with its lists in memory, and goes with them."""
    texts = [f"{one} {other}" for one, other in pairwise(WORDS)]
    texts += [f'"{one} {other}" {WORDS[0]}*' for one, other in pairwise(WORDS[:6])] + [f"{WORDS[3]} -{WORDS[4]}"]
    asked = [SearchRequest(q=text, section=section) for text in texts for section in ((), ("none",))]
    rounds = [[found(engine, each, settings) for each in asked] for _ in range(3)]
    fresh = [found(EmbeddedEngine(settings), each, settings) for each in asked[::7]]
    assert engine.cache_use().emptied > 2
    assert rounds[0] == rounds[1] == rounds[2]
    assert rounds[0][::7] == fresh


def found(engine: EmbeddedEngine, request: SearchRequest, settings: Settings) -> tuple[object, ...]:
    results = search(engine, request, settings)
    return results.total, results.tiers, results.facets, [(hit.id, hit.score, hit.snippets) for hit in results.hits]


@pytest.mark.parametrize("text", ["w00x w01x", '"w00x w01x" w02x'])
def test_what_a_search_asked_again_is_made_into_is_made_once(
    settings: Settings, engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """The phrase has a list of its own that is as long as all documents, for which there is room."""
    opened = EmbeddedEngine(settings)
    query, criteria = parse(text, limits=Limits(64, 8, 2), strict=False).node, Criteria()
    first = opened.search(query, criteria)
    monkeypatch.setattr(Execution, "__init__", lambda *_, **__: pytest.fail("it was made anew"))
    again = opened.search(query, criteria)
    assert (tuple(first.hits), first.total) == (tuple(again.hits), again.total)


def test_a_search_asked_again_after_words_that_no_article_has_were_forgotten(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harbor_search.engines.embedded.term_loader._MOST_KNOWN", 2)
    query, criteria = parse("qqxxzz w00x", limits=Limits(64, 8, 2), strict=False).node, Criteria(explain=True)
    first = engine.search(query, criteria)
    for word in ("qa", "qb", "qc", "qd", "qe"):
        assert total(engine, Term(word)) == 0
    assert engine.search(query, criteria).explanations == first.explanations
