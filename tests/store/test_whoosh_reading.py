"""What plain Whoosh reads from our index besides the articles a query finds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query, scoring
from whoosh.collectors import TopCollector
from whoosh.qparser import FuzzyTermPlugin, QueryParser
from whoosh.reading import IndexReader, TermNotFound
from whoosh.searching import Searcher
from whoosh.sorting import FieldFacet

from harbor_search.article import Article, Section, article_to_dict
from tests.store.whoosh_pairs import Pair, found_by, open_pair
from tests.store.whoosh_queries import corpora, queries
from tests.support.articles import COLLECTION, IRON, plain

_few_examples = settings(max_examples=30)


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """The collection in two segments, nothing deleted."""
    with open_pair([COLLECTION[:12], COLLECTION[12:]]) as opened:
        yield opened


def _postings(reader: IndexReader) -> list[tuple[Any, ...]]:
    """All postings, their values as the bytes of Whoosh's formats."""
    return [(*posting[:4], posting[4] or b"") for posting in reader.iter_postings()]


@given(corpora())
@_few_examples
def test_terms_statistics_and_postings_are_those_of_whooshs_own_index(
    corpus: tuple[list[list[Article]], frozenset[str]],
) -> None:
    with open_pair(corpus[0]) as pair:
        ours, stock = pair.ours.reader(), pair.stock.reader()
        assert sorted(ours.indexed_field_names()) == sorted(stock.indexed_field_names())
        assert list(ours.all_terms()) == list(stock.all_terms())
        assert _postings(ours) == _postings(stock)
        for (our_leaf, _), (leaf, _) in zip(ours.leaf_readers(), stock.leaf_readers(), strict=True):
            for field in leaf.indexed_field_names():
                assert list(our_leaf.terms_from(field, b"n")) == list(leaf.terms_from(field, b"n"))
        for field, text in stock.all_terms():
            assert _statistics(ours, field, text) == _statistics(stock, field, text)
        for field in set(stock.indexed_field_names()):
            assert list(ours.field_terms(field)) == list(stock.field_terms(field))
            assert ours.field_length(field) == stock.field_length(field)
        for field in {"title", "headings", "lead", "body", "tags", "id"} & set(stock.indexed_field_names()):
            assert ours.most_frequent_terms(field, 4) == stock.most_frequent_terms(field, 4)
            assert ours.most_distinctive_terms(field, 4) == stock.most_distinctive_terms(field, 4)


def _statistics(reader: IndexReader, field: str, text: bytes) -> tuple[Any, ...]:
    found = reader.term_info(field, text)
    counts = reader.frequency(field, text), reader.doc_frequency(field, text), reader.first_id(field, text)
    return *counts, found.weight(), found.doc_frequency(), found.max_weight(), found.min_id(), found.max_id()


@given(corpora())
@_few_examples
def test_lengths_are_exact(corpus: tuple[list[list[Article]], frozenset[str]]) -> None:
    with open_pair(corpus[0]) as pair:
        reader = pair.ours.reader()
        for field in ("title", "headings", "lead", "body"):
            lengths = [reader.doc_field_length(number, field) for number in range(reader.doc_count_all())]
            terms = {text: reader.term_info(field, text) for text in reader.lexicon(field)}
            assert sum(lengths) == reader.field_length(field) == sum(term.weight() for term in terms.values())
            assert (min(lengths), max(lengths)) == (reader.min_field_length(field), reader.max_field_length(field))
            for text, term in terms.items():
                with_term = [lengths[number] for number in reader.postings(field, text).all_ids()]
                assert (min(with_term), max(with_term)) == (term.min_length(), term.max_length())


def test_an_absent_term_is_said_to_be_absent(pair: Pair) -> None:
    reader = pair.ours.reader()
    assert ("body", "hovercraft") not in reader
    assert reader.doc_frequency("body", "hovercraft") == reader.frequency("body", "hovercraft") == 0
    with pytest.raises(TermNotFound):
        reader.term_info("body", "hovercraft")
    with pytest.raises(TermNotFound):
        reader.postings("body", "hovercraft")


def test_stored_fields_hold_the_whole_article(pair: Pair) -> None:
    stored = pair.ours.document(id="food/iron")
    assert stored["title"] == "Signs of Low Iron"
    assert stored["published"] == datetime(2025, 1, 6)
    assert stored["views"] == 2036
    assert stored["section"] == "Health > Food"
    assert stored["tags"] == ["iron", "tiredness"]
    assert stored["headings"].splitlines()[0] == "What to Look For"
    assert stored["body"].startswith("Feeling tired is common.") and stored["body"].endswith("ask today.")
    assert stored["article"] == article_to_dict(IRON)
    assert set(stored) == set(pair.ours.schema.stored_names())


def test_what_an_article_does_not_have_is_none(pair: Pair) -> None:
    (hit,) = pair.ours.search(query.Term("id", "family/toddlers"))
    assert hit["published"] is None
    assert hit["views"] is None
    assert hit["tags"] == []


def _ids(searcher: Searcher, asked: query.Query, **options: Any) -> list[str]:
    return [hit["id"] for hit in searcher.search(asked, limit=None, **options)]


_KEYS: dict[str, Callable[[Article], Any]] = {
    "id": lambda article: article.id.encode(),
    "section": lambda article: " > ".join(article.section).encode(),
    "published": lambda article: article.published or date.min,
    "views": lambda article: -1 if article.views is None else article.views,
}


@given(corpora(), st.sampled_from(sorted(_KEYS)), st.booleans())
@_few_examples
def test_columns_sort_articles_up_and_down(
    corpus: tuple[list[list[Article]], frozenset[str]], field: str, reverse: bool
) -> None:
    segments, gone = corpus
    left = [article for segment in segments for article in segment if article.id not in gone]
    left.sort(key=lambda article: article.id.encode())
    left.sort(key=_KEYS[field], reverse=reverse)
    with open_pair(segments, gone) as pair:
        order = [FieldFacet(field, reverse=reverse), FieldFacet("id")]
        assert _ids(pair.ours, query.Every(), sortedby=order) == [article.id for article in left]


@pytest.mark.parametrize("field", ["views", "published"])
def test_articles_without_the_value_come_last_from_the_highest_down(pair: Pair, field: str) -> None:
    found = _ids(pair.ours, query.Every(), sortedby=FieldFacet(field, reverse=True))
    assert found[-1] == "family/toddlers"
    assert found[0] == "food/iron"


def test_groups_by_section_count_whole_paths_or_every_level(pair: Pair) -> None:
    results = pair.ours.search(query.Every(), groupedby="section", limit=None)
    assert {name: len(found) for name, found in results.groups("section").items()} == {
        "Health > Sleep": 24,
        "Health > Food": 2,
        "Family": 1,
    }
    every_level = pair.ours.search(query.Every(), groupedby=FieldFacet("section", allow_overlap=True), limit=None)
    assert {name: len(found) for name, found in every_level.groups("section").items()} == {
        "Health": 26,
        "Health > Sleep": 24,
        "Health > Food": 2,
        "Family": 1,
    }


def test_columns_translate_to_the_values_of_their_fields(pair: Pair) -> None:
    reader = pair.ours.reader()
    number = pair.ours.document_number(id="food/iron")
    values = {field: reader.column_reader(field)[number] for field in ("id", "section", "published", "views")}
    assert values == {
        "id": "food/iron",
        "section": "Health > Food",
        "published": datetime(2025, 1, 6),
        "views": 2036,
    }
    assert list(reader.column_reader("id")) == [article.id for article in COLLECTION]


def test_bm25f_scores_follow_its_formula_with_exact_lengths() -> None:
    short, long = plain("short", text="sleep well"), plain("long", text="sleep sleep " + "word " * 95)
    with open_pair([[short, long, plain("none", text="tea")]]) as pair:
        scores = {hit["id"]: hit.score for hit in pair.ours.search(query.Term("body", "sleep"))}
    idf = math.log(3 / (2 + 1)) + 1
    average = (2 + 97 + 1) / 3
    for article_id, frequency, length in (("short", 1, 2), ("long", 2, 97)):
        expected = idf * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * length / average))
        assert scores[article_id] == pytest.approx(expected)


def test_tf_idf_scores_are_those_of_whooshs_own_index(pair: Pair) -> None:
    asked = query.Or([query.Term("body", "sleep"), query.Term("title", "night"), query.Term("tags", "iron")])
    scores = []
    for searcher in (pair.ours, pair.stock):
        weighted = Searcher(searcher.reader(), weighting=scoring.TF_IDF())
        scores.append({hit["id"]: pytest.approx(hit.score) for hit in weighted.search(asked, limit=None)})
    assert scores[0] == scores[1]
    assert len(scores[0]) == 27


@given(corpora(), st.lists(queries, min_size=1, max_size=4), st.integers(1, 4))
@_few_examples
def test_the_best_few_are_the_first_of_all_in_order(
    corpus: tuple[list[list[Article]], frozenset[str]], asked: list[query.Query], limit: int
) -> None:
    """Whoosh leaves out documents that its bounds say cannot be among the best; ours give it no cause to."""
    with open_pair(*corpus) as pair:
        for each in asked:
            every = TopCollector(100, usequality=False, replace=0)
            pair.ours.search_with_collector(each, every)
            all_scores = [score for score, _ in every.results().top_n]
            few = pair.ours.search(each, limit=limit)
            assert [score for score, _ in few.top_n] == pytest.approx(all_scores[:limit]), each


_WORDS = [query.Term("body", word) for word in ("red", "green", "blue", "gold")]


@pytest.mark.parametrize(
    "asked",
    [
        query.Or(_WORDS),
        query.And([query.Or(_WORDS[:3]), _WORDS[3]]),
        query.Or([query.Or(_WORDS[:2], boost=9), _WORDS[3]]),
        query.AndMaybe(query.Or(_WORDS[:3]), _WORDS[3]),
    ],
    ids=repr,
)
def test_the_best_article_is_found_however_late_it_comes(asked: query.Query) -> None:
    articles = [
        plain(f"{number}", text="red green blue gold" + " grey" * (40 - number) if number % 2 else "green gold")
        for number in range(40)
    ]
    articles.append(plain("best", text="red green blue red green blue gold"))
    with open_pair([articles]) as pair:
        assert [hit["id"] for hit in pair.ours.search(asked, limit=1)] == ["best"]


def test_the_stored_schema_parses_what_readers_type(pair: Pair) -> None:
    parser = QueryParser("body", pair.ours.schema)
    parser.add_plugin(FuzzyTermPlugin())
    expected = {
        "sleeping late": ["food/tea"],
        'title:"low irons"': ["food/iron"],
        "len*": ["food/iron"],
        "LENT*": ["food/iron"],
        "l?ntil": ["food/iron"],
        "lentol~1": ["food/iron"],
        "views:[1001 to 1002]": ["sleep/night-01", "sleep/night-02"],
        "published:20250106": ["food/iron"],
        "published:[20241220 to]": ["food/iron", "sleep/night-23"],
        'section:"Health > Food"': ["food/iron", "food/tea"],
        "tags:tiredness": ["food/iron"],
        "late NOT room": ["food/tea"],
    }
    assert {text: found_by(pair.ours, parser.parse(text)) for text in expected} == expected


def test_a_word_of_two_parts_is_a_phrase_and_a_keyword_with_a_comma_is_whole() -> None:
    covid = Article("covid", "Covid-19", (Section("", "", "after covid-19 at home"),), section=("Ear, Nose",))
    apart = plain("apart", text="19 words on covid")
    with open_pair([[covid, apart]]) as pair:
        parser = QueryParser("body", pair.ours.schema)
        assert found_by(pair.ours, parser.parse("COVID-19")) == ["covid"]
        assert found_by(pair.ours, parser.parse('section:"Ear, Nose"')) == ["covid"]


def test_whoosh_suggests_highlights_and_finds_more_like_an_article(pair: Pair) -> None:
    assert "lentil" in pair.ours.corrector("body").suggest("lentel", maxdist=1)
    (hit,) = pair.ours.search(query.Term("body", "lentil"))
    assert "lentils</b>" in hit.highlights("body").lower()
    night = pair.ours.search(query.Term("id", "sleep/night-05"))[0]
    assert all(each["id"].startswith("sleep/") for each in night.more_like_this("body", numterms=3))


def test_an_index_of_no_segments_finds_nothing() -> None:
    with open_pair([]) as pair:
        assert pair.ours.doc_count_all() == 0
        assert found_by(pair.ours, query.Every()) == []


def test_an_index_whose_articles_are_all_deleted_finds_nothing() -> None:
    with open_pair([[IRON]], frozenset({IRON.id})) as pair:
        assert pair.ours.doc_count() == 0
        assert found_by(pair.ours, query.Every()) == found_by(pair.ours, query.Term("title", "iron")) == []
