"""Snippets: the passages of an article that answer a query, as plain text and ranges."""

from harbor_search.snippets.occurrences import Occurrence

__all__ = ["Occurrence"]
