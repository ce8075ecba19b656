"""From the new tokens of a batch to their terms: an analyzer is asked only for those that are not terms as they are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.analysis import MAX_TERM_LENGTH, Analyzer
from harbor_search.analysis.batches import Vocabulary
from harbor_search.compiled import kernel
from harbor_search.store.indexer.term_numbers import TermNumbers

__all__ = ["terms_from"]

Int32s = npt.NDArray[np.int32]


def terms_from(vocabulary: Vocabulary, first: int, analyzer: Analyzer, terms: TermNumbers) -> Int32s:
    """int32[tokens]: the numbers that the tokens from number `first` on have among `terms`, which learn new ones."""
    text, starts, ends = vocabulary.parts(first)
    numbers = np.empty(starts.size, np.int32)
    as_they_are = _as_they_are(text, starts, ends, analyzer.stems)
    numbers[as_they_are] = terms.of_parts(text, starts[as_they_are], ends[as_they_are])
    others = np.nonzero(~as_they_are)[0]
    found = analyzer.terms(vocabulary.texts(first + others))
    numbers[others] = terms.of([term.encode("utf-8", "surrogatepass") for term in found])
    return numbers


@kernel
def _as_they_are(text, starts, ends, stems):  # type: ignore[no-untyped-def]
    """bool[tokens]: which are terms as they are, as `Analyzer` says."""
    which = np.zeros(starts.size, np.bool_)
    for i in range(starts.size):
        plain, digits = ends[i] - starts[i] <= MAX_TERM_LENGTH, False
        for at in range(starts[i], ends[i]):
            byte = text[at]
            plain &= byte < 0x80 and byte != 0x27
            digits |= byte <= 0x39 and byte >= 0x30
        which[i] = plain and (digits or not stems)
    return which
