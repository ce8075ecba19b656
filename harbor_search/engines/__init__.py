"""Engines: the `SearchEngine` protocol and what implements it."""

from harbor_search.engines.hits import hit_of
from harbor_search.engines.opening import open_engine
from harbor_search.engines.protocol import (
    Aspect,
    Criteria,
    EngineAnswer,
    GenerationInfo,
    IndexStats,
    Marking,
    Progress,
    Removing,
    SearchEngine,
    Sort,
    StoredArticles,
    SuggestedArticle,
    Suggestion,
    Suggestions,
    Total,
    Update,
    Vocabulary,
    any_number,
    no_mark,
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
    "open_engine",
]
