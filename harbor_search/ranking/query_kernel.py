"""One query over lists in memory, from its plan to its best documents: the one kernel that a search calls.

What is alike in all queries, the cache's arrays and the collection's, is found through a table of addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import copy_values, entry, inlined, kernel, part
from harbor_search.ranking.bitmaps import add_list, add_required, count, take_list
from harbor_search.ranking.conjunction import top_required
from harbor_search.ranking.cursors import find
from harbor_search.ranking.intersection import top_intersection
from harbor_search.ranking.phrase_top_k import top_phrase
from harbor_search.ranking.phrases import LIST, OFFSET, PHRASE_TERM_WIDTH, PLACE, phrase_fields, phrase_weight
from harbor_search.ranking.postings_cache import PostingsCache, lists_at
from harbor_search.ranking.query_plan import Plan, arrange, make_plan
from harbor_search.ranking.scratch import SCRATCH, TERM_WIDTH, scratch_at
from harbor_search.ranking.tables import new_table
from harbor_search.ranking.top_k_heap import ranked
from harbor_search.ranking.union import WINDOW, top_union

__all__ = ["MOST", "Ranker", "TOP_KERNEL", "Top"]

SCALE = 20
"""Fraction bits of a score in whole units: fine enough for the fourth decimal of a sum of many terms."""

MOST = 2.0**30
"""Bound of a score in whole units: the accumulators are int32."""

MARKED = 65_536
"""Words of a field among which phrases are found by marks; longer texts take longer."""

_PLANNED = -1
"""In place of the reading of clauses: the plan was made already."""

_SHORT = 4
"""A list is short beside others that have so many times its postings together."""

_TOP_TAKES = "int64, int64, int64, int64, int64"

_SIZE = (1 << 32) - 1
"""The bits of what `_top` returns that say how many documents there are."""

_NO_MASK = np.empty(0, np.uint64)

_new = tuple.__new__
"""A named tuple's own way to be made takes longer."""

Words64 = npt.NDArray[np.uint64]


class Top(NamedTuple):
    """The best documents, best first, their scores, and how many match: a lower bound where it was not asked for."""

    documents: Sequence[int]
    scores: Sequence[float]
    matches: int


class _Unpackers(dict[int, Callable[[Any], tuple[Any, ...]]]):
    """By size, what takes the first numbers out of a buffer, in half the time of a slice of it."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, size: int) -> Callable[[Any], tuple[Any, ...]]:
        unpack = self[size] = Struct(f"{size}{self._kind}").unpack_from
        return unpack


_INT32S, _FLOAT64S = _Unpackers("i"), _Unpackers("d")


class Ranker:
    """Runs plans over the lists of a postings cache. Not for several threads at once."""

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
        of each field by document. `postings` and `positions` are how many the cache holds."""
        documents = ranks.size
        self._table = new_table(SCRATCH.end)
        self._address = self._table.ctypes.data
        self._run: Callable[..., Any] = self._enter
        self.cache = PostingsCache(self._table, documents, len(norms), postings, positions)
        self._most = documents
        self._width = (documents + 63) // 64
        self._arrays = SCRATCH.set_arrays(
            self._table,
            ranks=ranks,
            order=order,
            norms=np.stack(norms) if documents else np.zeros((len(norms), 1), np.float32),
            k1=np.array([k1], np.float32),
            accumulators=np.zeros(documents, np.int32),
            candidates=np.empty(WINDOW + 1, np.int32),
            marks=np.zeros(MARKED, np.uint8),
            allowed=np.empty(self._width, np.uint64),
        )
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
        return self._found(self._run(self._address, len(plan), _PLANNED, k, int(counting)))

    def top_clauses(self, clauses: bytes, reading: int, k: int, counting: bool) -> Top | None:
        """The same for a query of these clauses (`make_clause`); None where no plan says it (`query_plan.arrange`)."""
        if not 0 <= k <= self._room:
            k = self._fitting(k)
        if self._mask is not None:
            self._set_mask(None)
        size = len(clauses)
        if size > self._clauses_room:
            self._make_room_for_plan(2 * (size >> 3))
        self._clauses[:size] = clauses
        found = self._run(self._address, size >> 3, reading, k, 1 if counting else 0)
        return self._found(found) if found >= 0 else None

    def _enter(self, *arguments: int) -> Any:
        """Run `_top` for the first time; afterwards the way into it is known."""
        self._run = entry(_top, _TOP_TAKES)
        return self._run(*arguments)

    def _found(self, found: int) -> Top:
        """What `_top` says it found."""
        size = found & _SIZE
        return _new(Top, (_INT32S[size](self._documents), _FLOAT64S[size](self._scores), found >> 32))

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
        size, weight = _list_phrase(self._address, len(phrase) + 4, self.cache.tail()[0])
        return self.cache.add(size, weight, temporary=True) if size else -1

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
        documents, scores = np.empty(k, np.int32), np.empty(k)
        self._results = SCRATCH.set_arrays(self._table, keys=np.empty(k, np.int64), documents=documents, scores=scores)
        self._documents: Any = documents.data
        self._scores: Any = scores.data
        self._room = min(k, self._most)

    def _make_room_for_plan(self, size: int) -> None:
        # A plan says its numbers of lists besides, and a phrase may be all that its clauses are.
        plan, clauses = np.empty(size + 4, np.int64), np.empty(size, np.int64)
        self._plan = SCRATCH.set_arrays(
            self._table,
            clauses=clauses,
            plan=plan,
            terms=np.empty((size, TERM_WIDTH), np.int64),
            factors=np.empty(size, np.float32),
            phrase_starts=np.empty(size, np.int64),
            phrase_words=np.empty(size, np.int64),
            phrase_rows=np.empty(size, np.int64),
            phrase_terms=np.empty((size, PHRASE_TERM_WIDTH), np.int64),
            phrase_weights=np.empty(size, np.float32),
            phrase_field_bits=np.empty(size, np.uint64),
        )
        self._clauses: Any = clauses.data.cast("B")
        self._clauses_room = clauses.nbytes
        self._planned = plan.data.cast("B").cast("q")  # as `array` has it

    def _set_mask(self, mask: Words64 | None) -> None:
        if mask is not None and mask.size != self._width:
            raise ValueError(f"a mask has {self._width} words, not {mask.size}")
        SCRATCH.set_arrays(self._table, mask=_NO_MASK if mask is None else mask)
        self._mask = mask


@inlined
def _parts(plan, size):
    """The required, optional and excluded lists and the phrases of a plan."""
    required = 4 + plan[1]
    optional = required + plan[2]
    excluded = optional + plan[3]
    return plan[4:required], plan[required:optional], plan[optional:excluded], plan[excluded:size]


@part
def _scale(lists, required, optional, phrases):
    """The fraction bits with which no score can overflow the accumulators."""
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
def _top(address, said, reading, k, counting):
    """Write the best documents of a plan and their scores to the scratch buffers for them.

    The plan, of `said` int64, is there where `reading` is _PLANNED; else it is made of as many of clauses. Returns how
    many the best are, and in the bits from 32 on how many documents match, or a lower bound of that where `counting`
    does not ask for it; -1 where plans cannot say what the clauses do. (A pair would cost the caller a quarter of a
    microsecond.)
    """
    lists, scratch = lists_at(address), scratch_at(address)
    plan = scratch.plan
    plan_size = said if reading == _PLANNED else np.int64(arrange(scratch.clauses, said, reading, plan))
    if plan_size < 0:
        return plan_size
    required, optional, excluded, phrases = _parts(plan, plan_size)
    shift = plan[0] if plan[0] else _scale(lists, required, optional, phrases)
    scale = 2.0**shift
    size, matches = 0, np.int64(0)
    # A required list that is all there is may as well be an optional one.
    if required.size == 1 and phrases.size == 0 and optional.size == 0:
        required, optional = optional, required
    lone = required.size == 1 and phrases.size == 0 and not _is_short(lists, required[0], optional)
    if plan_size - 4 == phrases.size and phrases.size and _is_exact(phrases):
        size, matches = top_phrase(lists, scratch, phrases, scale, counting, k)
    elif required.size > 1 and phrases.size == 0 and optional.size == 0:
        size, matches = top_intersection(lists, scratch, required, excluded, scale, counting, k)
    elif not lone and (required.size or phrases.size):
        size, matches = top_required(lists, scratch, required, phrases, optional, excluded, scale, counting, k)
    elif lone or optional.size:
        ids = plan[4 : 4 + plan[1] + plan[2]]
        # What is known of the best in a list bounds the best of all, if all in the list may match.
        bounding = 0 if scratch.mask.size or excluded.size else 1 if lone else ids.size
        mask = _allowed(lists, scratch, required, excluded)
        if k:
            size = top_union(lists, scratch, ids, scale, bounding, mask, k)
        if counting:
            matches = count(mask) if lone else _count_any(lists, optional, mask)
        elif bounding:
            matches = _longest(lists, required if lone else optional)
    ranked(scratch.keys, size, scratch.order, 2.0**-shift, scratch.documents, scratch.scores)
    return matches << 32 | size


@part
def _is_short(lists, number, optional):
    """Whether walking a required list and looking up its documents in the optional ones takes less than a union of all
    within it: it is short beside several others."""
    postings = np.int64(0)
    for other in optional:
        postings += lists.ends[other] - lists.starts[other]
    return optional.size > 1 and _SHORT * (lists.ends[number] - lists.starts[number]) < postings


@part
def _is_exact(phrases):
    """Whether it is one phrase of several words, none of which may stand elsewhere than its place."""
    return phrases.size == 2 + 2 * phrases[0] and phrases[1] == 0 and phrases[0] >= 2


@part
def _allowed(lists, scratch, required, excluded):
    """What of the mask the required list, if any, and excluded ones leave; empty where that is all."""
    mask, words = scratch.mask, scratch.allowed
    if required.size:
        row = lists.bitmap[required[0]]
        if excluded.size == 0 and mask.size == 0 and row >= 0:
            return lists.words[row]
        words[:] = 0
        add_list(lists, required[0], words)
        for i in range(mask.size):
            words[i] &= mask[i]
    elif excluded.size == 0:
        return mask
    elif mask.size:
        copy_values(mask, words)
    else:
        words[:] = ~np.uint64(0)
    for number in excluded:
        take_list(lists, number, words)
    return words


@part
def _longest(lists, ids):
    """How many postings the longest of some lists has: no fewer documents have one of their terms."""
    longest = np.int64(0)
    for number in ids:
        longest = max(longest, lists.ends[number] - lists.starts[number])
    return longest


@part
def _count_any(lists, optional, mask):
    """How many documents of `mask` (empty: all) have one of the optional lists."""
    words = np.zeros(lists.words.shape[1], np.uint64)
    for number in optional:
        add_list(lists, number, words)
    for i in range(mask.size):
        words[i] &= mask[i]
    return count(words)


@kernel
def _match(address, plan_size, words):
    """Set the bits of the documents that match a plan without phrases in uint64 `words`, all zero."""
    lists, scratch = lists_at(address), scratch_at(address)
    mask = scratch.mask
    required, optional, excluded, _ = _parts(scratch.plan, plan_size)
    if required.size:
        add_required(lists, required, words)
    else:
        for number in optional:
            add_list(lists, number, words)
    for number in excluded:
        take_list(lists, number, words)
    for i in range(mask.size):
        words[i] &= mask[i]


@kernel
def _list_phrase(address, plan_size, start):
    """Write the documents with the one phrase of a plan, and their impacts, from `start` on to the cache's arrays.

    Returns (how many they are, the factor of their impacts).
    """
    lists, scratch = lists_at(address), scratch_at(address)
    phrase = _parts(scratch.plan, plan_size)[3]
    n, driver, weight = phrase[0], 0, 0.0
    ids, terms = phrase[2 : 2 + n], scratch.phrase_terms[:n]
    for i in range(n):
        terms[i, LIST], terms[i, OFFSET] = ids[i], phrase[2 + n + i]
        weight += lists.weights[ids[i]]
        if lists.ends[ids[i]] - lists.starts[ids[i]] < lists.ends[ids[driver]] - lists.starts[ids[driver]]:
            driver = i
    documents, impacts = lists.documents, lists.impacts
    fields, cursors = phrase_fields(lists, scratch, phrase, 0), lists.starts[ids]
    out = start
    for at in range(lists.starts[ids[driver]], lists.ends[ids[driver]]):
        document = np.int64(documents[at])
        found = True
        for i in range(n):
            terms[i, PLACE] = find(lists, ids[i], cursors, i, document)
            if terms[i, PLACE] < 0:
                found = False
                break
        if found:
            weighted = phrase_weight(lists, scratch, terms, phrase[1], fields, document, False)
            if weighted > 0:
                documents[out], impacts[out] = document, weighted / (scratch.k1 + weighted)
                out += 1
    return out - start, weight


TOP_KERNEL = _top, _TOP_TAKES
"""The longest of all kernels to compile, and what it takes."""
