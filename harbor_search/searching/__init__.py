"""Searching: the use cases behind every door."""

from harbor_search.searching.request import SECTION_SEPARATOR, SearchRequest, parse_request
from harbor_search.searching.search import search
from harbor_search.searching.serialise import results_to_dict, to_json

__all__ = ["SECTION_SEPARATOR", "SearchRequest", "parse_request", "results_to_dict", "search", "to_json"]
