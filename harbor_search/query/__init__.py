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
from harbor_search.query.plain import ALTERNATIVES, REQUIRED, WANTED, Piece, PlainQuery, Query, starts_from_all, tree_of

__all__ = [
    "ALTERNATIVES",
    "FIELDS",
    "REQUIRED",
    "WANTED",
    "Boolean",
    "Everything",
    "Fuzzy",
    "Limits",
    "Node",
    "Nothing",
    "Parsed",
    "Phrase",
    "Piece",
    "PlainQuery",
    "Prefix",
    "Query",
    "Term",
    "parse",
    "starts_from_all",
    "tree_of",
]
