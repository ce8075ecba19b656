"""How many of the matching articles each section, year and source has."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from harbor_search.article import SECTION_SEPARATOR
from harbor_search.engines.embedded.facet_kernel import count_values
from harbor_search.engines.embedded.near_duplicates import NO_FOLDING, Folding
from harbor_search.results import FacetValue

__all__ = ["Facet", "section_facet", "source_facet", "year_facet"]

Int32s = npt.NDArray[np.int32]
Words64 = npt.NDArray[np.uint64]


class Facet:
    """A property of documents by which they are counted. It may have levels, like a path: each is counted."""

    def __init__(self, codes: Int32s, firsts: Int32s, values: Sequence[tuple[str, str]]) -> None:
        """`codes` and `firsts` are as in `facet_kernel`; `values` are the value and the label on each level of each
        code, the values of a level one after the other."""
        self._codes, self._firsts, self._values = codes, firsts, values
        self._by_rank = np.array(sorted(range(len(values)), key=lambda i: values[i][0]), np.int64)
        self._ranks = np.empty(len(values), np.int64)
        self._ranks[self._by_rank] = np.arange(len(values))

    def count(self, matched: Words64, folding: Folding | None = None) -> tuple[FacetValue, ...]:
        """The values that matching documents have, the most frequent first; in each, near-duplicates count once."""
        if not self._values:
            return ()
        members = folding or NO_FOLDING
        values, counts = count_values(
            matched, self._codes, self._firsts, members.documents, members.groups, self._ranks, self._by_rank
        )
        found = zip(map(self._values.__getitem__, values.tolist()), counts.tolist(), strict=True)
        return tuple([FacetValue(value, label, many) for (value, label), many in found])


def section_facet(codes: Int32s, paths: Sequence[tuple[str, ...]]) -> Facet:
    """The section paths of documents, which `codes` (int32[documents]) give, with every level of them."""
    levels = max(map(len, paths), default=0)
    firsts = np.full((levels, len(paths)), -1, np.int32)
    values = [("", "")] * firsts.size
    first: dict[tuple[str, ...], int] = {}
    for code, path in enumerate(paths):
        for level, name in enumerate(accumulate(path, lambda before, last: f"{before}{SECTION_SEPARATOR}{last}")):
            at = firsts[level, code] = first.setdefault(path[: level + 1], code)
            values[level * len(paths) + at] = name, path[level]
    return Facet(codes, firsts, values)


def source_facet(codes: Int32s, names: Sequence[str]) -> Facet:
    """The sources of documents, which `codes` (int32[documents], -1 for none with a name) give."""
    return Facet(codes, np.arange(len(names), dtype=np.int32)[np.newaxis], [(name, name) for name in names])


def year_facet(years: Int32s) -> Facet:
    """The years of documents (int32[documents], -1 for none)."""
    found, codes = np.unique(years, return_inverse=True)
    dated = found[found >= 0]
    own = codes.astype(np.int32) - np.int32(found.size - dated.size)
    return Facet(own, np.arange(dated.size, dtype=np.int32)[np.newaxis], [(str(year),) * 2 for year in dated.tolist()])
