"""Titles of a snapshot beside what was typed."""

from __future__ import annotations

from collections.abc import Sequence

from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.title_match import Words, factor, title_words

__all__ = ["TitleMatch"]

_MOST_KNOWN = 16_384
"""Titles whose words are remembered: readers see the same articles again."""


class TitleMatch:
    """Compares queries with the titles of a snapshot. Threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[int, Words] = {}

    def factors(self, typed: Sequence[str], documents: Sequence[int]) -> list[float]:
        """What the scores of documents count for a query of these texts, stop words included."""
        words, titles = title_words(" ".join(typed)), map(self._words, documents)
        # Most titles have nothing to do with the query as a whole.
        text = words.text
        return [factor(words, title) if title.text in text or text in title.text else 1.0 for title in titles]

    def _words(self, document: int) -> Words:
        known = self._known.get(document)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[document] = title_words(self._snapshot.display(document).title)
        return known
