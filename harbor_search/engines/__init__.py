"""Engines: the `SearchEngine` protocol and what implements it."""

from harbor_search.engines.hits import hit_of
from harbor_search.engines.opening import open_engine
from harbor_search.engines.protocol import (
    Criteria,
    EngineAnswer,
    GenerationInfo,
    IndexStats,
    Progress,
    Removing,
    SearchEngine,
    Sort,
    Suggestion,
    Suggestions,
    Total,
    Update,
    Vocabulary,
    any_number,
)

__all__ = [
    "Criteria",
    "EngineAnswer",
    "GenerationInfo",
    "IndexStats",
    "Progress",
    "Removing",
    "SearchEngine",
    "Sort",
    "Suggestion",
    "Suggestions",
    "Total",
    "Update",
    "Vocabulary",
    "any_number",
    "hit_of",
    "open_engine",
]
