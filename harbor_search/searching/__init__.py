"""Searching: the use cases behind every door."""

from harbor_search.searching.request import SECTION_SEPARATOR, SearchRequest, parse_request
from harbor_search.searching.search import search

__all__ = ["SECTION_SEPARATOR", "SearchRequest", "parse_request", "search"]
