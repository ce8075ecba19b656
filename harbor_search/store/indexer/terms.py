"""The distinct terms of a segment in the making: their numbers, from 0 in order of appearance, and those of tokens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harbor_search.analysis import MAX_TERM_LENGTH, Analyzer
from harbor_search.analysis.batches import Vocabulary
from harbor_search.analysis.strings import SPARE, StringTable, add, find, key_of
from harbor_search.compiled import kernel

__all__ = ["TermNumbers", "terms_from"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Ends = npt.NDArray[np.uint64]


class TermNumbers:
    """Numbers for byte strings without NUL."""

    def __init__(self) -> None:
        self._terms = StringTable()

    def __len__(self) -> int:
        return self._terms.count

    @property
    def held(self) -> int:
        """The memory that is used."""
        return self._terms.held

    def of(self, terms: Sequence[bytes]) -> Int32s:
        """int32[terms]: the number of each, new ones for those that are new."""
        # Of bytes that can be written, as `of_parts` has them: the kernel is compiled for one kind of array.
        text = np.frombuffer(bytearray().join([*terms, bytes(SPARE)]), np.uint8)
        ends = np.cumsum(np.fromiter(map(len, terms), np.int64, len(terms)))
        return self.of_parts(text, np.concatenate([np.zeros(1, np.int64), ends[:-1]])[: ends.size], ends)

    def of_parts(self, text: Bytes, starts: Int64s, ends: Int64s) -> Int32s:
        """The same for parts of `text`, behind the last of which `SPARE` bytes more can be read."""
        known = self._terms
        known.make_room(starts.size, int((ends - starts).sum()))
        numbers = np.empty(starts.size, np.int32)
        known.count = _intern(text, starts, ends, known.table, known.pool, known.ends, known.count, numbers)
        return numbers

    def text(self, number: int) -> bytes:
        """The term of a number."""
        return self._terms.pool[self._terms.ends[number] : self._terms.ends[number + 1]].tobytes()

    def texts(self) -> tuple[Bytes, Ends]:
        """The terms by number: their bytes (uint8), one behind the other, and where each ends (uint64)."""
        return self._terms.pool[: self._terms.size], self._terms.ends[1 : len(self) + 1].view(np.uint64)


def terms_from(vocabulary: Vocabulary, first: int, analyzer: Analyzer, terms: TermNumbers) -> Int32s:
    """int32[tokens]: the numbers that the tokens from number `first` on have among `terms`, which learn new ones.

    An analyzer is asked only for tokens that are not terms as they are.
    """
    text, starts, ends = vocabulary.parts(first)
    numbers = np.empty(starts.size, np.int32)
    as_they_are = _as_they_are(text, starts, ends, analyzer.stems)
    numbers[as_they_are] = terms.of_parts(text, starts[as_they_are], ends[as_they_are])
    others = np.nonzero(~as_they_are)[0]
    found = analyzer.terms(vocabulary.texts(first + others))
    numbers[others] = terms.of([term.encode("utf-8", "surrogatepass") for term in found])
    return numbers


@kernel
def _intern(text, starts, ends, table, pool, term_ends, count, numbers):
    """Number parts of `text`; returns how many strings are known now."""
    for i in range(starts.size):
        size = ends[i] - starts[i]
        key = key_of(text, starts[i], size)
        number, slot = find(table, pool, term_ends, key, text, starts[i], size)
        if number < 0:
            number = count
            count = add(table, pool, term_ends, count, slot, key, text, starts[i], size)
        numbers[i] = number
    return count


@kernel
def _as_they_are(text, starts, ends, stems):
    """bool[tokens]: which are terms as they are, as `Analyzer` says."""
    which = np.zeros(starts.size, np.bool_)
    for i in range(starts.size):
        plain, digits = ends[i] - starts[i] <= MAX_TERM_LENGTH, False
        for at in range(starts[i], ends[i]):
            byte = text[at]
            plain &= byte < 0x80 and byte >= 0x30  # apostrophes, points and signs are below
            digits |= byte <= 0x39 and byte >= 0x30
        which[i] = plain and (digits or not stems)
    return which
