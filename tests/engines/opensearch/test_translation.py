"""From queries to OpenSearch's requests, compared as data."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article, Section
from harbor_search.engines import Criteria
from harbor_search.engines.analysed_query import analyse
from harbor_search.engines.clauses import Leaf, Spellings
from harbor_search.engines.clauses import Phrase as PhraseClause
from harbor_search.engines.clauses import Term as TermClause
from harbor_search.engines.opensearch.answers import total_of
from harbor_search.engines.opensearch.article_terms import ArticleTerms
from harbor_search.engines.opensearch.counting import estimating
from harbor_search.engines.opensearch.documents import Averages, article_of, source_of
from harbor_search.engines.opensearch.keywords import keyword
from harbor_search.engines.opensearch.mapping import index_body
from harbor_search.engines.opensearch.near_duplicates import group_alone
from harbor_search.engines.opensearch.search_request import request_of
from harbor_search.engines.opensearch.translation import Scoring, query_of
from harbor_search.engines.opensearch.weighting import Weighting, described
from harbor_search.query import Boolean, Boosted, Everything, Fuzzy, Node, Nothing, Phrase, Prefix, Tagged, Term
from harbor_search.ranking import BM25F

ENGLISH = get_analyzer("english")
WEIGHTING = Weighting.of({"averages": dict.fromkeys(dict(BM25F().fields), 10.0), "scoring": described(BM25F())})
PLAIN = Scoring(WEIGHTING, {})


def translated(node: Node) -> dict[str, Any]:
    return query_of(analyse(node, ENGLISH), expansions=7)


def within(field: str, text: str) -> dict[str, Any]:
    return {"match_phrase": {field: {"query": text}}}


@pytest.mark.parametrize(
    ("node", "query"),
    [
        (Term("Sleeping"), {"term": {"terms": {"value": "sleep"}}}),
        (Term("sleep", "title"), {"term": {"title_terms": {"value": "sleep"}}}),
        (Phrase("deep sleep", "headings"), within("headings_terms", "deep sleep")),
        (
            Phrase("deep sleep", "body", 2),
            {
                "span_near": {
                    "clauses": [{"span_term": {"body_terms": "deep"}}, {"span_term": {"body_terms": "sleep"}}],
                    "slop": 2,
                    "in_order": True,
                }
            },
        ),
        (
            Fuzzy("slepe", 1),
            {
                "fuzzy": {
                    "terms": {
                        "value": "slepe",
                        "fuzziness": 1,
                        "max_expansions": 7,
                        "prefix_length": 0,
                        "rewrite": "top_terms_7",
                    }
                }
            },
        ),
        (Everything(), {"match_all": {"boost": 0.0}}),
        (Nothing(), {"match_none": {}}),
        (Term("!?"), {"match_none": {}}),
        (
            Boolean(must=(Term("iron"),), should=(Term("tea"),), must_not=(Term("milk"),)),
            {
                "bool": {
                    "must": [{"term": {"terms": {"value": "iron"}}}],
                    "should": [{"term": {"terms": {"value": "tea"}}}],
                    "must_not": [{"term": {"terms": {"value": "milk"}}}],
                    "minimum_should_match": 0,
                }
            },
        ),
    ],
)
def test_each_kind_of_query_has_its_request(node: Node, query: dict[str, Any]) -> None:
    assert translated(node) == query


def test_a_phrase_in_no_field_is_looked_for_in_each() -> None:
    query = translated(Phrase("deep sleep"))["dis_max"]
    assert query["queries"] == [
        within(f"{field}_terms", "deep sleep") for field in ("title", "headings", "lead", "body", "names")
    ]


def test_a_prefix_finds_the_word_itself_in_its_stemmed_form_too() -> None:
    should = translated(Prefix("sleeping"))["bool"]["should"]
    assert should[0] == {"term": {"terms": {"value": "sleep"}}}
    assert should[1] == {"prefix": {"terms": {"value": "sleeping", "rewrite": "top_terms_7"}}}


def test_each_facet_is_counted_without_the_filter_on_itself() -> None:
    criteria = Criteria(section=("Health", "Sleep"), date_from=date(2024, 1, 1))
    body = request_of(analyse(Term("tea"), ENGLISH), criteria, expansions=7, scoring=PLAIN)
    placed = {"term": {"sections": "Health > Sleep"}}
    dated = {"range": {"published": {"gte": "2024-01-01"}}}
    assert body["post_filter"] == {"bool": {"filter": [placed, dated]}}
    assert body["aggs"]["section"]["filter"] == {"bool": {"filter": [dated]}}
    assert body["aggs"]["year"]["filter"] == {"bool": {"filter": [placed]}}


def test_equal_hits_are_ordered_by_id_and_articles_without_the_value_come_last() -> None:
    orders = {
        sort: request_of(None, Criteria(sort=sort), expansions=7, scoring=PLAIN)["sort"]
        for sort in ("relevance", "views")
    }
    assert orders["relevance"] == [{"_score": "desc"}, {"id": "asc"}]
    assert orders["views"] == [{"views": {"order": "desc", "missing": "_last"}}, {"id": "asc"}]


def test_an_article_is_sent_as_terms_with_weighted_frequencies_and_comes_back_whole() -> None:
    article = Article(
        "x",
        "Iron",
        (Section("", "", "Iron, and tea."), Section("Tea", "tea", "Black tea.")),
        lead="Iron, and tea.",
        section=("Health", "Food"),
        published=date(2025, 1, 2),
    )
    (analysed,) = ArticleTerms(ENGLISH).analyse([article])
    averages = Averages()
    averages.add(analysed)
    weighting = Weighting.of({"averages": averages.lengths(), "scoring": described(BM25F())})
    source = source_of(analysed, weighting, group_alone("0" * 31 + "1"))
    weighted = dict(entry.split("\x01") for entry in source["terms"].split(" "))
    # Every field is of average length: the weights of title, body and lead; headings, twice the body and the lead.
    assert weighted["iron"] == str(round(1000 * (2.5 + 1.0 + 0.5)))
    assert weighted["tea"] == str(round(1000 * (1.5 + 2 * 1.0 + 0.5)))
    assert source["body_terms"].split(" ")[:3] == ["iron", "and", "tea"]
    assert source["body_terms"].split(" ").count("\x02") == 64
    assert source["sections"] == ["Health", "Health > Food"]
    assert article_of(source) == article
    assert "similar" not in source


def test_an_index_is_made_as_it_is_asked_for() -> None:
    body = index_body(BM25F(), shards=3, results=20_000, meta={})
    assert body["settings"]["number_of_shards"] == 3
    assert body["settings"]["max_result_window"] == 20_000


def test_terms_stand_where_the_analyzer_puts_them_and_words_are_those_of_all_texts() -> None:
    article = Article(
        "x",
        "Caf\u00e9s of K\u00f6ln",
        (Section("H 'n' R", "h", "\u2019s caf\u00e9, ''s tea"),),
        tags=("Tea-Room", "B12"),
    )
    (analysed,) = ArticleTerms(ENGLISH).analyse([article])
    for field, text in (("title", article.title), ("headings", "H 'n' R"), ("body", article.body[0].text)):
        positions: list[str] = []
        for token in ENGLISH.analyze(text):
            if token.text:
                positions += ["\x02"] * (token.position - len(positions)) + [token.text]
        assert [term for term in analysed.fields[field].split(" ") if term][: len(positions)] == positions
    assert set(analysed.words) >= {"cafes", "koln", "cafe", "tea"}


def test_words_that_a_second_look_asks_about_have_names_wherever_they_stand() -> None:
    clause = analyse(Boolean(should=(Term("tea"), Boosted(Term("iron"), 0.5)), minimum=1), ENGLISH)
    iron = {"bool": {"must": [{"term": {"terms": {"value": "iron"}}}], "_name": "0"}}
    assert query_of(clause, expansions=7, scoring=Scoring(WEIGHTING, {}, {TermClause(b"iron", None): "0"})) == {
        "bool": {
            "minimum_should_match": 1,
            "should": [{"term": {"terms": {"value": "tea"}}}, {"function_score": {"query": iron, "boost": 0.5}}],
        }
    }


def test_a_phrase_scores_by_its_frequencies_in_all_fields_together() -> None:
    phrase = PhraseClause((b"deep", b"sleep"), (0, 1), 0, None)
    scoring = Scoring(WEIGHTING, {phrase: 5.0, TermClause(b"sleep", "title"): 3.0})
    query = query_of(phrase, expansions=7, scoring=scoring)["script_score"]
    assert query["script"]["source"] == "params.weight * _score / (params.k1 + _score)"
    assert query["script"]["params"] == {"weight": 5.0, "k1": 1.8}
    in_title, *others = query["query"]["bool"]["should"]
    assert in_title["script_score"]["query"] == {"match_phrase": {"title_terms": {"query": "deep sleep"}}}
    # The score of a phrase has what each of its two words scores.
    norm = WEIGHTING.norms["title"]
    parameters = norm._replace(weight=norm.weight / 2)._asdict() | {"length": "title_length"}
    assert in_title["script_score"]["script"]["params"] == parameters
    assert len(others) == 4
    query = query_of(TermClause(b"sleep", "title"), expansions=7, scoring=scoring)["script_score"]["query"]
    assert query["script_score"]["query"] == {"term": {"title_terms": {"value": "sleep"}}}


def test_other_spellings_add_a_little_less_to_one_frequency() -> None:
    phrase = PhraseClause((b"check", b"up"), (0, 1), 0, "body")
    spellings = Spellings(TermClause(b"checkup", "body"), (phrase,))
    query = query_of(spellings, expansions=7, scoring=Scoring(WEIGHTING, {spellings: 4.0}))["script_score"]
    asked = [each["script_score"] for each in query["query"]["bool"]["should"]]
    assert [(each["query"], each["script"]["params"]["weight"]) for each in asked] == [
        ({"term": {"body_terms": {"value": "checkup"}}}, 1.0),
        ({"match_phrase": {"body_terms": {"query": "check up"}}}, 0.7 / 2),
    ]


def test_what_is_folded_away_is_counted_in_totals_and_facets_and_estimated_only_where_that_is_asked() -> None:
    body = request_of(TermClause(b"iron", None), Criteria(), expansions=8, scoring=Scoring(WEIGHTING, {}), folded=True)
    exact, section = body["aggs"]["all"]["aggs"], body["aggs"]["section"]["aggs"]
    assert exact["grouped"]["aggs"]["counted"] == {"stats_bucket": {"buckets_path": "groups._count"}}
    assert exact["grouped"]["aggs"]["groups"]["terms"]["field"] == "group"
    assert section["folded"]["aggs"]["groups"]["terms"]["min_doc_count"] == 2
    nearly = estimating(body)["aggs"]
    assert sorted(nearly) == ["section", "source", "year"]
    assert list(nearly["section"]["aggs"]["values"]["aggs"]["grouped"]["aggs"]["groups"]) == ["cardinality"]


@pytest.mark.parametrize(("others", "relation"), [(0, "eq"), (7, "gte")])
def test_a_total_that_has_not_counted_all_groups_says_so(others: int, relation: str) -> None:
    grouped = {"doc_count": 30, "groups": {"sum_other_doc_count": others}, "counted": {"count": 10}}
    answer = {"hits": {"hits": []}, "aggregations": {"all": {"doc_count": 100, "grouped": grouped}}}
    assert total_of(answer, Criteria(total="exact"), folded=True) == (80, relation)


@pytest.mark.parametrize("node", [Prefix("iro"), Fuzzy("iorn", 1)])
def test_what_stands_for_several_words_scores_as_one_word_that_stands_as_often_as_they_do(node: Node) -> None:
    clause = analyse(node, ENGLISH)
    assert isinstance(clause, Leaf)
    query = query_of(clause, expansions=7, scoring=Scoring(WEIGHTING, {clause: 2.5}))["script_score"]
    assert query["script"]["params"] == {"weight": 2.5, "k1": 1.8}
    asked = json.dumps(query["query"]["bool"]["should"])
    for field in ("title_terms", "headings_terms", "lead_terms", "body_terms", "names_terms"):
        assert field in asked
    assert '"terms"' not in asked


@pytest.mark.parametrize("longest", ["\U0001f600" * 40_000, "x" * 1_001])
def test_very_long_values_are_told_apart_and_fit_into_a_term_of_the_index(longest: str) -> None:
    assert len(keyword(longest).encode()) < 32_766
    assert keyword(longest) != keyword(longest + "y")
    assert keyword(longest) == keyword(longest)
    assert keyword("x" * 1_000) == "x" * 1_000


def test_filters_ask_for_long_values_as_documents_have_them() -> None:
    long = "s" * 40_000
    article = Article("x" * 40_000, "T", (Section("", "", "Tea."),), section=(long,), tags=(long,), source_name=long)
    (analysed,) = ArticleTerms(ENGLISH).analyse([article])
    source = source_of(analysed, WEIGHTING, group_alone("0" * 31 + "1"))
    criteria = Criteria(section=(long,), source=long)
    body = request_of(analyse(Tagged(long), ENGLISH), criteria, expansions=7, scoring=PLAIN)
    filters = body["post_filter"]["bool"]["filter"]
    assert filters == [{"term": {"sections": source["sections"][0]}}, {"term": {"source_name": source["source_name"]}}]
    assert body["query"]["constant_score"]["filter"] == {"term": {"tags": source["tags"][0]}}
    assert article_of(source) == article
