"""Snippets: the passages of an article that answer a query, as plain text and ranges."""

from harbor_search.snippets.fragments import best_snippets
from harbor_search.snippets.names import names_snippet
from harbor_search.snippets.occurrences import Occurrence
from harbor_search.snippets.ranges import title_ranges

__all__ = ["Occurrence", "best_snippets", "names_snippet", "title_ranges"]
