"""MinHash signatures of documents: how many places of two are equal tells what share of their text is.

A document is the set of its shingles, five words in succession of its title, headings and texts. Broder, "On the
resemblance and containment of documents" (1997); the hashes are rensa's.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from rensa import RMinHash

from harbor_search.analysis.batches import Batch, Vocabulary
from harbor_search.analysis.strings import extended, mixed
from harbor_search.compiled import kernel
from harbor_search.store.format import TEXT_FIELDS
from harbor_search.store.indexer.texts import Texts
from harbor_search.store.segment.near_duplicates import SIGNATURE

__all__ = ["Signatures"]

_SHINGLE = 5
"""Words: few enough that a changed one leaves most shingles of a text, many enough that other texts have others."""

_FEWEST = 50
"""Shingles: in shorter documents a site's standing phrases outweigh what is their own, and a title says it all."""

_SEED = 1
_START = np.uint64(0x2545F4914F6CDD1D)

_TITLE, _HEADINGS, _BODY = (TEXT_FIELDS.index(name) for name in ("title", "headings", "body"))

UInt64s = npt.NDArray[np.uint64]


class Signatures:
    """The signatures of the documents of a segment in the making, uint16[documents, SIGNATURE]."""

    def __init__(self) -> None:
        self._rows: list[npt.NDArray[np.uint16]] = [np.empty((0, SIGNATURE), np.uint16)]
        self.begin()

    def begin(self) -> None:
        """Expect another vocabulary from now on."""
        self._hashes, self._known = np.empty(1 << 12, np.uint64), 0

    def add(self, batch: Batch, vocabulary: Vocabulary, texts: Texts) -> None:
        """Append the signatures of a batch of documents."""
        self._rows.append(self.sign(batch, vocabulary, texts))

    def sign(self, batch: Batch, vocabulary: Vocabulary, texts: Texts) -> npt.NDArray[np.uint16]:
        """The signatures of a batch of documents, uint16[documents, SIGNATURE]."""
        first, end = self._known, len(vocabulary)
        self._hashes = extended(self._hashes, first, end - first)
        self._hashes[first:end] = _hashes(*vocabulary.parts(first))
        self._known = end
        shingles = np.empty(batch.tokens.size, np.uint64)
        ends = np.zeros(texts.sections.size + 1, np.uint64)
        used = _shingles(
            batch.tokens, batch.counts, texts.documents, texts.fields, texts.count - texts.sections.size,
            self._hashes, shingles, ends,
        )  # fmt: skip
        made = RMinHash.digest_matrix_from_flat_token_hashes(shingles[:used], ends, SIGNATURE, _SEED)
        # Half of each hash is enough: one pair of places in 65,536 is equal by chance.
        rows = np.array(made.to_rows(), np.uint32).reshape(-1, SIGNATURE).astype(np.uint16)
        rows[np.diff(ends) < _FEWEST] = 0  # they are like nothing
        return rows

    def rows(self) -> npt.NDArray[np.uint16]:
        """The signatures of all documents that were added."""
        return np.concatenate(self._rows)


@kernel
def _hashes(text, starts, ends):
    """uint64[tokens]: a hash of each token, the same in every vocabulary (FNV-1a)."""
    found = np.empty(starts.size, np.uint64)
    for i in range(starts.size):
        value = np.uint64(0xCBF29CE484222325)
        for at in range(starts[i], ends[i]):
            value = (value ^ np.uint64(text[at])) * np.uint64(0x100000001B3)
        found[i] = value
    return found


@kernel
def _shingles(tokens, counts, documents, fields, first, hashes, shingles, ends):
    """Write the shingles of documents one behind the other, and where those of each end behind `ends[0]`.

    A document with fewer words than a shingle has one of all its words. Returns how many shingles there are.

    Args:
        tokens, counts, documents, fields: as in `Batch` and `Texts`.
        first: the number of the first document.
        hashes: uint64[tokens known].
        shingles: uint64[tokens], written.
        ends: uint64[documents + 1], written.
    """
    size, at, text = np.int64(0), np.int64(0), np.int64(0)
    for i in range(ends.size - 1):
        begin, words = size, np.int64(0)
        value = np.uint64(0)
        while text < counts.size and documents[text] == first + i:
            shown = fields[text] == _TITLE or fields[text] == _HEADINGS or fields[text] == _BODY
            for j in range(at, at + counts[text] if shown else at):
                # Five words fill the 64 bits, and one more pushes the first of them out.
                value = (value << np.uint64(13)) + (hashes[tokens[j]] & np.uint64(0x1FFF))
                words += 1
                if words >= _SHINGLE:
                    shingles[size] = mixed(_START, value)
                    size += 1
            at += counts[text]
            text += 1
        if size == begin and words:
            shingles[size] = mixed(_START, value)
            size += 1
        ends[i + 1] = size
    return size
