"""Asking judged queries the way readers do."""

from __future__ import annotations

import pytest

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.errors import UserError
from harbor_search.evaluation import EvaluationReport, evaluate, report_to_dict
from tests.evaluation.canned import CannedEngine

QUERIES = {"q1": "cough", "q2": "what about sleep", "q3": "xyzzy"}
QRELS = {"q1": {"a": 3, "b": 1}, "q2": {"c": 2}, "q3": {"a": 1}}
RANKINGS = {"cough": ["a", "b", "c"], "sleep": ["a", "b", "c"]}


def measured(
    engine: SearchEngine | None = None,
    queries: dict[str, str] = QUERIES,
    qrels: dict[str, dict[str, int]] = QRELS,
    settings: Settings | None = None,
    k: int = 10,
) -> EvaluationReport:
    return evaluate(engine or canned(), queries, qrels, settings or Settings(), k=k)


def canned() -> SearchEngine:
    return CannedEngine(RANKINGS, ["a", "b", "c"])


def test_each_query_gets_the_measures_of_what_readers_see() -> None:
    first, second, third = measured().queries
    assert first.measures["nDCG@10"] == 1.0
    assert second.measures["RR@100"] == pytest.approx(1 / 3)
    assert set(third.measures.values()) == {0.0}
    assert first.hits == ("a", "b", "c")


def test_queries_are_parsed_as_from_any_door() -> None:
    assert measured(queries={"q2": "what about sleep"}, qrels={"q2": {"a": 1}}).means["RR@100"] == 1.0


def test_means_are_over_all_judged_queries() -> None:
    assert measured().means["RR@100"] == pytest.approx((1 + 1 / 3 + 0) / 3)


def test_the_first_page_ends_at_k_but_deeper_measures_do_not() -> None:
    second = measured(k=2).queries[1]
    assert second.hits == ("a", "b")
    assert second.measures["Recall@2"] == 0.0
    assert second.measures["AP@100"] == pytest.approx(1 / 3)


def test_k_beyond_the_depth_deepens_it() -> None:
    assert "AP@200" in measured(k=200).means


def test_queries_without_any_hit_are_listed() -> None:
    assert [each.id for each in measured().without_hits] == ["q3"]


def test_the_worst_queries_come_first_and_perfect_ones_not_at_all() -> None:
    assert [each.id for each in measured().worst(10)] == ["q3", "q2"]
    assert [each.id for each in measured().worst(1)] == ["q3"]


def test_judged_articles_that_the_index_does_not_have_are_listed_and_count_against_it() -> None:
    report = measured(qrels={**QRELS, "q1": {"a": 3, "b": 1, "gone": 3}})
    assert report.unknown_articles == ("gone",)
    assert report.queries[0].measures["nDCG@10"] < 1


def test_queries_without_a_relevant_article_do_not_enter_the_means() -> None:
    report = measured(qrels={"q1": QRELS["q1"]})
    assert report.unjudged == ("q2", "q3")
    assert report.means["nDCG@10"] == 1.0


def test_a_query_that_readers_may_not_ask_is_worth_nothing_and_says_why() -> None:
    report = measured(settings=Settings(max_query_length=6))
    refused = report.queries[1]
    assert "at most 6 are allowed" in refused.refused
    assert set(refused.measures.values()) == {0.0}
    assert report.queries[0].measures["nDCG@10"] == 1.0


def test_k_must_be_positive() -> None:
    with pytest.raises(UserError, match="k must be 1 or more, not 0"):
        measured(k=0)


def test_judgements_of_other_queries_are_refused() -> None:
    with pytest.raises(UserError, match="the queries file does not have: q2, q3"):
        measured(queries={"q1": "cough"})


def test_a_report_as_json_names_everything() -> None:
    document = report_to_dict(measured(qrels={**QRELS, "q1": {"gone": 1}}))
    assert document["generation"] == "7"
    assert document["measures"] == measured(qrels={**QRELS, "q1": {"gone": 1}}).means
    assert document["queries"][1]["query"] == "what about sleep"
    assert document["queries"][1]["hits"] == ["a", "b", "c"]
    assert document["without_hits"] == ["q3"]
    assert document["unknown_articles"] == ["gone"]
