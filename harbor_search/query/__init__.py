"""Queries: the tree of what a reader asked for, and the parser from words to tree."""

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

__all__ = ["FIELDS", "Boolean", "Everything", "Fuzzy", "Node", "Nothing", "Phrase", "Prefix", "Term"]
