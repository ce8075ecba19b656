"""The terms of a document with their weighted frequencies, in one binary value that comes along with a hit.

Posting lists say which documents a word has, not the other way. A value is the terms with spaces between and around
them, first those of the beginning of the article, then the weightiest of the others; a zero byte; the weighted
frequencies of all as float16, little-endian; and of each of the first how often it stands in the title and in the
beginning of the text, each a byte.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from heapq import nlargest
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.engines.feedback import DocumentTerms

__all__ = ["FIELD", "TermWeights", "pack_weights"]

FIELD = "term_weights"
"""The field of the index that has them."""

_MOST = 1_000
"""Terms of a document: what it is about is among them, and fifty documents are read for a page."""

_LARGEST = float(np.finfo(np.float16).max)

_MOST_COUNTED = 255


class TermWeights(NamedTuple):
    """The terms of a document, with spaces between and around them, what each weighs, and how often those that come
    first stand at the beginning of the article: uint8[terms, 2], in its title and in its text."""

    terms: bytes
    weights: npt.NDArray[np.float64]
    leading: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, hit: Mapping[str, Any]) -> TermWeights:
        """Those of a hit that has them along; none where its article has no words."""
        stored = str(hit.get("fields", {}).get(FIELD, [""])[0])
        terms, _, numbers = base64.b64decode(stored + "=" * (-len(stored) % 4)).partition(b"\0")
        size = 2 * max(terms.count(b" ") - 1, 0)
        weights, leading = np.frombuffer(numbers[:size], "<f2"), np.frombuffer(numbers[size:], np.uint8)
        return cls(terms, weights.astype(np.float64), leading.reshape(-1, 2))

    def weight(self, term: bytes) -> float:
        """The weighted frequency of a term, 0 where the document does not have it."""
        at = self.terms.find(b" " + term + b" ")
        return 0.0 if at < 0 else float(self.weights[self.terms.count(b" ", 0, at)])

    def numbered(self, numbers: dict[bytes, int], title: float, text: float) -> DocumentTerms:
        """The terms of the beginning by their `numbers`, to which new ones are added, and their weighted frequencies
        there, where an occurrence in the `title` and in the `text` counts so much."""
        first = self.terms.split(maxsplit=len(self.leading))[: len(self.leading)]
        found = [numbers.setdefault(term, len(numbers)) for term in first]
        return DocumentTerms(np.array(found, np.int32), self.leading @ np.array([title, text]))


def pack_weights(weighted: Mapping[str, float], leading: Mapping[str, Sequence[int]]) -> bytes:
    """The value of a document with these weighted frequencies by term, and by term of its beginning how often that
    stands in the title and in the text there; empty where it has no term."""
    others = nlargest(_MOST - len(leading), weighted.keys() - leading.keys(), key=lambda term: (weighted[term], term))
    terms = [*leading, *others]
    if not terms:
        return b""
    weights = np.array([min(weighted.get(term, 0.0), _LARGEST) for term in terms], "<f2")
    counts = np.array([min(count, _MOST_COUNTED) for pair in leading.values() for count in pair], np.uint8)
    return f" {' '.join(terms)} ".encode() + b"\0" + weights.tobytes() + counts.tobytes()
