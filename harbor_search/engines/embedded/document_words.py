"""The words of documents, from their stored texts: posting lists say which documents a word has, not the other way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.batches import Vocabulary, joined_texts
from harbor_search.analysis.strings import extended
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.feedback import DocumentTerms
from harbor_search.store import DecodedBlocks, TermNumbers, terms_from

__all__ = ["DocumentWords"]

_MOST_BYTES = 10_000
"""Of the text of a document that are looked at: what it is about has been said by then."""

_MOST_KNOWN = 4_096
"""Documents whose words are remembered, a kilobyte or two each: readers see the same articles again."""

_MOST_TERMS = 500_000
"""Distinct words that are numbered before all is begun anew: some 30 MB."""

Int32s = npt.NDArray[np.int32]
Float64s = npt.NDArray[np.float64]


class DocumentWords:
    """The words of a snapshot's documents, cut and stemmed as those of the collection's language. Hold its lock.

    Numbers of terms stand until `of` is called the next time.
    """

    def __init__(
        self, snapshot: Snapshot, blocks: DecodedBlocks, values_of: Callable[[Sequence[bytes]], list[float]]
    ) -> None:
        """`blocks` keeps articles that were uncompressed; `values_of` says what some terms are worth."""
        self._snapshot, self._blocks, self._values_of = snapshot, blocks, values_of
        self._begin()

    def _begin(self) -> None:
        self._vocabulary, self._terms = Vocabulary(), TermNumbers()
        self._term_of, self._tokens = np.empty(1 << 10, np.int32), 0
        self._values = np.empty(0)
        self._known: dict[int, DocumentTerms] = {}

    def of(self, documents: Sequence[int]) -> list[DocumentTerms]:
        """The words of each document.

        Raises:
            OperationalError: a file is damaged.
        """
        if len(self._known) + len(documents) > _MOST_KNOWN or len(self._terms) > _MOST_TERMS:
            self._begin()
        missing = [document for document in documents if document not in self._known]
        if missing:
            self._known.update(zip(missing, self._analysed(missing), strict=True))
        return [self._known[document] for document in documents]

    def text(self, term: int) -> bytes:
        """The term of a number."""
        return self._terms.text(term)

    def values(self, terms: Int32s) -> Float64s:
        """float64[terms]: what each term is worth."""
        if self._values.size < len(self._terms):
            more = np.full(len(self._terms) * 5 // 4 - self._values.size + 1, np.nan)
            self._values = np.concatenate([self._values, more])
        new = terms[np.isnan(self._values[terms])]
        if new.size:
            self._values[new] = self._values_of(list(map(self._terms.text, new.tolist())))
        return self._values[terms]

    def _analysed(self, documents: Sequence[int]) -> list[DocumentTerms]:
        parts = [self._parts(document) for document in documents]
        batch = self._vocabulary.tokenize(*joined_texts(list(chain.from_iterable(parts))))
        terms = self._terms_of(batch.tokens)
        found, text, token = [], 0, 0
        for document, own in zip(documents, parts, strict=True):
            counts = batch.counts[text : text + len(own)]
            norms = np.full(len(own), self._snapshot.norms["body"][document], np.float64)
            norms[0] = self._snapshot.norms["title"][document]
            end = token + int(counts.sum())
            distinct, places = np.unique(terms[token:end], return_inverse=True)
            weights = np.bincount(places, np.repeat(norms, counts), distinct.size)
            found.append(DocumentTerms(distinct, weights.astype(np.float64)))
            text, token = text + len(own), end
        return found

    def _terms_of(self, tokens: Int32s) -> Int32s:
        """The numbers of the terms of tokens, new ones of which are learnt."""
        first, end = self._tokens, len(self._vocabulary)
        if first < end:
            self._term_of = extended(self._term_of, first, end - first)
            self._term_of[first:end] = terms_from(self._vocabulary, first, self._snapshot.analyzer, self._terms)
            self._tokens = end
        found: Int32s = self._term_of[tokens]
        return found

    def _parts(self, document: int) -> list[bytes]:
        """The title of a document and the beginning of its text, in UTF-8."""
        segment, local = self._snapshot.locate(document)
        parts, room = [segment.display(local).title.encode("utf-8", "surrogatepass")], _MOST_BYTES
        for text in segment.texts(local, self._blocks):
            # No half characters. Half a word is no word of other documents.
            parts.append(text if len(text) <= room else text[:room].decode("utf-8", "ignore").encode())
            room -= len(text)
            if room <= 0:
                break
        return parts
