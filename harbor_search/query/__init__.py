"""Queries: the tree of what a reader asked for, and the parser from words to tree."""

from harbor_search.query.bounds import Limits
from harbor_search.query.nodes import (
    FIELDS,
    Boolean,
    Everything,
    Fuzzy,
    Node,
    Nothing,
    Phrase,
    Prefix,
    Term,
)
from harbor_search.query.parser import Parsed, parse

__all__ = [
    "FIELDS",
    "Boolean",
    "Everything",
    "Fuzzy",
    "Limits",
    "Node",
    "Nothing",
    "Parsed",
    "Phrase",
    "Prefix",
    "Term",
    "parse",
]
