"""The clauses of a query as posting lists and plans.

Words and phrases have lists of their own. Nested groups become lists first, and so do phrases that are not required:
temporary ones, with their scores as impacts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.engines.clauses import Boolean, Boosted, Clause, DisMax, Everything, Leaf, Phrase
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.clause_needs import Needs
from harbor_search.engines.embedded.query_words import QueryWords
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.engines.embedded.term_loader import Operand, TermLoader
from harbor_search.engines.rescoring import looks_again, word_columns
from harbor_search.query import Filter, Node
from harbor_search.ranking import MOST, SCALE, Plan, combine, make_plan, members, remove_list

__all__ = ["ClauseLists", "Scored"]

_Computed = Everything | Boolean | Boosted | DisMax | Phrase | Filter
"""Clauses whose lists are made of others'."""

_NO_MASK = np.empty(0, np.uint64)

_ABSENT = -1

_NO_MATCH = make_plan(())
"""The plan that nothing matches."""

_NO_LISTS = np.empty(0, np.int64)


class Scored(NamedTuple):
    """All documents of a group: what each scores in whole units (int64[documents]), and those that match."""

    scores: npt.NDArray[np.int64]
    matched: Words64


class ClauseLists:
    """The lists of the clauses of one query, as long as they are in memory. Hold the snapshot's lock."""

    def __init__(self, snapshot: Snapshot, terms: TermLoader, needs: Needs) -> None:
        """Has all in memory that the query needs.

        Raises:
            OperationalError: a list is damaged.
        """
        self._snapshot = snapshot
        self._operands: Mapping[Leaf, Operand] = terms.load(needs)
        self._cache, self._list_phrase = terms.ranker.cache, terms.ranker.list_phrase
        self._numbers: dict[Clause, int] = {leaf: own for leaf, own in self._operands.items() if isinstance(own, int)}
        total = sum(map(self.weight, needs.leaves[: needs.own]))
        self.shift = SCALE
        while total * 2.0**self.shift > MOST:
            self.shift -= 1

    def plan(self, clause: Clause | None, *, listed: bool) -> Plan[int] | Boolean:
        """The plan of a clause; the clause itself, as a group, where no plan can say it. `listed` says that all of its
        matches will be asked for, so that phrases had better be lists as well."""
        if clause is None:
            return _NO_MATCH
        group = clause if isinstance(clause, Boolean) else _only(clause)
        # By their types: to compare clauses takes two calls for each.
        if Everything in map(type, (*group.must, *group.should)) or group.minimum > (0 if group.must else 1):
            return group
        required: list[int] = []
        phrases: list[int] = []
        for each in group.must:
            operand = self._operands[each] if isinstance(each, Leaf) and not listed else _ABSENT
            if isinstance(operand, int):
                required.append(self.list_of(each))
            else:
                phrases += operand
        if _ABSENT in required:
            return _NO_MATCH
        optional, excluded = self._alternatives(group), self._present(group.must_not)
        return make_plan(required, optional, excluded, phrases, shift=self.shift)

    def words(self, criteria: Criteria, clauses: Mapping[Node, Clause | None]) -> QueryWords:
        """The lists of what the criteria say that the query names; its nodes have these `clauses`."""
        columns = word_columns(criteria.aspects, clauses, self.list_of) if looks_again(criteria) else None
        tested = [clauses.get(each) for each in criteria.tested]
        numbers = [_ABSENT if each is None else self.list_of(each) for each in tested]
        weights = None if columns is None else self._cache.lists.weights[columns.lists]
        return QueryWords(self._cache.address, columns, weights, np.array(numbers, np.int64) if tested else _NO_LISTS)

    def score(self, clause: Clause, document: int) -> float | None:
        """What a clause of the query, or of a part of it, scores in a document; None where it does not match."""
        number = self.list_of(clause)
        if number == _ABSENT:
            return None
        documents, impacts = self._postings(number)
        at = int(np.searchsorted(documents, document))
        if at == documents.size or documents[at] != document:
            return None
        return float(impacts[at]) * float(self._cache.lists.weights[number])

    def matching(self, clause: Clause) -> int:
        """How many documents match a clause of the query, or a part of one."""
        number = self.list_of(clause)
        return 0 if number == _ABSENT else int(self._postings(number)[0].size)

    def weight(self, leaf: Leaf) -> float:
        """The inverse document frequency of a leaf, of a phrase the sum of its words'; 0 for nothing."""
        operand = self._operands[leaf]
        if isinstance(operand, int):
            return 0.0 if operand == _ABSENT else float(self._cache.lists.weights[operand])
        return float(self._cache.lists.weights[list(operand[2 : 2 + operand[0]])].sum())

    def list_of(self, clause: Clause) -> int:
        """The list of a clause of the query (-1: empty); of a group a temporary one, its scores as impacts."""
        known = self._numbers.get(clause)
        if known is None:
            assert isinstance(clause, _Computed)
            known = self._numbers[clause] = self._compute(clause)
        return known

    def scored(self, group: Boolean) -> Scored:
        """Every document of any group with its score."""
        size = self._snapshot.count
        found = Scored(np.zeros(size, np.int64), np.zeros((size + 63) // 64, np.uint64))
        must = [self.list_of(each) for each in group.must if each != Everything()]
        should = self._present(group.should)
        if _ABSENT not in must and len(should) >= group.minimum:
            ids, mask = np.array([*must, *should], np.int64), self._allowed(group.must_not)
            combine(self._cache.address, ids, len(must), group.minimum, 2.0**self.shift, mask, *found)
        return found

    def _alternatives(self, group: Boolean) -> list[int]:
        """The lists of what a group may have.

        Kernels add one unit for each match at least. So documents that a nested group matches but scores nothing are
        taken out of its list, and where a match counts for itself those that no alternative scores become one more.
        """
        scored: list[int] = []
        unscored: npt.NDArray[np.bool_] | None = None
        for clause in group.should:
            number = self.list_of(clause)
            if number != _ABSENT and isinstance(clause, Boolean):
                documents, impacts = self._postings(number)
                counts = impacts > 0
                if not counts.all():
                    unscored = np.zeros(self._snapshot.count, np.bool_) if unscored is None else unscored
                    unscored[documents[~counts]] = True
                    number = self._temporary(documents[counts], impacts[counts])
            if number != _ABSENT:
                scored.append(number)
        if unscored is not None and not group.must:
            for number in scored:
                unscored[self._postings(number)[0]] = False
            rest = np.nonzero(unscored)[0].astype(np.int32)
            number = self._temporary(rest, np.zeros(rest.size, np.float32))
            if number != _ABSENT:
                scored.append(number)
        return scored

    def _present(self, clauses: Iterable[Clause]) -> list[int]:
        return [number for clause in clauses if (number := self.list_of(clause)) != _ABSENT]

    def _postings(self, number: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """The documents of a list and their impacts."""
        lists = self._cache.lists
        part = slice(lists.starts[number], lists.ends[number])
        return lists.documents[part], lists.impacts[part]

    def _compute(self, clause: Everything | Boolean | Boosted | DisMax | Phrase | Filter) -> int:
        if isinstance(clause, DisMax):
            return self._best_of(self._present(clause.clauses))
        if isinstance(clause, Boosted):
            number = self.list_of(clause.clause)
            return number if number == _ABSENT else self._cache.reweighted(number, clause.factor)
        if isinstance(clause, Filter):
            documents = members(self._snapshot.filter_mask(clause))
            return self._temporary(documents, np.zeros(documents.size, np.float32))
        if isinstance(clause, Phrase):
            phrase = self._operands[clause]
            assert not isinstance(phrase, int)
            return self._list_phrase(phrase)
        scores, matched = self.scored(clause if isinstance(clause, Boolean) else _only(clause))
        documents = members(matched)
        # The kernels add one unit to what is an impact times its weight.
        return self._temporary(documents, np.maximum(scores[documents] - 1, 0).astype(np.float32))

    def _best_of(self, numbers: Sequence[int]) -> int:
        """A temporary list of the documents of some lists, each with the most that it scores in one of them."""
        if len(numbers) < 2:
            return numbers[0] if numbers else _ABSENT
        weights = self._cache.lists.weights
        scores = np.zeros(self._snapshot.count, np.float32)
        for number in numbers:
            documents, impacts = self._postings(number)
            scores[documents] = np.maximum(scores[documents], impacts * np.float32(weights[number]))
        documents = np.flatnonzero(scores).astype(np.int32)
        return self._temporary(documents, scores[documents] * np.float32(2.0**self.shift))

    def _temporary(self, documents: npt.NDArray[np.int32], impacts: npt.NDArray[np.float32]) -> int:
        """The number of a temporary list of these documents, their impacts in units; -1 where there are none."""
        if not documents.size:
            return _ABSENT
        start, into, all_impacts = self._cache.tail()
        into[start : start + documents.size] = documents
        all_impacts[start : start + documents.size] = impacts
        return self._cache.add(documents.size, 2.0**-self.shift, temporary=True)

    def _allowed(self, excluded: Iterable[Clause]) -> Words64:
        """What is left of all documents without the deleted ones, which only a group that requires nothing could
        match, and without the excluded ones; empty where that is all."""
        live, listed = self._snapshot.live, self._present(excluded)
        if not listed:
            return _NO_MASK if live is None else live
        words = np.full((self._snapshot.count + 63) // 64, ~np.uint64(0), np.uint64) if live is None else live.copy()
        for number in listed:
            remove_list(self._cache.address, number, words)
        return words


def _only(clause: Clause) -> Boolean:
    """A clause as a group that requires it and nothing else."""
    return Boolean((clause,), (), (), 0)
