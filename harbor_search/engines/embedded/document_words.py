"""The words of documents, from their stored texts: posting lists say which documents a word has, not the other way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.batch_analysis import Vocabulary, joined_texts
from harbor_search.analysis.string_table import extended
from harbor_search.engines.embedded.feedback_kernel import count_terms, share_terms
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.feedback import leading_texts
from harbor_search.ranking import reserved
from harbor_search.store import BlockCache, TermNumbers, intern_terms

__all__ = ["DocumentWords"]

_MOST_HELD = 2_000_000
"""Words of documents, each as often as documents have it, that are remembered: 16 MB at most, of some ten
thousand articles."""

_MOST_TERMS = 500_000
"""Distinct words that are numbered before all is begun anew: some 30 MB."""

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Float64s = npt.NDArray[np.float64]


class DocumentWords:
    """The words of a snapshot's documents, cut and stemmed as those of the collection's language. Hold its lock.

    They are the same whatever the ranking.

    Numbers of terms stand until `shared` is called the next time.
    """

    def __init__(
        self, snapshot: Snapshot, blocks: BlockCache, values_of: Callable[[Sequence[bytes]], list[float]]
    ) -> None:
        """`blocks` keeps articles that were uncompressed; `values_of` says what some terms are worth."""
        self._snapshot, self._blocks, self._values_of = snapshot, blocks, values_of
        self._begin()

    def _begin(self) -> None:
        self._vocabulary, self._numbers = Vocabulary(), TermNumbers()
        self._term_of, self._tokens = np.empty(1 << 10, np.int32), 0
        self._values = np.empty(0)
        self._sums, self._counts = np.empty(0), np.empty(0, np.int32)
        # What is not written to takes no memory. Of each document, row after row: its terms, and how often it has each.
        self._terms = reserved(_MOST_HELD, np.int32)
        self._titles, self._bodies = reserved(_MOST_HELD, np.uint16), reserved(_MOST_HELD, np.uint16)
        self._ends = np.zeros(1 << 8, np.int64)
        self._rows: dict[int, int] = {}

    def shared(
        self, documents: Sequence[int], norms: Float64s, k1: float, says: Float64s, least: int
    ) -> tuple[Int32s, Float64s]:
        """The numbers of the terms that `least` of some documents have, and how much these use them, each by what it
        has to say: the sum of the terms' impacts, by `k1` and what an occurrence counts in the title and the body of
        each document (`norms`, float64[2, documents]).

        Raises:
            OperationalError: a file is damaged.
        """
        missing = [document for document in documents if document not in self._rows]
        if missing and not self._learn(missing):
            self._begin()
            self._learn(documents)
        rows = np.array([self._rows[document] for document in documents], np.int64)
        most = int((self._ends[rows] - self._ends[rows - 1]).sum())
        terms, uses = np.empty(most, np.int32), np.empty(most)
        size = share_terms(
            self._terms, self._titles, self._bodies, self._ends, rows, norms, says, k1, least,
            self._sums, self._counts, terms, uses,
        )  # fmt: skip
        return terms[:size], uses[:size]

    def text(self, term: int) -> bytes:
        """The term of a number."""
        return self._numbers.text(term)

    def values(self, terms: Int32s) -> Float64s:
        """float64[terms]: what each term is worth."""
        found = self._values[terms]
        new = terms[np.isnan(found)]
        if new.size:
            self._values[new] = self._values_of(list(map(self._numbers.text, new.tolist())))
            found = self._values[terms]
        return found

    def _learn(self, documents: Sequence[int]) -> bool:
        """Remember the words of some documents; whether there was room for them."""
        parts = [self._parts(document) for document in documents]
        batch = self._vocabulary.tokenize(*joined_texts(list(chain.from_iterable(parts))))
        row = len(self._rows) + 1
        if self._ends[row - 1] + batch.tokens.size > _MOST_HELD or len(self._vocabulary) > _MOST_TERMS:
            return False
        self._learn_terms()
        self._ends = extended(self._ends, row, len(documents))
        sizes = np.fromiter(map(len, parts), np.int64, len(parts))
        count_terms(
            self._term_of[batch.tokens], sizes, batch.counts, self._counts,
            self._terms, self._titles, self._bodies, self._ends, row,
        )  # fmt: skip
        self._rows.update(zip(documents, range(row, row + len(documents)), strict=True))
        return True

    def _learn_terms(self) -> None:
        """Number the terms of tokens that are new."""
        first, stop = self._tokens, len(self._vocabulary)
        if first == stop:
            return
        self._term_of = extended(self._term_of, first, stop - first)
        self._term_of[first:stop] = intern_terms(self._vocabulary, first, self._snapshot.analyzer, self._numbers)
        self._tokens = stop
        more = len(self._numbers) * 5 // 4 - self._values.size + 1
        if len(self._numbers) > self._values.size:
            self._values = np.concatenate([self._values, np.full(more, np.nan)])
            self._sums = np.zeros(self._values.size)
            self._counts = np.zeros(self._values.size, np.int32)

    def _parts(self, document: int) -> list[bytes]:
        """The title of a document and the beginning of its text, in UTF-8."""
        segment, local = self._snapshot.locate(document)
        title = segment.display(local).title.encode("utf-8", "surrogatepass")
        return leading_texts(title, segment.texts(local, self._blocks))
