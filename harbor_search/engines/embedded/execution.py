"""Running a query on a snapshot: the executor chooses the kernel.

Ranked unions and intersections of terms run on kernels that skip what cannot reach the page. Every other boolean query
is computed in full, document by document; nested groups become posting lists of their own. Set-wise questions (totals,
facets, other orders than relevance) are answered from bitmaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harbor_search.engines.embedded.leaves import All, Clause, Group, Leaf
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.engines.embedded.terms import Listed, Terms
from harbor_search.ranking import (
    add_list,
    combine,
    match_all,
    members,
    ranked,
    remove_list,
    top_by_order,
    top_intersection,
    top_union,
)

__all__ = ["Execution", "Top"]

_SCALE = 20
"""Bits behind the point of a score in whole units: fine enough for the fourth decimal of a sum of many terms."""

_MOST = 2.0**30
"""Bound of a score in whole units: the accumulators are int32."""

_NOTHING = np.empty(0, np.uint64)


@dataclass(frozen=True, slots=True)
class Top:
    """The best documents, best first, and their scores."""

    documents: list[int]
    scores: list[float]


class Execution:
    """One query on one snapshot. Hold the snapshot's lock, and `close` it in the end."""

    def __init__(self, snapshot: Snapshot, terms: Terms, clause: Clause | None) -> None:
        self._snapshot = snapshot
        self._terms = terms
        self._clause = clause
        self._computed: dict[Clause, Listed | None] = {}
        listed = list(_all_leaves(clause))
        self._lists = terms.load(listed, _groups(clause))
        total = sum(each.idf for each in self._lists.values() if each)
        self._shift = _SCALE
        while total * 2.0**self._shift > _MOST:
            self._shift -= 1

    def weight(self, leaf: Leaf) -> float:
        """The inverse document frequency of a leaf; 0 where nothing matches it."""
        listed = self._lists.get(leaf)
        return listed.idf if listed else 0.0

    def close(self) -> None:
        """Forget temporary lists."""
        self._terms.release()

    def top(self, k: int, mask: Words64 | None) -> Top:
        """The best `k` documents among those of `mask` (None: all)."""
        clause = self._clause
        if clause is None or k == 0:
            return Top([], [])
        keys = np.empty(min(k, self._snapshot.count), np.int64)
        size = self._select(clause, keys, _NOTHING if mask is None else mask)
        return self._top(keys, size)

    def matches(self) -> Words64:
        """All matching documents as bitmap words."""
        words = np.zeros((self._snapshot.count + 63) // 64, np.uint64)
        if self._clause is not None:
            self._match(self._clause, words)
        return words

    def top_by(self, values: npt.NDArray[np.int32], k: int, matched: Words64) -> Top:
        """The first `k` documents of `matched` in descending order of `values`, with their relevance scores."""
        keys = np.empty(min(k, self._snapshot.count), np.int64)
        size = top_by_order(matched, values, self._snapshot.ranks, keys)
        ordered = self._top(keys, size)
        scores = self._score_all()
        return Top(ordered.documents, [scores[document] / 2.0**self._shift for document in ordered.documents])

    def _top(self, keys: npt.NDArray[np.int64], size: int) -> Top:
        documents, scores = ranked(keys, size, self._snapshot.order, 2.0**-self._shift)
        return Top(documents.tolist(), scores.tolist())

    def _select(self, clause: Clause, keys: npt.NDArray[np.int64], mask: Words64) -> int:
        lists, ranks = self._terms.arena.lists, self._snapshot.ranks
        group = clause if isinstance(clause, Group) else Group((clause,), (), (), 0)
        if isinstance(clause, All) or All() in group.must:
            return self._select_from_all(group, keys, mask)
        must, should = self._operands(group.must), self._operands(group.should)
        if None in must or len([each for each in should if each]) < group.minimum:
            return 0
        mask = self._without(group.must_not, mask)
        required, optional = [each for each in must if each], [each for each in should if each]
        ids, weights = self._arrays([*required, *optional])
        if not must and group.minimum <= 1:
            bounding = 0 if mask.size else len(optional)
            return int(top_union(lists, ids, weights, bounding, ranks, mask, self._snapshot.accumulators, keys))
        if must and not should:
            return int(top_intersection(lists, ids, weights, ranks, mask, False, keys)[0])
        if must and group.minimum == 0:
            # A union within the matches of what is required: optional words then skip like any others.
            bounding = 1 if len(must) == 1 and not mask.size else 0
            within = np.zeros((self._snapshot.count + 63) // 64, np.uint64)
            match_all(lists, ids[: len(must)], within)
            within = within & mask if mask.size else within
            return int(top_union(lists, ids, weights, bounding, ranks, within, self._snapshot.accumulators, keys))
        scores, matched = self._combined(group, mask)
        return int(top_by_order(matched, scores.astype(np.int32), ranks, keys))

    def _select_from_all(self, group: Group, keys: npt.NDArray[np.int64], mask: Words64) -> int:
        scores, matched = self._combined(group, mask)
        return int(top_by_order(matched, scores.astype(np.int32), self._snapshot.ranks, keys))

    def _combined(self, group: Group, mask: Words64) -> tuple[npt.NDArray[np.int64], Words64]:
        """Scores (int64) by document and the matching documents of any group."""
        count = self._snapshot.count
        scores, matched = np.zeros(count, np.int64), np.zeros((count + 63) // 64, np.uint64)
        must = self._operands([each for each in group.must if each != All()])
        should = self._operands(group.should)
        present = [each for each in should if each]
        if None not in must and len(present) >= group.minimum:
            ids, weights = self._arrays([each for each in (*must, *present) if each])
            mask = self._without(group.must_not, self._live(mask))
            combine(self._terms.arena.lists, ids, weights, len(must), group.minimum, mask, scores, matched)
        return scores, matched

    def _live(self, mask: Words64) -> Words64:
        """`mask` without deleted documents, which only a group that requires nothing could match."""
        live = self._snapshot.live
        return mask if live is None else mask & live if mask.size else live

    def _operands(self, clauses: Sequence[Clause]) -> list[Listed | None]:
        return [self._operand(clause) for clause in clauses]

    def _operand(self, clause: Clause) -> Listed | None:
        """The posting list of a clause; a group is computed into a temporary one, its scores as impacts."""
        if not isinstance(clause, All | Group):
            return self._lists[clause]
        if clause not in self._computed:
            self._computed[clause] = self._compute(clause)
        return self._computed[clause]

    def _compute(self, clause: All | Group) -> Listed | None:
        group = clause if isinstance(clause, Group) else Group((clause,), (), (), 0)
        scores, matched = self._combined(group, _NOTHING)
        documents = members(matched)
        if not documents.size:
            return None
        arena = self._terms.arena
        start, into, impacts = arena.tail()
        into[start : start + documents.size] = documents
        # The kernels add one unit to what is an impact times its weight; a weight of one unit is idf 2**-shift.
        impacts[start : start + documents.size] = np.maximum(scores[documents] - 1, 0)
        return Listed(arena.add(documents.size, temporary=True), 2.0**-self._shift, documents.size)

    def _match(self, clause: Clause, words: Words64) -> None:
        """Set the bits of all documents that match a clause."""
        if not isinstance(clause, All | Group):
            listed = self._lists[clause]
            if listed:
                add_list(self._terms.arena.lists, listed.number, words)
            return
        if isinstance(clause, Group) and not clause.must and clause.minimum <= 1:
            # What a group excludes must not be taken from the matches of its neighbours.
            found = np.zeros_like(words) if clause.must_not else words
            for each in clause.should:
                self._match(each, found)
            for listed in self._operands(clause.must_not):
                if listed:
                    remove_list(self._terms.arena.lists, listed.number, found)
            words |= found
            return
        group = clause if isinstance(clause, Group) else Group((clause,), (), (), 0)
        if group.must and group.minimum == 0 and All() not in group.must:
            words |= self._match_required(group)
        else:
            words |= self._combined(group, _NOTHING)[1]

    def _match_required(self, group: Group) -> Words64:
        """The matches of a group of which only the required clauses decide."""
        words = np.zeros((self._snapshot.count + 63) // 64, np.uint64)
        must = self._operands(group.must)
        if None not in must:
            lists = self._terms.arena.lists
            match_all(lists, np.array([each.number for each in must if each], np.int64), words)
            for listed in self._operands(group.must_not):
                if listed:
                    remove_list(lists, listed.number, words)
        return words

    def _without(self, excluded: Sequence[Clause], mask: Words64) -> Words64:
        listed = [each for each in self._operands(excluded) if each]
        if not listed:
            return mask
        words = mask.copy() if mask.size else np.full((self._snapshot.count + 63) // 64, ~np.uint64(0), np.uint64)
        for each in listed:
            remove_list(self._terms.arena.lists, each.number, words)
        return words

    def _score_all(self) -> npt.NDArray[np.int64]:
        clause = self._clause
        if clause is None:
            return np.zeros(self._snapshot.count, np.int64)
        group = clause if isinstance(clause, Group) else Group((clause,), (), (), 0)
        return self._combined(group, _NOTHING)[0]

    def _arrays(self, listed: Sequence[Listed]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        ids = np.array([each.number for each in listed], np.int64)
        return ids, np.array([each.idf * 2.0**self._shift for each in listed], np.float32)


def _all_leaves(clause: Clause | None) -> list[Leaf]:
    if isinstance(clause, Group):
        return [
            leaf
            for part in (clause.must, clause.should, clause.must_not)
            for each in part
            for leaf in _all_leaves(each)
        ]
    return [] if clause is None or isinstance(clause, All) else [clause]


def _groups(clause: Clause | None) -> int:
    """How many temporary lists a clause may need, phrases apart."""
    if isinstance(clause, All):
        return 1
    if not isinstance(clause, Group):
        return 0
    return 1 + sum(_groups(each) for part in (clause.must, clause.should, clause.must_not) for each in part)
