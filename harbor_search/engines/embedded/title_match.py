"""Titles that are what was typed, or have it in them: who types a title wants that article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

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


class Words(NamedTuple):
    """Words with a space before and behind each, so that texts tell whether some words stand in others."""

    text: str
    number: int


class TitleMatch:
    """Compares queries with the titles of a snapshot. Threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[int, Words] = {}

    def factors(self, typed: Sequence[str], documents: Sequence[int]) -> list[float]:
        """What the scores of documents count for a query of these texts, stop words included."""
        words = title_words(" ".join(typed))
        return [factor(words, self._words(document)) for document in documents]

    def _words(self, document: int) -> Words:
        known = self._known.get(document)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[document] = title_words(self._snapshot.display(document).title)
        return known


def title_words(text: str) -> Words:
    """The words of a text, without case and accents."""
    words = _WORD.findall(fold(text))
    return Words(f" {' '.join(words)} ", len(words))


def factor(words: Words, title: Words) -> float:
    """What a score counts for a query of `words` where the title is of these."""
    if title.text in words.text:
        return EQUAL if title.text == words.text else AROUND if title.number >= _SHORTEST else 1.0
    return WITHIN if words.number >= _SHORTEST and words.text in title.text else 1.0
