"""Queries: the tree of what a reader asked for, and the parser from words to tree."""

from harbor_search.query.bounds import Limits
from harbor_search.query.field_readings import fields_as_text
from harbor_search.query.nodes import (
    FIELDS,
    Boolean,
    Boosted,
    Dated,
    DisMax,
    Everything,
    Filter,
    Fuzzy,
    Node,
    Nothing,
    Phrase,
    Prefix,
    Sectioned,
    Tagged,
    Term,
    typed_equality,
)
from harbor_search.query.parser import Parsed, parse
from harbor_search.query.plain import ALTERNATIVES, REQUIRED, WANTED, Piece, PlainQuery, Query, starts_from_all, tree_of
from harbor_search.query.questions import asking_words
from harbor_search.query.term_selection import Weigh

__all__ = [
    "ALTERNATIVES",
    "FIELDS",
    "REQUIRED",
    "WANTED",
    "Boolean",
    "Boosted",
    "Dated",
    "DisMax",
    "Everything",
    "Filter",
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
    "Sectioned",
    "Tagged",
    "Term",
    "Weigh",
    "asking_words",
    "fields_as_text",
    "parse",
    "starts_from_all",
    "typed_equality",
    "tree_of",
]
