"""Titles of a snapshot beside what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.title_match import Words, factor, may_be_forms, title_words

__all__ = ["TitleMatch"]

_MOST_KNOWN = 16_384
"""Titles whose words are remembered: readers see the same articles again."""


class TitleMatch:
    """Compares queries with the titles of a snapshot. Threads may share it."""

    def __init__(self, snapshot: Snapshot, equal: float) -> None:
        """`equal` is what a score counts where the title is the query."""
        self._snapshot, self._equal = snapshot, equal
        self._known: dict[int, str] = {}

    def titles(self, documents: Sequence[int]) -> list[str]:
        """The words of the titles of documents, as `title_words` has them."""
        try:
            return list(map(self._known.__getitem__, documents))
        except KeyError:
            return list(map(self._words, documents))

    def factors(self, typed: Sequence[str], titles: Sequence[str], other_names: Sequence[str] = ()) -> list[float]:
        """What scores count for a query of these texts, stop words included, where the titles are these.

        `other_names` are those of what it names.
        """
        words, equal, analyzer = _typed_words(" ".join(typed)), self._equal, self._snapshot.analyzer.name
        text, names = words.text, {_typed_words(name).text for name in other_names}
        asked = (text, *names)
        # Most titles have nothing to do with the query as a whole.
        return [
            factor(words, Words(title, len(title.split())), equal, names, analyzer)
            if title in text or text in title or any(may_be_forms(title, each) for each in asked)
            else 1.0
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
