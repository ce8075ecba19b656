"""Titles of a snapshot beside what was typed.

Titles are numbered by their words, so that what several articles have is told by a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import compress, repeat
from operator import or_

import numpy as np
import numpy.typing as npt

from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.title_match import Words, beginning, factor, title_words

__all__ = ["TitleFactors", "TitleMatch"]

_MOST_KNOWN = 16_384
"""Titles whose words are remembered: readers see the same articles again."""


class TitleFactors:
    """What scores count for a query where titles are these. Hold the lock of the snapshot that they are of."""

    def __init__(
        self, texts: Mapping[int, str], typed: Sequence[str], other_names: Sequence[str], equal: float, analyzer: str
    ) -> None:
        """`texts` are the words of titles by number; all else is as `engines.title_match.factor` has it."""
        self._texts, self._equal, self._analyzer = texts, equal, analyzer
        self._typed = _typed_words(" ".join(typed))
        self._names = {_typed_words(name).text for name in other_names}

    def of(self, numbers: Sequence[int]) -> npt.NDArray[np.float64]:
        """float64[titles]: those of titles with these numbers."""
        found = np.ones(len(numbers))
        titles = list(map(self._texts.__getitem__, numbers))
        for place in compress(range(len(titles)), self._concerned(titles)):
            title = titles[place]
            words = Words(title, len(title.split()))
            found[place] = factor(self._typed, words, self._equal, self._names, self._analyzer)
        return found

    def _concerned(self, titles: Sequence[str]) -> Iterator[bool]:
        """Whether each of some titles may have to do with the query as a whole, as most have not.

        Without a step of the interpreter for each: a new question comes with fifty titles.
        """
        text = self._typed.text
        begun = tuple(map(beginning, (text, *self._names)))
        in_forms, around = map(str.startswith, titles, repeat(begun)), map(text.__contains__, titles)
        return map(or_, in_forms, map(or_, around, map(str.__contains__, titles, repeat(text))))


class TitleMatch:
    """Compares queries with the titles of a snapshot. Hold its lock."""

    def __init__(self, snapshot: Snapshot, equal: float) -> None:
        """`equal` is what a score counts where the title is the query."""
        self._snapshot, self._equal = snapshot, equal
        self._number_of = np.zeros(snapshot.count, np.int32)  # 0 where it is not known; what is not written to is free
        self._numbers: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        self._last = 0
        self.untitled = self._number("")

    def numbers(self, documents: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """int32[documents]: the numbers of their titles, the same for titles of the same words; `untitled` for none."""
        numbers = self._number_of[documents]
        return numbers if numbers.all() else self._learnt(documents)

    def factors(self, typed: Sequence[str], other_names: Sequence[str] = ()) -> TitleFactors:
        """What titles count, by their numbers, for a query of these texts, stop words included.

        `other_names` are those of what it names.
        """
        return TitleFactors(self._texts, typed, other_names, self._equal, self._snapshot.analyzer.name)

    def _learnt(self, documents: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """As `numbers`, where some are not known yet."""
        if len(self._texts) >= _MOST_KNOWN:
            self._begin()
        for document in documents[self._number_of[documents] == 0].tolist():
            self._number_of[document] = self._number(self._snapshot.display(document).title)
        return self._number_of[documents]

    def _begin(self) -> None:
        """Forget all titles. No number is given again, so that what is known of them stays true."""
        self._number_of[:] = 0
        self._numbers.clear()
        self._texts.clear()
        self.untitled = self._number("")

    def _number(self, title: str) -> int:
        text = title_words(title).text
        known = self._numbers.get(text)
        if known is None:
            self._last += 1
            known = self._numbers[text] = self._last
            self._texts[known] = text
        return known


_typed_words = lru_cache(maxsize=1024)(title_words)
