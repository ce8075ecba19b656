"""The ranker: hands plans to the kernel that runs them, and what the kernel found back as numbers of Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import entry
from harbor_search.ranking.phrases import PHRASE_TERM_WIDTH
from harbor_search.ranking.postings_cache import PostingsCache
from harbor_search.ranking.query_kernel import TOP_KERNEL, list_phrase, match
from harbor_search.ranking.query_plan import PLANNED, Plan, RankingRequest, ranking_request
from harbor_search.ranking.scratch import SCRATCH, TERM_WIDTH
from harbor_search.ranking.tables import address_of, new_table, place_of
from harbor_search.ranking.union import WINDOW

__all__ = ["Ranker", "Top", "TopArrays"]

MARKED = 65_536
"""Words of a field among which phrases are found by marks; longer texts take longer."""

_SIZE = (1 << 32) - 1
"""The bits of what `find_top` returns that say how many documents there are."""

_new = tuple.__new__
"""A named tuple's own way to be made takes longer."""

Words64 = npt.NDArray[np.uint64]


class Top(NamedTuple):
    """The best documents, best first, their scores, and how many match: a lower bound where it was not asked for."""

    documents: Sequence[int]
    scores: Sequence[float]
    matches: int


TopArrays = tuple[npt.NDArray[np.int32], npt.NDArray[np.float64], int]
"""The members of a `Top`, the documents and their scores as arrays."""


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
        self._address = address_of(self._table)
        self._mask_place = place_of(self._table, SCRATCH.places["mask"])
        self._kernel: Callable[..., Any] = self._enter
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
        return self._found(self._run(self.prepare(plan.tobytes(), PLANNED, k, counting=counting), mask))

    def best(self, request: RankingRequest, mask: Words64 | None = None) -> TopArrays:
        """The best documents of what was prepared, as arrays; as `top` otherwise."""
        found = self._run(request, mask)
        size, (_, documents, scores) = found & _SIZE, self._results
        return documents[:size].copy(), scores[:size].copy(), found >> 32

    def _run(self, request: RankingRequest, mask: Words64 | None) -> int:
        """Run what was prepared among the documents of a mask."""
        if mask is not self._mask:
            self._set_mask(mask)
        found: int = self._kernel(self._address, request[0])
        return found

    def prepare(self, numbers: bytes, reading: int, k: int, *, counting: bool) -> RankingRequest:
        """What `run` takes, for a plan or clauses (`ranking_request`), with room for what it needs."""
        k = max(0, min(k, self._most))
        if k > self._room:
            self._make_room_for_results(min(2 * k, self._most))
        if len(numbers) > self._longest_plan:
            self._make_room_for_plan(2 * (len(numbers) >> 3))
        return ranking_request(numbers, reading, k, counting=counting)

    def run(self, request: RankingRequest) -> Top | None:
        """The best documents; None where no plan says what the clauses do (`query_plan.arrange`)."""
        if self._mask is not None:
            self._set_mask(None)
        found = self._kernel(self._address, request[0])
        if found < 0:
            return None
        size = found & _SIZE  # as in `_found`, which would take as long to call
        return _new(Top, (_INT32S[size](self._documents), _FLOAT64S[size](self._scores), found >> 32))

    def _enter(self, *arguments: int) -> Any:
        """Run `find_top` for the first time; afterwards the way into it is known."""
        self._kernel = entry(*TOP_KERNEL)
        return self._kernel(*arguments)

    def _found(self, found: int) -> Top:
        """What `find_top` says it found."""
        size = found & _SIZE
        return _new(Top, (_INT32S[size](self._documents), _FLOAT64S[size](self._scores), found >> 32))

    def matches(self, plan: Plan[int]) -> Words64:
        """All documents that match a plan without phrases, as bitmap words."""
        found = np.zeros(self._width, np.uint64)
        match(self._address, np.frombuffer(plan, np.int64), found)
        return found

    def list_phrase(self, phrase: Sequence[int]) -> int:
        """The number of a temporary list of the documents with a phrase; -1 where there are none."""
        numbers = np.array(phrase, np.int64)
        if numbers.nbytes > self._longest_plan:
            self._make_room_for_plan(2 * numbers.size)
        size, weight = list_phrase(self._address, numbers, self.cache.tail()[0])
        return self.cache.add(size, weight, temporary=True) if size else -1

    def _make_room_for_results(self, k: int) -> None:
        documents, scores = np.empty(k, np.int32), np.empty(k)
        self._results = SCRATCH.set_arrays(self._table, keys=np.empty(k, np.int64), documents=documents, scores=scores)
        self._documents: Any = documents.data
        self._scores: Any = scores.data
        self._room = min(k, self._most)

    def _make_room_for_plan(self, size: int) -> None:
        self._plan = SCRATCH.set_arrays(
            self._table,
            # A plan says its numbers of lists besides, and a phrase may be all that its clauses are.
            plan=np.empty(size + 4, np.int64),
            terms=np.empty((size, TERM_WIDTH), np.int64),
            factors=np.empty(size, np.float32),
            phrase_starts=np.empty(size, np.int64),
            phrase_words=np.empty(size, np.int64),
            phrase_rows=np.empty(size, np.int64),
            phrase_terms=np.empty((size, PHRASE_TERM_WIDTH), np.int64),
            phrase_weights=np.empty(size, np.float32),
            phrase_field_bits=np.empty(size, np.uint64),
        )
        self._longest_plan = 8 * size

    def _set_mask(self, mask: Words64 | None) -> None:
        if mask is not None and mask.size != self._width:
            raise ValueError(f"a mask has {self._width} words, not {mask.size}")
        self._mask_place[0], self._mask_place[1] = (0, 0) if mask is None else (address_of(mask), mask.size)
        self._mask = mask
