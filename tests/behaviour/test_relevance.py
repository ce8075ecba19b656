"""A floor below which ranking may not fall, on the judged queries of the sample corpus."""

from __future__ import annotations

from harbor_search.evaluation import evaluate, read_qrels, read_queries
from tests.behaviour.collection import CORPUS, Collection

FLOOR = 0.80
"""nDCG@10."""


def test_judged_queries_are_answered_at_least_as_well_as_they_were(collection: Collection) -> None:
    queries, qrels = read_queries(CORPUS / "queries.tsv"), read_qrels(CORPUS / "qrels.tsv")
    report = evaluate(collection.engine, queries, qrels, collection.settings, k=10)
    assert report.unknown_articles == ()
    worst = "\n".join(f"{each.measures['nDCG@10']:.3f}  {each.query}" for each in report.worst(15))
    assert report.means["nDCG@10"] >= FLOOR, f"nDCG@10 {report.means['nDCG@10']:.4f}; the lowest:\n{worst}"
