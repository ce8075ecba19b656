"""The terms of a document with their weighted frequencies, in one binary value that comes along with a hit.

Posting lists say which documents a word has, not the other way. A value is the terms, the weightiest first, with spaces
between and around them, a zero byte, and their weighted frequencies as float16, little-endian.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
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


class TermWeights(NamedTuple):
    """The terms of a document, with spaces between and around them, and what each weighs."""

    terms: bytes
    weights: npt.NDArray[np.float64]

    @classmethod
    def of(cls, hit: Mapping[str, Any]) -> TermWeights:
        """Those of a hit that has them along; none where its article has no words."""
        stored = str(hit.get("fields", {}).get(FIELD, [""])[0])
        terms, _, weights = base64.b64decode(stored + "=" * (-len(stored) % 4)).partition(b"\0")
        return cls(terms, np.frombuffer(weights, "<f2").astype(np.float64))

    def weight(self, term: bytes) -> float:
        """The weighted frequency of a term, 0 where the document does not have it."""
        at = self.terms.find(b" " + term + b" ")
        return 0.0 if at < 0 else float(self.weights[self.terms.count(b" ", 0, at)])

    def numbered(self, numbers: dict[bytes, int]) -> DocumentTerms:
        """The terms by their `numbers`, to which new ones are added."""
        found = [numbers.setdefault(term, len(numbers)) for term in self.terms.split()]
        return DocumentTerms(np.array(found, np.int32), self.weights)


def pack_weights(weighted: Mapping[str, float]) -> bytes:
    """The value of a document with these weighted frequencies by term; empty where it has no term."""
    if not weighted:
        return b""
    best = nlargest(_MOST, weighted.items(), key=lambda each: each[1])
    weights = np.array([min(weight, _LARGEST) for _, weight in best], "<f2")
    return f" {' '.join(term for term, _ in best)} ".encode() + b"\0" + weights.tobytes()
