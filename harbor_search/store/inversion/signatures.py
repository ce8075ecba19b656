"""MinHash signatures of documents: the share of equal components estimates the resemblance of two documents.

A document is the set of its shingles, five consecutive words of its title, headings and texts. Broder, "On the
resemblance and containment of documents" (1997); the hashes are rensa's.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from rensa import RMinHash

from harbor_search.analysis.batch_analysis import Batch, Vocabulary
from harbor_search.analysis.string_table import extended, mixed
from harbor_search.compiled import kernel
from harbor_search.store.format import TEXT_FIELDS
from harbor_search.store.inversion.texts import Texts
from harbor_search.store.segment.near_duplicates import SIGNATURE

__all__ = ["Signatures"]

_SHINGLE_WORDS = 5
"""Few enough that changing one word leaves most shingles intact, enough that other texts have other shingles."""

_MIN_SHINGLES = 50
"""Shorter documents get no signature: in them a site's boilerplate outweighs their own text."""

_SEED = 1
_START = np.uint64(0x2545F4914F6CDD1D)

_TITLE, _HEADINGS, _BODY = (TEXT_FIELDS.index(name) for name in ("title", "headings", "body"))

UInt64s = npt.NDArray[np.uint64]


class Signatures:
    """Collects the signatures of the documents of a segment, uint16[documents, SIGNATURE]."""

    def __init__(self) -> None:
        self._rows: list[npt.NDArray[np.uint16]] = [np.empty((0, SIGNATURE), np.uint16)]
        self.begin()

    def begin(self) -> None:
        """Start over with a new, empty vocabulary."""
        self._hashes, self._hashed = np.empty(1 << 12, np.uint64), 0

    def add(self, batch: Batch, vocabulary: Vocabulary, texts: Texts) -> None:
        """Append the signatures of a batch of documents."""
        self._rows.append(self.sign(batch, vocabulary, texts))

    def sign(self, batch: Batch, vocabulary: Vocabulary, texts: Texts) -> npt.NDArray[np.uint16]:
        """The signatures of a batch of documents, uint16[documents, SIGNATURE]."""
        first, end = self._hashed, len(vocabulary)
        self._hashes = extended(self._hashes, first, end - first)
        self._hashes[first:end] = _hashes(*vocabulary.parts(first))
        self._hashed = end
        shingles = np.empty(batch.tokens.size, np.uint64)
        ends = np.zeros(texts.sections.size + 1, np.uint64)
        used = _shingles(
            batch.tokens, batch.counts, texts.documents, texts.fields, texts.count - texts.sections.size,
            self._hashes, shingles, ends,
        )  # fmt: skip
        digests = RMinHash.digest_matrix_from_flat_token_hashes(shingles[:used], ends, SIGNATURE, _SEED)
        # 16 bits of each hash are enough: one pair of components in 65,536 is equal by chance.
        rows = np.array(digests.to_rows(), np.uint32).reshape(-1, SIGNATURE).astype(np.uint16)
        rows[np.diff(ends) < _MIN_SHINGLES] = 0  # no signature
        return rows

    def rows(self) -> npt.NDArray[np.uint16]:
        """The signatures of all documents added so far."""
        return np.concatenate(self._rows)


@kernel
def _hashes(text, starts, ends):
    """uint64[tokens]: the FNV-1a hash of each token, which does not depend on the vocabulary."""
    found = np.empty(starts.size, np.uint64)
    for i in range(starts.size):
        value = np.uint64(0xCBF29CE484222325)
        for at in range(starts[i], ends[i]):
            value = (value ^ np.uint64(text[at])) * np.uint64(0x100000001B3)
        found[i] = value
    return found


@kernel
def _shingles(tokens, counts, documents, fields, first, hashes, shingles, ends):
    """Write the shingles of documents, concatenated; returns their number.

    A document with fewer words than a shingle has one shingle of all its words.

    Args:
        tokens, counts, documents, fields: as in `Batch` and `Texts`.
        first: the number of the first document.
        hashes: uint64[vocabulary], the hash of each token.
        shingles: uint64[tokens], written.
        ends: uint64[documents + 1], written: the shingles of document i are from `ends[i]` to `ends[i + 1]`.
    """
    size, at, text = np.int64(0), np.int64(0), np.int64(0)
    for i in range(ends.size - 1):
        begin, words = size, np.int64(0)
        value = np.uint64(0)
        while text < counts.size and documents[text] == first + i:
            shown = fields[text] == _TITLE or fields[text] == _HEADINGS or fields[text] == _BODY
            for j in range(at, at + counts[text] if shown else at):
                # 13 bits of each of five words fill the 64 bits; the next word shifts the first one out.
                value = (value << np.uint64(13)) + (hashes[tokens[j]] & np.uint64(0x1FFF))
                words += 1
                if words >= _SHINGLE_WORDS:
                    shingles[size] = mixed(_START, value)
                    size += 1
            at += counts[text]
            text += 1
        if size == begin and words:
            shingles[size] = mixed(_START, value)
            size += 1
        ends[i + 1] = size
    return size
