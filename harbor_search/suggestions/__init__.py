"""Suggestions while typing (autocompletion), from the titles and headings of a collection."""

from harbor_search.suggestions.entries import Entries, Outline, collect_entries
from harbor_search.suggestions.index import Found, SuggestionIndex

__all__ = ["Entries", "Found", "Outline", "SuggestionIndex", "collect_entries"]
