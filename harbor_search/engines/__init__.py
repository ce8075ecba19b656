"""Engines: the `SearchEngine` protocol and what implements it."""

from harbor_search.engines.answers import EngineAnswer, SuggestedArticle, Suggestion, Suggestions
from harbor_search.engines.criteria import Aspect, Criteria, Sort, Total
from harbor_search.engines.hits import hit_of
from harbor_search.engines.opening import open_engine, rescored
from harbor_search.engines.protocol import (
    GenerationInfo,
    IndexStats,
    Marking,
    Progress,
    Removing,
    SearchEngine,
    StoredArticles,
    Update,
    Vocabulary,
    any_number,
    no_mark,
    require_mark,
)

__all__ = [
    "Aspect",
    "Criteria",
    "EngineAnswer",
    "GenerationInfo",
    "IndexStats",
    "Marking",
    "Progress",
    "Removing",
    "SearchEngine",
    "Sort",
    "StoredArticles",
    "SuggestedArticle",
    "Suggestion",
    "Suggestions",
    "Total",
    "Update",
    "Vocabulary",
    "any_number",
    "hit_of",
    "no_mark",
    "require_mark",
    "open_engine",
    "rescored",
]
