"""Folding near-duplicates: of a group of them one is a hit, the best, and one is counted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.engines.embedded.facet_kernel import count_folded
from harbor_search.ranking import Top

__all__ = ["NO_FOLDING", "Folding"]

Int32s = npt.NDArray[np.int32]
Words64 = npt.NDArray[np.uint64]


class Folding:
    """The groups of near-duplicates of a snapshot; `documents` have a group each (int32[n]), group after group.

    `members` are the same documents in ascending order, and `groups_of_members` their groups, of which there are
    `number`.
    """

    def __init__(self, documents: Int32s, groups: Int32s) -> None:
        self.documents, self.groups = documents, groups
        self._starts = [*np.searchsorted(groups, np.arange(int(groups.max(initial=-1)) + 1)).tolist(), groups.size]
        self._group_of = dict(zip(documents.tolist(), groups.tolist(), strict=True))
        self.number = len(self._starts) - 1
        ascending = np.argsort(documents)
        self.members, self.groups_of_members = documents[ascending], groups[ascending]

    def similar(self, document: int) -> list[int]:
        """The near-duplicates of a document, itself left out."""
        group = self._group_of.get(document)
        if group is None:
            return []
        members = self.documents[self._starts[group] : self._starts[group + 1]].tolist()
        return [member for member in members if member != document]

    def count(self, document: int) -> int:
        """How many near-duplicates a document has besides itself."""
        group = self._group_of.get(document)
        return 0 if group is None else self._starts[group + 1] - self._starts[group] - 1

    def folded(self, top: Top) -> Top:
        """Of each group the best."""
        if self._group_of.keys().isdisjoint(top.documents):
            return top
        first: dict[int, int] = {}
        for place, document in enumerate(top.documents):
            # What is in no group is one of its own.
            first.setdefault(self._group_of.get(document, -1 - document), place)
        return Top([top.documents[i] for i in first.values()], [top.scores[i] for i in first.values()], top.matches)

    def hits(self, matched: Words64) -> int:
        """How many hits the matching documents are, of each group one."""
        return int(count_folded(matched, self.documents, self.groups))


NO_FOLDING = Folding(np.empty(0, np.int32), np.empty(0, np.int32))
"""That of a collection without near-duplicates."""
