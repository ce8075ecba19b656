"""What is right: matches and BM25 scores by brute force over arrays, to check engines against before timing them.

The score of a word is idf * tf / (tf + k1 * (1 - b + b * length / average length)), idf = ln(1 + (N - n + 0.5) / (n +
0.5)): Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), without the constant
factor k1 + 1, with k1 = 1.2 and b = 0.75, and with lengths as they are rather than rounded to a byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt

from benchmarks.protocol import Text
from benchmarks.queries import Clause, Query

__all__ = ["Oracle", "words_of"]

_K1, _B = 1.2, 0.75
_WORD = re.compile(r"[^\W_]+")
_POSITION_BITS = 24

Numbers = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


def words_of(text: str) -> list[str]:
    """The analysis that the peers share: runs of letters and digits, in lower case."""
    return _WORD.findall(text.lower())


class Oracle:
    """An index as three arrays: for each occurrence of a word, in order of word, document and position."""

    def __init__(self, texts: Iterable[Text], analyze: Callable[[str], Sequence[str]] = words_of) -> None:
        self.analyze = analyze
        self.ids: list[str] = []
        self._numbers: dict[str, int] = {}
        occurrences: list[Numbers] = []
        lengths = []
        for identifier, text in texts:
            words = analyze(text)
            numbers = self._numbers
            occurrences.append(np.array([numbers.setdefault(w, len(numbers)) for w in words], dtype=np.int64))
            lengths.append(len(words))
            self.ids.append(identifier)
        self.lengths = np.array(lengths, dtype=np.float64)
        every = np.concatenate(occurrences) if occurrences else np.zeros(0, np.int64)
        documents = np.repeat(np.arange(len(lengths)), lengths)
        positions = np.concatenate([np.arange(n) for n in lengths]) if lengths else every
        order = np.argsort(every, kind="stable")
        self._places = ((documents << _POSITION_BITS) | positions)[order]
        self._starts = np.searchsorted(every[order], np.arange(len(self._numbers) + 1))

    def matches(self, query: Query) -> Numbers:
        """The numbers of all documents that match, ascending."""
        must, should = [self._documents(c) for c in query.must], [self._documents(c) for c in query.should]
        found = reduce(np.intersect1d, must) if must else reduce(np.union1d, should)
        for clause in query.must_not:
            found = np.setdiff1d(found, self._documents(clause))
        return found

    def top(self, query: Query, k: int) -> list[tuple[str, float]]:
        """The best k documents of a query of single words, with their scores; ties by id."""
        scores = np.zeros(len(self.ids))
        for clause in (*query.must, *query.should):
            documents, frequencies = np.unique(self._at(clause.words[0]) >> _POSITION_BITS, return_counts=True)
            norms = _K1 * (1 - _B + _B * self.lengths[documents] / self.lengths.mean())
            scores[documents] += self._idf(len(documents)) * frequencies / (frequencies + norms)
        found = self.matches(query)
        floor = np.partition(scores[found], -k)[-k] if len(found) > k else -np.inf
        best = [(self.ids[number], float(scores[number])) for number in found[scores[found] >= floor]]
        return sorted(best, key=lambda hit: (-hit[1], hit[0]))[:k]

    def _idf(self, documents_with: int) -> float:
        return float(np.log(1 + (len(self.ids) - documents_with + 0.5) / (documents_with + 0.5)))

    def _documents(self, clause: Clause) -> Numbers:
        return np.unique(self._phrase(clause.words) >> _POSITION_BITS)

    def _phrase(self, words: Sequence[str]) -> Numbers:
        places = [self._at(word) - offset for offset, word in enumerate(words)]
        return reduce(np.intersect1d, places)

    def _at(self, word: str) -> Numbers:
        analysed = self.analyze(word)
        number = self._numbers.get(analysed[0]) if len(analysed) == 1 else None
        if number is None:
            return np.zeros(0, np.int64)
        found: Numbers = self._places[self._starts[number] : self._starts[number + 1]]
        return found
