"""Engines: the `SearchEngine` protocol and what implements it."""

from harbor_search.engines.opening import open_engine
from harbor_search.engines.protocol import (
    Criteria,
    EngineAnswer,
    EngineHit,
    GenerationInfo,
    IndexStats,
    Progress,
    SearchEngine,
    Sort,
    Update,
)

__all__ = [
    "Criteria",
    "EngineAnswer",
    "EngineHit",
    "GenerationInfo",
    "IndexStats",
    "Progress",
    "SearchEngine",
    "Sort",
    "Update",
    "open_engine",
]
