"""Titles of a snapshot beside what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.title_match import Words, factor, title_words

__all__ = ["TitleMatch"]

_MOST_KNOWN = 16_384
"""Titles whose words are remembered: readers see the same articles again."""


class TitleMatch:
    """Compares queries with the titles of a snapshot. Threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[int, str] = {}

    def factors(self, typed: Sequence[str], documents: Sequence[int]) -> list[float]:
        """What the scores of documents count for a query of these texts, stop words included."""
        words = _typed_words(" ".join(typed))
        text = words.text
        try:
            titles = list(map(self._known.__getitem__, documents))
        except KeyError:
            titles = list(map(self._words, documents))
        # Most titles have nothing to do with the query as a whole.
        return [
            factor(words, Words(title, len(title.split()))) if title in text or text in title else 1.0
            for title in titles
        ]

    def _words(self, document: int) -> str:
        known = self._known.get(document)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[document] = title_words(self._snapshot.display(document).title).text
        return known


_typed_words = lru_cache(maxsize=1024)(title_words)
