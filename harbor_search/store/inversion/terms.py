"""Interning of terms: the distinct terms of a segment being built get numbers from 0, in order of appearance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harbor_search.analysis import MAX_TERM_LENGTH, Analyzer
from harbor_search.analysis.batch_analysis import Vocabulary
from harbor_search.analysis.string_table import SPARE, StringTable, add, find, key_of
from harbor_search.compiled import kernel

__all__ = ["TermNumbers", "intern_terms"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Ends = npt.NDArray[np.uint64]


class TermNumbers:
    """Assigns numbers to byte strings without NUL."""

    def __init__(self) -> None:
        self._terms = StringTable()

    def __len__(self) -> int:
        return self._terms.count

    @property
    def nbytes(self) -> int:
        """Memory in use, in bytes."""
        return self._terms.nbytes

    def of(self, terms: Sequence[bytes]) -> Int32s:
        """int32[terms]: the number of each term; new terms get new numbers."""
        # A writable buffer, as in `intern_parts`: the kernel is compiled for one type of array.
        text = np.frombuffer(bytearray().join([*terms, bytes(SPARE)]), np.uint8)
        ends = np.cumsum(np.fromiter(map(len, terms), np.int64, len(terms)))
        return self.intern_parts(text, np.concatenate([np.zeros(1, np.int64), ends[:-1]])[: ends.size], ends)

    def intern_parts(self, text: Bytes, starts: Int64s, ends: Int64s) -> Int32s:
        """The same for slices of `text`; `SPARE` more bytes must be readable after the last one."""
        strings = self._terms
        strings.reserve(starts.size, int((ends - starts).sum()))
        numbers = np.empty(starts.size, np.int32)
        strings.count = _intern(text, starts, ends, strings.table, strings.pool, strings.ends, strings.count, numbers)
        return numbers

    def text(self, number: int) -> bytes:
        """The term with this number."""
        return self._terms.pool[self._terms.ends[number] : self._terms.ends[number + 1]].tobytes()

    def texts(self) -> tuple[Bytes, Ends]:
        """All terms by number: their concatenated bytes (uint8), and where each ends (uint64)."""
        return self._terms.pool[: self._terms.size], self._terms.ends[1 : len(self) + 1].view(np.uint64)


def intern_terms(vocabulary: Vocabulary, first: int, analyzer: Analyzer, terms: TermNumbers) -> Int32s:
    """int32[tokens]: the term numbers of the tokens from number `first` on; new terms are added to `terms`.

    The analyzer is called only for tokens that are not terms verbatim.
    """
    text, starts, ends = vocabulary.parts(first)
    numbers = np.empty(starts.size, np.int32)
    verbatim = _verbatim(text, starts, ends, analyzer.stems)
    numbers[verbatim] = terms.intern_parts(text, starts[verbatim], ends[verbatim])
    others = np.nonzero(~verbatim)[0]
    found = analyzer.terms(vocabulary.texts(first + others))
    numbers[others] = terms.of([term.encode("utf-8", "surrogatepass") for term in found])
    return numbers


@kernel
def _intern(text, starts, ends, table, pool, term_ends, count, numbers):
    """Number slices of `text`; returns the new number of strings in the table."""
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
def _verbatim(text, starts, ends, stems):
    """bool[tokens]: whether each token is a term verbatim (see `Analyzer`)."""
    which = np.zeros(starts.size, np.bool_)
    for i in range(starts.size):
        plain, digits = ends[i] - starts[i] <= MAX_TERM_LENGTH, False
        for at in range(starts[i], ends[i]):
            byte = text[at]
            plain &= byte < 0x80 and byte >= 0x30  # apostrophes, points and signs are below
            digits |= byte <= 0x39 and byte >= 0x30
        which[i] = plain and (digits or not stems)
    return which
