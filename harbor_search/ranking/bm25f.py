"""BM25F: the occurrences of a term in several fields folded into one impact per document.

With `tf_f` occurrences in field f of length `len_f` (tokens; `avg_f` on average), the weighted frequency is

    w = sum over f of weight_f * tf_f / (1 - b_f + b_f * len_f / avg_f)

and the impact `w / (k1 + w)`; the score of a document is the sum over the query's terms of `idf * impact` with
`idf = ln(1 + (N - df + 0.5) / (df + 0.5))`, where `df` counts documents with the term in any of the fields.
S. Robertson, H. Zaragoza, M. Taylor: Simple BM25 Extension to Multiple Weighted Fields, CIKM 2004; the idf is the one
of Lucene, positive for every term.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import kernel, lowest_bit
from harbor_search.ranking.postings_cache import PostingsCache
from harbor_search.ranking.tables import float32s

__all__ = ["BM25F", "Component", "FieldWeight", "Postings", "add_folded", "add_merged", "idf", "norms"]


@dataclass(frozen=True, slots=True)
class FieldWeight:
    """How much an occurrence in a field counts, and how much the field's length is held against it (0 to 1)."""

    weight: float
    b: float


@dataclass(frozen=True, slots=True)
class BM25F:
    """The parameters of the scoring function.

    `k1` says how soon further occurrences stop to count. The defaults are those that did best together on the judged
    queries of the sample corpus and on three public test collections (`harbor-search evaluate`); the measure is flat
    around them.
    """

    fields: tuple[tuple[str, FieldWeight], ...] = (
        # A title is the author's own summary, and a short one is about little else than its words.
        ("title", FieldWeight(2.5, 0.95)),
        # Headings name what a part is about; their number grows with the article.
        ("headings", FieldWeight(1.5, 0.6)),
        # The lead is part of the body too: it counts one and a half times.
        ("lead", FieldWeight(0.5, 0.5)),
        ("body", FieldWeight(1.0, 0.7)),
        # Synonyms, keywords and tags say in other words what the title says; of long lists each says less. Of 50 lay
        # names 35 find the clinical title among the first three of 5,486 health articles; without the field 30.
        ("names", FieldWeight(1.5, 0.8)),
    )
    k1: float = 1.8

    def field(self, name: str) -> FieldWeight:
        """The weight of one field."""
        return dict(self.fields)[name]


def idf(documents: int, df: int) -> float:
    """The inverse document frequency of a term that `df` of `documents` documents have."""
    return math.log(1 + (documents - df + 0.5) / (df + 0.5))


def norms(
    lengths: npt.NDArray[np.integer], weight: FieldWeight, live: npt.NDArray[np.bool_] | None = None
) -> npt.NDArray[np.float32]:
    """float32[documents]: what one occurrence in each document's field adds to the weighted frequency.

    Where `live` (bool[documents]) is given, the others do not count in the average.
    """
    counted = lengths if live is None else lengths[live]
    average = float(counted.mean(dtype=np.float64)) if counted.size else 0.0
    relative = lengths.astype(np.float64) / average if average else np.zeros(lengths.size)
    # Where a field is empty and `b` is 1 there is nothing to be divided, and nothing that occurs.
    return (weight.weight / np.maximum(1 - weight.b + weight.b * relative, 1e-6)).astype(np.float32)


Component = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.float32]]
"""(documents, frequencies, norms by document) of a term in one field."""


def add_folded(
    cache: PostingsCache, components: Sequence[Component], k1: float, scratch: npt.NDArray[np.float32]
) -> tuple[int, int]:
    """Fold `components` into a new list of `cache`, of weight 0 as yet, and return its number and size.

    `scratch` is float32[documents], all zero, and is so again afterwards.
    """
    start, documents, impacts = cache.tail()
    if len(components) == 1:
        listed, frequencies, norm = components[0]
        _fold_one(listed, frequencies, norm, np.float32(k1), documents, impacts, start)
        return cache.add(listed.size, 0.0), int(listed.size)
    touched = np.zeros((cache.documents + 63) // 64, np.uint64)
    for listed, frequencies, norm in components:
        _accumulate(listed, frequencies, norm, scratch, touched)
    size = _collect(touched, scratch, np.float32(k1), documents, impacts, start)
    return cache.add(size, 0.0), size


class Postings(NamedTuple):
    """The postings of several terms and fields, one list after the other.

    `documents` and `frequencies` (0: the document does not count) are int32; list i ends at `ends[i]` and is of the
    field `fields[i]` (both int64[lists]).
    """

    documents: npt.NDArray[np.int32]
    frequencies: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int64]
    fields: npt.NDArray[np.int64]


def add_merged(
    cache: PostingsCache,
    postings: Postings,
    norms: npt.NDArray[np.int64],
    k1: float,
    scratch: npt.NDArray[np.float32],
) -> tuple[int, int]:
    """Fold the lists of `postings` as `add_folded` does; (-1, 0) where no document counts.

    `norms` is a table of the norms of each field by document.
    """
    start, documents, impacts = cache.tail()
    touched = np.zeros((cache.documents + 63) // 64, np.uint64)
    _accumulate_all(*postings, norms, scratch, touched)
    size = _collect(touched, scratch, np.float32(k1), documents, impacts, start)
    return (cache.add(size, 0.0), size) if size else (-1, 0)


@kernel
def _fold_one(listed, frequencies, norm, k1, documents, impacts, start):
    for i in range(listed.size):
        weighted = np.float32(frequencies[i]) * norm[listed[i]]
        documents[start + i] = listed[i]
        impacts[start + i] = weighted / (k1 + weighted)


@kernel
def _accumulate(listed, frequencies, norm, scratch, touched):
    for i in range(listed.size):
        document = listed[i]
        scratch[document] += np.float32(frequencies[i]) * norm[document]
        touched[document >> 6] |= np.uint64(1) << np.uint64(document & 63)


@kernel
def _accumulate_all(documents, frequencies, ends, fields, norms, scratch, touched):
    at = 0
    for i in range(ends.size):
        norm = float32s(norms, fields[i])
        for posting in range(at, ends[i]):
            document = documents[posting]
            if frequencies[posting]:
                scratch[document] += np.float32(frequencies[posting]) * norm[document]
                touched[document >> 6] |= np.uint64(1) << np.uint64(document & 63)
        at = ends[i]


@kernel
def _collect(touched, scratch, k1, documents, impacts, start):
    at = start
    for word in range(touched.size):
        bits = touched[word]
        while bits:
            document = (word << 6) + lowest_bit(bits)
            bits &= bits - np.uint64(1)
            weighted = scratch[document]
            scratch[document] = 0
            documents[at] = document
            impacts[at] = weighted / (k1 + weighted)
            at += 1
    return at - start
