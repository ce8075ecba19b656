"""Plain Whoosh finds in our index what it finds in its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.query.spans import SpanFirst, SpanNear2, SpanOr

from harbor_search.article import Article
from tests.store.whoosh_pairs import Pair, found_by, open_pair
from tests.store.whoosh_queries import corpora, queries
from tests.support.articles import COLLECTION, plain
from tests.support.shared import medquad

_few_examples = settings(max_examples=50)


@given(corpora(), st.lists(queries, min_size=1, max_size=12))
@_few_examples
def test_every_query_finds_the_same_articles_in_our_index_as_in_whooshs_own(
    corpus: tuple[list[list[Article]], frozenset[str]], asked: list[query.Query]
) -> None:
    with open_pair(*corpus) as pair:
        for each in asked:
            assert found_by(pair.ours, each) == found_by(pair.stock, each), each


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """The collection in three segments, one article of each of two deleted."""
    segments = [COLLECTION[:10], COLLECTION[10:20], COLLECTION[20:]]
    with open_pair(segments, frozenset({"sleep/night-03", "sleep/night-12"})) as opened:
        yield opened


def _nights(*numbers: int) -> list[str]:
    return [f"sleep/night-{number:02}" for number in numbers]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (query.Term("title", "iron"), ["food/iron"]),
        (query.And([query.Term("body", "sleep"), query.Term("body", "late")]), ["food/tea"]),
        (query.Or([query.Term("body", "late"), query.Term("body", "lentil")]), ["food/iron", "food/tea"]),
        (query.And([query.Every(), query.Not(query.Term("title", "night"))]), ["food/iron", "food/tea"]),
        (query.AndNot(query.Term("body", "sleep"), query.Term("body", "room")), ["family/toddlers", "food/tea"]),
        (query.Phrase("body", ["number", "7"]), _nights(7)),
        (query.Phrase("body", ["7", "number"]), []),
        (query.Phrase("body", ["night", "8", "good"], slop=2), _nights(8)),
        (query.Phrase("body", ["right", "pale"], slop=64), []),  # the end of a section and the beginning of the next
        (query.Phrase("body", ["right", "pale"], slop=65), ["food/iron"]),
        (query.Prefix("body", "len"), ["food/iron"]),
        (query.Wildcard("title", "t?a"), ["food/tea"]),
        (query.FuzzyTerm("title", "coffe", maxdist=1), ["food/tea"]),
        (query.FuzzyTerm("title", "xron", maxdist=1, prefixlength=0), ["food/iron"]),
        (query.NumericRange("views", 1001, 1004), _nights(1, 2, 4)),
        (query.NumericRange("views", 1001, 1004, endexcl=True), _nights(1, 2)),
        (query.NumericRange("views", None, 77), ["food/tea"]),
        (query.DateRange("published", datetime(2024, 12, 20), None), ["food/iron", *_nights(23)]),
        (query.TermRange("id", "family", "food/iron"), ["family/toddlers", "food/iron"]),
        (query.Every("tags"), ["food/iron"]),
        (query.Term("id", "food/tea"), ["food/tea"]),
        (query.Term("id", "sleep/night-03"), []),
        (query.Term("section", "Health > Food"), ["food/iron", "food/tea"]),
        (query.Term("tags", "tiredness"), ["food/iron"]),
        (SpanFirst(query.Term("body", "both")), ["food/tea"]),
        (SpanNear2([query.Term("body", "tea"), query.Term("body", "iron")], slop=5), ["food/iron"]),
        (SpanOr([query.Term("lead", "both"), query.Term("lead", "small")]), ["family/toddlers", "food/tea"]),
    ],
    ids=repr,
)
def test_each_kind_of_query_finds_just_the_articles_it_describes(
    pair: Pair, asked: query.Query, expected: list[str]
) -> None:
    assert found_by(pair.ours, asked) == sorted(expected)
    assert found_by(pair.stock, asked) == sorted(expected)


def test_nothing_is_found_where_one_words_articles_end_before_anothers_begin() -> None:
    articles = [plain(str(number), text=word) for number, word in enumerate(["red", "green", "gold", "green"])]
    red, green, gold = (query.Term("body", word) for word in ("red", "green", "gold"))
    with open_pair([articles]) as pair:
        assert found_by(pair.ours, query.And([query.AndNot(red, green), gold])) == []
        assert found_by(pair.ours, query.AndNot(query.Or([red, gold]), green)) == ["0", "2"]


def test_every_finds_all_articles_but_the_deleted(pair: Pair) -> None:
    found = found_by(pair.ours, query.Every())
    assert found == sorted({article.id for article in COLLECTION} - {"sleep/night-03", "sleep/night-12"})


def test_real_articles_are_found_the_same() -> None:
    articles = medquad(60)
    segments = [articles[:30], articles[30:45], articles[45:]]
    gone = frozenset(article.id for article in articles[::17])
    with open_pair(segments, gone) as pair:
        for each in _questions(pair):
            assert found_by(pair.ours, each) == found_by(pair.stock, each), each


def _questions(pair: Pair) -> Iterator[query.Query]:
    """Queries of the words of the collection itself."""
    common = [word.decode() for _, word in pair.stock.reader().most_frequent_terms("body", 60)]
    rare = list(pair.stock.reader().field_terms("body"))[::61]
    for first, second, third in zip(common, common[1:], rare, strict=False):
        terms = [query.Term("body", word) for word in (first, second, third)]
        yield query.And(terms[:2])
        yield query.Or(terms)
        yield query.And([terms[0], query.Not(terms[1])])
        yield query.Phrase("body", [first, second])
        yield query.Phrase("body", [first, second], slop=4)
        yield query.Prefix("body", third[:3])
    yield from (query.FuzzyTerm("body", word, maxdist=2) for word in rare[:4])
    yield from (query.DateRange("published", datetime.combine(day, datetime.min.time()), None) for day in (date.min,))
