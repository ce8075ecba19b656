"""Evaluation: judged queries in, measures out."""

from harbor_search.evaluation.comparison import Comparison, Difference, compare
from harbor_search.evaluation.evaluate import evaluate
from harbor_search.evaluation.judgements import Qrels, Queries, read_qrels, read_queries
from harbor_search.evaluation.report import EvaluationReport, QueryReport, report_to_dict
from harbor_search.evaluation.saved import SavedRun, load_run, save_run

__all__ = [
    "Comparison",
    "Difference",
    "EvaluationReport",
    "Qrels",
    "Queries",
    "QueryReport",
    "SavedRun",
    "compare",
    "evaluate",
    "load_run",
    "read_qrels",
    "read_queries",
    "report_to_dict",
    "save_run",
]
