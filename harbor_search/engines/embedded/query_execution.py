"""Running a query on a snapshot: the executor chooses the way.

A group of words and phrases is a plan for the ranker, whose kernels skip what cannot reach the page. Nested groups
become posting lists of their own first, and so do phrases that are not required. What starts from all documents or asks
for several of its alternatives is computed in full, document by document. Set-wise questions (totals, facets, other
orders than relevance) are answered from bitmaps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Any, TypeVar, TypeVarTuple

import numpy as np
import numpy.typing as npt

from harbor_search.engines.clauses import Boolean, Boosted, Clause, DisMax, Everything, Leaf, Phrase
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.engines.embedded.term_loader import Needs, TermLoader, needs_of
from harbor_search.query import Filter
from harbor_search.ranking import (
    MOST,
    SCALE,
    Plan,
    Top,
    combine,
    count,
    find_members,
    make_plan,
    members,
    remove_list,
    top_by_order,
)

__all__ = ["Execution"]

_Made = TypeVar("_Made")

_Arguments = TypeVarTuple("_Arguments")

Int64s = npt.NDArray[np.int64]

_Unscored = Everything | Filter

_Computed = Everything | Boolean | Boosted | DisMax | Phrase | Filter
"""Clauses whose lists are made of others'."""

_NOTHING = np.empty(0, np.uint64)

_ABSENT = -1

NO_MATCH = make_plan(())
"""The plan that nothing matches."""


class Execution:
    """One query on one snapshot. Hold the snapshot's lock, and `close` it in the end.

    It may be run again where `close` says so, as long as `reopen` does. `size` is how many leaves the query has.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        terms: TermLoader,
        clause: Clause | None,
        *,
        listed: bool = False,
        beside: Sequence[Clause | None] = (),
    ) -> None:
        """`listed` says that all matches will be asked for, so that phrases had better be lists as well; `beside` are
        other clauses whose matches will be (`matches_beside`), with which it shares its lists."""
        self.clause = clause
        self._snapshot = snapshot
        self._terms = terms
        self._ranker = terms.ranker
        self._computed: dict[Clause, int] = {}
        self._made: dict[Callable[..., Any], Any] = {}
        self._group = _group(clause)
        self._in_full = self._group is not None and _is_in_full(self._group)
        listed = listed or self._in_full
        self._beside = tuple(beside)
        every, needs = _needs_of(clause, *beside)
        terms.load(needs)
        self.size = len(every)
        self._temporaries, self._forgotten = needs.temporaries, terms.forgotten
        total = sum(map(terms.weight, every))
        self._shift = SCALE
        while total * 2.0**self._shift > MOST:
            self._shift -= 1
        self._plan = NO_MATCH
        if self._group is not None and not self._in_full:
            try:
                self._plan = self._planned(self._group, listed)
            except BaseException:
                self.close()
                raise

    @property
    def address(self) -> int:
        """Where the posting lists are, for kernels."""
        return self._ranker.cache.address

    def close(self) -> bool:
        """Forget temporary lists, if they are not so short that they can stay; whether it can be run again."""
        return self._terms.settle()

    def reopen(self) -> bool:
        """Whether it can be run again now: that its lists are there still, and there is room for others."""
        return self._forgotten == self._terms.forgotten and self._terms.reopen(self._temporaries)

    def once(self, make: Callable[[*_Arguments], _Made], *arguments: *_Arguments) -> _Made:
        """What a function of the query and its lists gave before: that holds as long as they do."""
        if make not in self._made:
            self._made[make] = make(*arguments)
        made: _Made = self._made[make]
        return made

    def lasting_plan(self) -> Plan[int] | None:
        """Its plan; None where it has none, or one with lists that go when it is closed."""
        return None if self._in_full or self._terms.has_temporaries() else self._plan

    def top(self, k: int, mask: Words64 | None, *, counting: bool = False) -> Top:
        """The best `k` documents among those of `mask` (None: all)."""
        if self._group is None or not self._in_full:
            return self._ranker.top(self._plan, k, mask, counting=counting)
        scores, matched = self._combined(self._group, _NOTHING if mask is None else mask)
        return self._ordered(matched, scores.astype(np.int32), scores, k)

    def matches(self) -> Words64:
        """All matching documents as bitmap words; `listed` must have been said."""
        if self._group is None or not self._in_full:
            return self._ranker.matches(self._plan)
        return self._combined(self._group, _NOTHING)[1]

    def matches_beside(self) -> list[Words64]:
        """For each of the clauses beside the query all documents that match it, as bitmap words."""
        return [
            self._combined(plan, _NOTHING)[1] if isinstance(plan, Boolean) else self._ranker.matches(plan)
            for plan in self._plans_beside
        ]

    @cached_property
    def _plans_beside(self) -> list[Plan[int] | Boolean]:
        return list(map(self._plan_beside, self._beside))

    def _plan_beside(self, clause: Clause | None) -> Plan[int] | Boolean:
        """The plan of a clause beside the query; the clause itself where no plan can say it."""
        group = _group(clause)
        if group is None:
            return NO_MATCH
        return group if _is_in_full(group) else self._planned(group, listed=True)

    def top_by(self, values: npt.NDArray[np.int32], k: int, matched: Words64) -> Top:
        """The first `k` documents of `matched` in descending order of `values`, with their relevance scores."""
        if self._group is not None and self._in_full:
            return self._ordered(matched, values, self._combined(self._group, _NOTHING)[0], k)
        first = self._ordered(matched, values, None, k)
        chosen = np.zeros_like(matched)
        for document in first.documents:
            chosen[document >> 6] |= np.uint64(1) << np.uint64(document & 63)
        scored = self._ranker.top(self._plan, len(first.documents), chosen)
        scores = dict(zip(scored.documents, scored.scores, strict=True))
        return Top(first.documents, [scores[document] for document in first.documents], first.matches)

    def having(self, lists: Int64s, documents: Sequence[int]) -> list[list[bool]]:
        """For each of some documents in which of some lists it is; of these, -1 is one that has nothing."""
        found = np.empty((len(documents), lists.size), np.bool_)
        find_members(self.address, lists, np.array(documents, np.int64), found)
        return found.tolist()

    def weights(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """float64[lists]: what an impact of 1 scores in lists."""
        found: npt.NDArray[np.float64] = self._ranker.cache.lists.weights[numbers]
        return found

    def lists_of(self, clauses: Iterable[Clause | None]) -> Int64s:
        """The lists of some clauses of the query (-1: nothing, as where there is no clause)."""
        return np.array([_ABSENT if each is None else self.list_of(each) for each in clauses], np.int64)

    def score(self, clause: Clause, document: int) -> float | None:
        """What a clause of the query, or of a part of it, scores in a document; None where it does not match."""
        number = self.list_of(clause)
        if number == _ABSENT:
            return None
        documents, impacts = self._postings(number)
        at = int(np.searchsorted(documents, document))
        if at == documents.size or documents[at] != document:
            return None
        return float(impacts[at]) * float(self._ranker.cache.lists.weights[number])

    def matching(self, clause: Clause) -> int:
        """How many documents match a clause of the query, or a part of one."""
        number = self.list_of(clause)
        return 0 if number == _ABSENT else int(self._postings(number)[0].size)

    def _ordered(
        self, matched: Words64, values: npt.NDArray[np.int32], scores: npt.NDArray[np.int64] | None, k: int
    ) -> Top:
        keys = np.empty(min(k, self._snapshot.count), np.int64)
        size = top_by_order(matched, values, self._snapshot.ranks, keys)
        ranks = 0xFFFFFFFF - (np.sort(keys[:size])[::-1] & 0xFFFFFFFF)
        documents = self._snapshot.order[ranks].tolist()
        shown = [] if scores is None else [float(scores[document]) / 2.0**self._shift for document in documents]
        return Top(documents, shown, int(count(matched)))

    def _planned(self, group: Boolean, listed: bool) -> Plan[int]:
        required: list[int] = []
        phrases: list[int] = []
        for each in group.must:
            operand = self._terms.operand(each) if isinstance(each, Leaf) and not listed else _ABSENT
            if isinstance(operand, int):
                required.append(self.list_of(each))
            else:
                phrases += operand
        if _ABSENT in required:
            return NO_MATCH
        optional, excluded = self._alternatives(group), self._present(group.must_not)
        return make_plan(required, optional, excluded, phrases, shift=self._shift)

    def _alternatives(self, group: Boolean) -> list[int]:
        """The lists of what a group may have.

        Kernels add one unit for each match at least. So documents that a nested group matches but scores nothing are
        taken out of its list, and where a match counts for itself those that no alternative scores become one more.
        """
        scored: list[int] = []
        unscored = np.zeros(self._snapshot.count, np.bool_)
        for clause in group.should:
            number = self.list_of(clause)
            if number != _ABSENT and isinstance(clause, Boolean):
                documents, impacts = self._postings(number)
                counts = impacts > 0
                if not counts.all():
                    unscored[documents[~counts]] = True
                    number = self._temporary(documents[counts], impacts[counts])
            if number != _ABSENT:
                scored.append(number)
        if not group.must and unscored.any():
            for number in scored:
                unscored[self._postings(number)[0]] = False
            rest = np.nonzero(unscored)[0].astype(np.int32)
            number = self._temporary(rest, np.zeros(rest.size, np.float32))
            if number != _ABSENT:
                scored.append(number)
        return scored

    def _present(self, clauses: Sequence[Clause]) -> list[int]:
        return [number for clause in clauses if (number := self.list_of(clause)) != _ABSENT]

    def _postings(self, number: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """The documents of a list and their impacts."""
        lists = self._ranker.cache.lists
        part = slice(lists.starts[number], lists.ends[number])
        return lists.documents[part], lists.impacts[part]

    def list_of(self, clause: Clause) -> int:
        """The list of a clause of the query (-1: empty); of a group a temporary one, its scores as impacts."""
        if isinstance(clause, _Computed):
            if clause not in self._computed:
                self._computed[clause] = self._compute(clause)
            return self._computed[clause]
        operand = self._terms.operand(clause)
        assert isinstance(operand, int)
        return operand

    def _compute(self, clause: Everything | Boolean | Boosted | DisMax | Phrase | Filter) -> int:
        if isinstance(clause, DisMax):
            return self._best_of([number for each in clause.clauses if (number := self.list_of(each)) != _ABSENT])
        if isinstance(clause, Boosted):
            number = self.list_of(clause.clause)
            return number if number == _ABSENT else self._ranker.cache.reweighted(number, clause.factor)
        if isinstance(clause, Filter):
            documents = members(self._snapshot.filter_mask(clause))
            return self._temporary(documents, np.zeros(documents.size, np.float32))
        if isinstance(clause, Phrase):
            phrase = self._terms.operand(clause)
            return phrase if isinstance(phrase, int) else self._ranker.list_phrase(phrase)
        scores, matched = self._combined(clause if isinstance(clause, Boolean) else _only(clause), _NOTHING)
        documents = members(matched)
        # The kernels add one unit to what is an impact times its weight.
        return self._temporary(documents, np.maximum(scores[documents] - 1, 0).astype(np.float32))

    def _best_of(self, numbers: Sequence[int]) -> int:
        """A temporary list of the documents of some lists, each with the most that it scores in one of them."""
        if len(numbers) < 2:
            return numbers[0] if numbers else _ABSENT
        weights = self._ranker.cache.lists.weights
        scores = np.zeros(self._snapshot.count, np.float32)
        for number in numbers:
            documents, impacts = self._postings(number)
            scores[documents] = np.maximum(scores[documents], impacts * np.float32(weights[number]))
        documents = np.flatnonzero(scores).astype(np.int32)
        return self._temporary(documents, scores[documents] * np.float32(2.0**self._shift))

    def _temporary(self, documents: npt.NDArray[np.int32], impacts: npt.NDArray[np.float32]) -> int:
        """The number of a temporary list of these documents, their impacts in units; -1 where there are none."""
        if not documents.size:
            return _ABSENT
        cache = self._ranker.cache
        start, into, all_impacts = cache.tail()
        into[start : start + documents.size] = documents
        all_impacts[start : start + documents.size] = impacts
        return cache.add(documents.size, 2.0**-self._shift, temporary=True)

    def _combined(self, group: Boolean, mask: Words64) -> tuple[npt.NDArray[np.int64], Words64]:
        """Scores (int64) by document and the matching documents of any group."""
        size = self._snapshot.count
        scores, matched = np.zeros(size, np.int64), np.zeros((size + 63) // 64, np.uint64)
        must = [self.list_of(each) for each in group.must if each != Everything()]
        should = [self.list_of(each) for each in group.should]
        present = [number for number in should if number != _ABSENT]
        if _ABSENT not in must and len(present) >= group.minimum:
            ids = np.array([*must, *present], np.int64)
            mask = self._without(group.must_not, self._live(mask))
            address, scale = self._ranker.cache.address, 2.0**self._shift
            combine(address, ids, len(must), group.minimum, scale, mask, scores, matched)
        return scores, matched

    def _live(self, mask: Words64) -> Words64:
        """`mask` without deleted documents, which only a group that requires nothing could match."""
        live = self._snapshot.live
        return mask if live is None else mask & live if mask.size else live

    def _without(self, excluded: Sequence[Clause], mask: Words64) -> Words64:
        listed = self._present(excluded)
        if not listed:
            return mask
        words = mask.copy() if mask.size else np.full((self._snapshot.count + 63) // 64, ~np.uint64(0), np.uint64)
        for number in listed:
            remove_list(self._ranker.cache.address, number, words)
        return words


def _group(clause: Clause | None) -> Boolean | None:
    return clause if clause is None or isinstance(clause, Boolean) else _only(clause)


def _is_in_full(group: Boolean) -> bool:
    """Whether a group is one that plans cannot say."""
    return Everything() in group.must or Everything() in group.should or group.minimum > (0 if group.must else 1)


def _only(clause: Clause) -> Boolean:
    """A clause as a group that requires it and nothing else."""
    return Boolean((clause,), (), (), 0)


@lru_cache(maxsize=1024)
def _needs_of(clause: Clause | None, *beside: Clause | None) -> tuple[tuple[Leaf, ...], Needs]:
    """The leaves of a clause, and what has to be in memory for it and others. Readers turn pages and ask the same."""
    every = tuple(_all_leaves(clause))
    needed = [*every, *(leaf for each in beside for leaf in _all_leaves(each))]
    # Of each group, what it scores may become a list of its own; so may what no group scores.
    groups = 2 * sum(map(_groups, (clause, *beside))) + 1 + len(beside)
    return every, needs_of(needed, groups + sum(isinstance(leaf, Phrase) for leaf in needed))


def _all_leaves(clause: Clause | None) -> list[Leaf]:
    if isinstance(clause, Boolean):
        return [
            leaf
            for part in (clause.must, clause.should, clause.must_not)
            for each in part
            for leaf in _all_leaves(each)
        ]
    if isinstance(clause, Boosted):
        return _all_leaves(clause.clause)
    if isinstance(clause, DisMax):
        return [leaf for each in clause.clauses for leaf in _all_leaves(each)]
    return [] if clause is None or isinstance(clause, _Unscored) else [clause]


def _groups(clause: Clause | None) -> int:
    """How many temporary lists a clause may need, phrases apart."""
    if isinstance(clause, _Unscored):
        return 1
    if isinstance(clause, Boosted):
        return 1 + _groups(clause.clause)
    if isinstance(clause, DisMax):
        return 1 + sum(map(_groups, clause.clauses))
    if not isinstance(clause, Boolean):
        return 0
    return 1 + sum(_groups(each) for part in (clause.must, clause.should, clause.must_not) for each in part)
