"""Snippets: the passages of an article that answer a query, as plain text and ranges."""

from harbor_search.snippets.fragments import best_snippets
from harbor_search.snippets.matched_names import names_snippet
from harbor_search.snippets.occurrences import Occurrence
from harbor_search.snippets.passages import decode
from harbor_search.snippets.ranges import title_ranges
from harbor_search.snippets.sentences import cut_sentences, most_sentences

__all__ = ["Occurrence", "best_snippets", "cut_sentences", "decode", "most_sentences", "names_snippet", "title_ranges"]
