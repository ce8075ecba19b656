"""Titles that are what was typed, or have it in them: who types a title wants that article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from harbor_search.analysis import fold
from harbor_search.engines.embedded.snapshot import Snapshot

__all__ = ["TitleMatch"]

EQUAL = 3.0
"""What a score counts for an article whose title is the query, word for word: nobody types one by chance."""

WITHIN = 1.2
"""The same where the title has the query in it, all words in order."""

AROUND = 1.1
"""The same where the query has the title in it: "symptoms of breast cancer" names what the article is about."""

_SHORTEST = 2
"""Words that tell something by standing side by side."""

_MOST_KNOWN = 16_384
"""Titles whose words are remembered: readers see the same articles again."""

_WORD = re.compile(r"\w+")


class TitleMatch:
    """Compares queries with the titles of a snapshot. Threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[int, tuple[str, ...]] = {}

    def factors(self, typed: Sequence[str], documents: Sequence[int]) -> list[float]:
        """What the scores of documents count for a query of these texts, stop words included."""
        words = title_words(" ".join(typed))
        return [factor(words, self._words(document)) for document in documents]

    def _words(self, document: int) -> tuple[str, ...]:
        known = self._known.get(document)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[document] = title_words(self._snapshot.display(document).title)
        return known


def title_words(text: str) -> tuple[str, ...]:
    """The words of a text, without case and accents."""
    return tuple(_WORD.findall(fold(text)))


def factor(words: Sequence[str], title: Sequence[str]) -> float:
    """What a score counts for a query of `words` where the title is of these."""
    if words == title:
        return EQUAL
    if len(words) >= _SHORTEST and _stands_in(words, title):
        return WITHIN
    if len(title) >= _SHORTEST and _stands_in(title, words):
        return AROUND
    return 1.0


def _stands_in(some: Sequence[str], words: Sequence[str]) -> bool:
    size = len(some)
    return any(words[at] == some[0] and words[at : at + size] == some for at in range(len(words) - size + 1))
