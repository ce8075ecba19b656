"""Evaluation of rankings: from judged queries to measures, comparisons and tuned settings."""

from harbor_search.evaluation.charts import write_pictures
from harbor_search.evaluation.comparison import Change, Comparison, Difference, compare
from harbor_search.evaluation.evaluate import evaluate, measure_results, ndcg_by_query
from harbor_search.evaluation.gate import Judged, judged_queries, relevance_gate
from harbor_search.evaluation.judgements import Qrels, Queries, read_qrels, read_queries
from harbor_search.evaluation.report import EvaluationReport, QueryReport, report_to_dict
from harbor_search.evaluation.saved_runs import SavedRun, load_run, save_run
from harbor_search.evaluation.trec import is_results_file, read_results, write_results
from harbor_search.evaluation.tuning import TUNED, Tuning, tune

__all__ = [
    "Change",
    "Comparison",
    "Difference",
    "EvaluationReport",
    "Qrels",
    "Queries",
    "QueryReport",
    "SavedRun",
    "TUNED",
    "Tuning",
    "compare",
    "evaluate",
    "is_results_file",
    "load_run",
    "measure_results",
    "ndcg_by_query",
    "read_qrels",
    "read_queries",
    "read_results",
    "Judged",
    "judged_queries",
    "relevance_gate",
    "report_to_dict",
    "save_run",
    "tune",
    "write_pictures",
    "write_results",
]
