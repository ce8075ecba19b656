"""One query over lists in memory, from its plan to its best documents: the one kernel that a search calls.

What is alike in all queries, the arena's arrays and the collection's, is found through a table of addresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import compile_beside, kernel, part
from harbor_search.ranking.arena import PLACES, Arena, lists_of
from harbor_search.ranking.heap import ranked
from harbor_search.ranking.intersection import top_intersection
from harbor_search.ranking.lone_phrase import WIDTH as PHRASE_WIDTH
from harbor_search.ranking.lone_phrase import top_phrase
from harbor_search.ranking.lookup import find
from harbor_search.ranking.matching import add_list, add_required, count, remove_list
from harbor_search.ranking.phrases import LIST, OFFSET, PLACE, WORD_WIDTH, phrase_fields, phrase_weight
from harbor_search.ranking.plans import Plan, arrange, make_plan
from harbor_search.ranking.required import top_required
from harbor_search.ranking.requirement import WIDTH, Collection
from harbor_search.ranking.tables import (
    float32s,
    float64s,
    int32s,
    int64s,
    matrix_float32,
    matrix_int64,
    new_table,
    set_arrays,
    table_at,
    uint8s,
    uint64s,
)
from harbor_search.ranking.union import WINDOW, top_union

__all__ = ["MOST", "Ranker", "Top", "prepare_search"]

SCALE = 20
"""Bits behind the point of a score in whole units: fine enough for the fourth decimal of a sum of many terms."""

MOST = 2.0**30
"""Bound of a score in whole units: the accumulators are int32."""

MARKED = 65_536
"""Words of a field among which phrases are found by marks; behind them it takes longer."""

RANKS, ORDER, NORMS, K1, ACCUMULATORS, CANDIDATES, MARKS = range(PLACES, PLACES + 7)
KEYS, DOCUMENTS, SCORES, CLAUSES, PLAN, NOTES, FACTORS, MASK = range(MARKS + 1, MARKS + 9)
"""Where the table has the other arrays that kernels need, behind those of the arena."""

_PLACES = MASK + 1

_PLANNED = -1
"""In place of the reading of clauses: the plan was made already."""

_SIZE = (1 << 32) - 1
"""The bits of what `_top` returns that say how many documents there are."""

_NO_MASK = np.empty(0, np.uint64)

Words64 = npt.NDArray[np.uint64]


class Top(NamedTuple):
    """The best documents, best first, their scores, and how many match (only where it was asked for)."""

    documents: list[int]
    scores: list[float]
    matches: int


class Ranker:
    """Runs plans over the lists of an arena. Not for several threads at once."""

    def __init__(
        self,
        ranks: npt.NDArray[np.int32],
        order: npt.NDArray[np.int32],
        norms: Sequence[npt.NDArray[np.float32]],
        k1: float,
        *,
        postings: int,
        positions: int,
    ) -> None:
        """`ranks` is each document's place in the order of ids, `order` the document of each place; `norms` are those
        of each field by document. `postings` and `positions` are how many the arena holds."""
        documents = ranks.size
        self._table = new_table(_PLACES)
        self._address = self._table.ctypes.data
        self.arena = Arena(self._table, documents, len(norms), postings, positions)
        self._most = documents
        self._width = (documents + 63) // 64
        self._arrays = (
            ranks,
            order,
            np.stack(norms) if documents else np.zeros((len(norms), 1), np.float32),
            np.array([k1], np.float32),
            np.zeros(documents, np.int32),
            np.empty(WINDOW + 1, np.int32),
            np.zeros(MARKED, np.uint8),
        )
        set_arrays(self._table, RANKS, self._arrays)
        self._make_room_for_results(100)
        self._make_room_for_plan(256)
        self._set_mask(None)

    def top(self, plan: Plan[int], k: int, mask: Words64 | None = None, *, counting: bool = False) -> Top:
        """The best `k` documents, all where there are fewer, among those of `mask` (None: all)."""
        if not 0 <= k <= self._room:
            k = self._fitting(k)
        if mask is not self._mask:
            self._set_mask(mask)
        self._take(plan)
        found = _top(self._address, len(plan), _PLANNED, k, int(counting))
        size = found & _SIZE
        return Top(self._found[:size].tolist(), self._scored[:size].tolist(), found >> 32)

    def top_clauses(self, clauses: bytes, reading: int, k: int, *, counting: bool = False) -> Top | None:
        """The same for a query of these clauses (`make_clause`); None where plans cannot say it (`plans.arrange`)."""
        if not 0 <= k <= self._room:
            k = self._fitting(k)
        if self._mask is not None:
            self._set_mask(None)
        size = len(clauses)
        if size > self._clauses.nbytes:
            self._make_room_for_plan(2 * (size >> 3))
        self._clause_bytes[:size] = clauses
        found = _top(self._address, size >> 3, reading, k, 1 if counting else 0)
        if found < 0:
            return None
        size = found & _SIZE
        return Top(self._found[:size].tolist(), self._scored[:size].tolist(), found >> 32)

    def matches(self, plan: Plan[int], mask: Words64 | None = None) -> Words64:
        """All documents that match a plan without phrases, as bitmap words."""
        words = np.zeros(self._width, np.uint64)
        self._set_mask(mask)
        self._take(plan)
        _match(self._address, len(plan), words)
        return words

    def list_phrase(self, phrase: Sequence[int]) -> int:
        """The number of a temporary list of the documents with a phrase; -1 where there are none."""
        self._take(make_plan((), phrases=phrase))
        size, weight = _list_phrase(self._address, len(phrase) + 4, self.arena.tail()[0])
        return self.arena.add(size, weight, temporary=True) if size else -1

    def _take(self, plan: Plan[int]) -> None:
        if len(plan) > len(self._planned):
            self._make_room_for_plan(2 * len(plan))
        self._planned[: len(plan)] = plan

    def _fitting(self, k: int) -> int:
        """`k` or how many documents there are, with room for them."""
        k = max(0, min(k, self._most))
        if k > self._room:
            self._make_room_for_results(min(2 * k, self._most))
        return k

    def _make_room_for_results(self, k: int) -> None:
        self._results = np.empty(k, np.int64), np.empty(k, np.int32), np.empty(k)
        set_arrays(self._table, KEYS, self._results)
        self._found: Any = self._results[1].data
        self._scored: Any = self._results[2].data
        self._room = min(k, self._most)

    def _make_room_for_plan(self, size: int) -> None:
        # A plan says its numbers of lists besides, and a phrase may be all that its clauses are.
        self._plan, self._clauses = np.empty(size + 4, np.int64), np.empty(size, np.int64)
        self._notes = np.empty((size, max(WIDTH, PHRASE_WIDTH)), np.int64), np.empty(size, np.float32)
        set_arrays(self._table, CLAUSES, (self._clauses, self._plan, *self._notes))
        self._clause_bytes: Any = self._clauses.data.cast("B")
        self._planned = self._plan.data.cast("B").cast("q")  # as `array` has it

    def _set_mask(self, mask: Words64 | None) -> None:
        self._mask = mask
        set_arrays(self._table, MASK, [_NO_MASK if mask is None else mask])


def prepare_search() -> None:
    """Have what compiling a search takes, half of all, begin in another process, where it is to be done."""
    compile_beside(_top, ["int64"] * 5)


@part
def _parts(plan, size):  # type: ignore[no-untyped-def]
    """The required, optional and excluded lists and the phrases of a plan."""
    required = 4 + plan[1]
    optional = required + plan[2]
    excluded = optional + plan[3]
    return plan[4:required], plan[required:optional], plan[optional:excluded], plan[excluded:size]


@part
def _scale(lists, plan, size):  # type: ignore[no-untyped-def]
    """The bits behind the point with which no score can overflow the accumulators."""
    if plan[0]:
        return plan[0]
    required, optional, _, phrases = _parts(plan, size)
    total = 0.0
    for number in required:
        total += lists.weights[number]
    for number in optional:
        total += lists.weights[number]
    at = 0
    while at < phrases.size:
        for i in range(phrases[at]):
            total += lists.weights[phrases[at + 2 + i]]
        at += 2 + 2 * phrases[at]
    shift = SCALE
    while total * 2.0**shift > MOST:
        shift -= 1
    return shift


@kernel
def _top(address, said, reading, k, counting):  # type: ignore[no-untyped-def]
    """Write the best documents of a plan and their scores to the table's arrays for them.

    The plan, of `said` int64, is there where `reading` is _PLANNED; else it is made of as many of clauses. Returns how
    many the best are, and in the bits from 32 on how many documents match, 0 where `counting` does not ask for it; -1
    where plans cannot say what the clauses do. (A pair would cost the caller a quarter of a microsecond.)
    """
    table = table_at(address, _PLACES)
    lists, plan, mask = lists_of(table), int64s(table, PLAN), uint64s(table, MASK)
    ranks, order = int32s(table, RANKS), int32s(table, ORDER)
    norms, k1 = matrix_float32(table, NORMS), float32s(table, K1)[0]
    accumulators, candidates = int32s(table, ACCUMULATORS), int32s(table, CANDIDATES)
    marks, keys = uint8s(table, MARKS), int64s(table, KEYS)[:k]
    notes, factors = matrix_int64(table, NOTES), float32s(table, FACTORS)
    plan_size = said if reading == _PLANNED else np.int64(arrange(int64s(table, CLAUSES), said, reading, plan))
    if plan_size < 0:
        return plan_size
    required, optional, excluded, phrases = _parts(plan, plan_size)
    shift = _scale(lists, plan, plan_size)
    scale = 2.0**shift
    size, matches = 0, np.int64(0)
    # A required list that is all there is may as well be an optional one.
    if required.size == 1 and phrases.size == 0 and optional.size == 0:
        required, optional = optional, required
    lone = required.size == 1 and phrases.size == 0
    if plan_size - 4 == phrases.size and phrases.size and _is_exact(phrases):
        size, matches = top_phrase(lists, phrases, scale, norms, k1, ranks, mask, counting, keys, marks, notes)
    elif required.size > 1 and phrases.size == 0 and optional.size == 0:
        size, matches = top_intersection(lists, required, excluded, scale, ranks, mask, counting, keys, notes, factors)
    elif not lone and (required.size or phrases.size):
        collection = Collection(norms, k1, ranks, marks)
        size, matches = top_required(
            lists, required, phrases, optional, excluded, scale, collection, mask, counting, keys
        )
    elif lone or optional.size:
        ids = plan[4 : 4 + plan[1] + plan[2]]
        # What is known of the best in a list bounds the best of all, if all in the list may match.
        bounding = 0 if mask.size or excluded.size else 1 if lone else ids.size
        mask = _allowed(lists, required, excluded, mask)
        if k:
            size = top_union(lists, ids, scale, bounding, ranks, mask, accumulators, candidates, keys)
        if counting:
            matches = _count_allowed(lists, required, optional, mask)
    ranked(keys, size, order, 2.0**-shift, int32s(table, DOCUMENTS), float64s(table, SCORES))
    return matches << 32 | size


@part
def _is_exact(phrases):  # type: ignore[no-untyped-def]
    """Whether it is one phrase of several words, none of which may stand elsewhere than its place."""
    return phrases.size == 2 + 2 * phrases[0] and phrases[1] == 0 and phrases[0] >= 2


@part
def _allowed(lists, required, excluded, mask):  # type: ignore[no-untyped-def]
    """What of `mask` (empty: all) the required list, if any, and excluded ones leave; empty where that is all."""
    if required.size:
        row = lists.bitmap[required[0]]
        if excluded.size == 0 and mask.size == 0 and row >= 0:
            return lists.words[row]
        words = np.zeros(lists.words.shape[1], np.uint64)
        add_list(lists, required[0], words)
        for i in range(mask.size):
            words[i] &= mask[i]
    elif excluded.size == 0:
        return mask
    else:
        words = mask.copy() if mask.size else np.full(lists.words.shape[1], ~np.uint64(0), np.uint64)
    for number in excluded:
        remove_list(lists, number, words)
    return words


@part
def _count_allowed(lists, required, optional, mask):  # type: ignore[no-untyped-def]
    """How many documents of `mask` (empty: all) have one of the optional lists, or the one required list."""
    if required.size:
        return count(mask)
    words = np.zeros(lists.words.shape[1], np.uint64)
    for number in optional:
        add_list(lists, number, words)
    for i in range(mask.size):
        words[i] &= mask[i]
    return count(words)


@kernel
def _match(address, plan_size, words):  # type: ignore[no-untyped-def]
    """Set the bits of the documents that match a plan without phrases in uint64 `words`, all zero."""
    table = table_at(address, _PLACES)
    lists, mask = lists_of(table), uint64s(table, MASK)
    required, optional, excluded, _ = _parts(int64s(table, PLAN), plan_size)
    if required.size:
        add_required(lists, required, words)
    else:
        for number in optional:
            add_list(lists, number, words)
    for number in excluded:
        remove_list(lists, number, words)
    for i in range(mask.size):
        words[i] &= mask[i]


@kernel
def _list_phrase(address, plan_size, start):  # type: ignore[no-untyped-def]
    """Write the documents with the one phrase of a plan, and their impacts, from `start` on to the arena's arrays.

    Returns (how many they are, the factor of their impacts).
    """
    table = table_at(address, _PLACES)
    lists, norms, k1 = lists_of(table), matrix_float32(table, NORMS), float32s(table, K1)[0]
    phrase = _parts(int64s(table, PLAN), plan_size)[3]
    n, driver, weight = phrase[0], 0, 0.0
    ids, known = phrase[2 : 2 + n], np.empty((n, WORD_WIDTH), np.int64)
    for i in range(n):
        known[i, LIST], known[i, OFFSET] = ids[i], phrase[2 + n + i]
        weight += lists.weights[ids[i]]
        if lists.ends[ids[i]] - lists.starts[ids[i]] < lists.ends[ids[driver]] - lists.starts[ids[driver]]:
            driver = i
    documents, impacts, marks = lists.documents, lists.impacts, uint8s(table, MARKS)
    positioned, firsts, positions = lists.positioned, lists.firsts, lists.positions
    fields, cursors = phrase_fields(positioned, phrase, 0, norms.shape[0]), lists.starts[ids]
    out = start
    for at in range(lists.starts[ids[driver]], lists.ends[ids[driver]]):
        document = np.int64(documents[at])
        found = True
        for i in range(n):
            known[i, PLACE] = find(lists, ids[i], cursors, i, document)
            if known[i, PLACE] < 0:
                found = False
                break
        if found:
            weighted = phrase_weight(
                positioned, firsts, positions, known, phrase[1], fields, norms, document, marks, False
            )
            if weighted > 0:
                documents[out], impacts[out] = document, weighted / (k1 + weighted)
                out += 1
    return out - start, weight
