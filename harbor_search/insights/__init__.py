"""Insights: what readers search for and open, and proposals for better results."""

from harbor_search.insights.accepting import accept
from harbor_search.insights.log import QUERY_LOG, Counts, QueryLog, QueryStats
from harbor_search.insights.proposals import Effect, Proposal
from harbor_search.insights.report import Insights, insights, insights_to_dict

__all__ = [
    "QUERY_LOG",
    "QueryStats",
    "Counts",
    "Effect",
    "Insights",
    "Proposal",
    "QueryLog",
    "accept",
    "insights",
    "insights_to_dict",
]
