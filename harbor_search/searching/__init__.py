"""Searching: the use cases behind every interface."""

from harbor_search.searching.cursors import START, Cursor, read_cursor, write_cursor
from harbor_search.searching.read import MatchedArticle, read
from harbor_search.searching.request import SearchRequest, parse_request
from harbor_search.searching.search import search
from harbor_search.searching.serialise import results_to_dict, results_to_json, to_json

__all__ = [
    "START",
    "Cursor",
    "MatchedArticle",
    "SearchRequest",
    "parse_request",
    "read",
    "read_cursor",
    "results_to_dict",
    "results_to_json",
    "search",
    "to_json",
    "write_cursor",
]
