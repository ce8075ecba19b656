"""Searching: the use cases behind every interface."""

from harbor_search.searching.cursors import START, Cursor, read_cursor, write_cursor
from harbor_search.searching.explain import ExplainedArticle, explain
from harbor_search.searching.explained_hits import ExplainedHits
from harbor_search.searching.read_article import MatchedArticle, read
from harbor_search.searching.related import related
from harbor_search.searching.request import SearchRequest, parse_request
from harbor_search.searching.search import search
from harbor_search.searching.serialise import explanation_to_dict, results_to_dict, results_to_json, to_json
from harbor_search.searching.suggest import suggest, suggestions_to_dict

__all__ = [
    "START",
    "Cursor",
    "ExplainedArticle",
    "ExplainedHits",
    "MatchedArticle",
    "SearchRequest",
    "explain",
    "explanation_to_dict",
    "parse_request",
    "read",
    "read_cursor",
    "related",
    "results_to_dict",
    "results_to_json",
    "search",
    "suggest",
    "suggestions_to_dict",
    "to_json",
    "write_cursor",
]
