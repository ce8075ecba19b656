"""Every kernel that skips finds what adding everything up finds, on collections large enough for skipping."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from harbor_search.ranking import (
    Arena,
    add_list,
    count,
    match_all,
    members,
    rank_of,
    remove_list,
    score_of,
    top_by_order,
    top_intersection,
    top_union,
)

DOCUMENTS = 30_000


class Collection:
    """Random posting lists in an arena, and the same as dense arrays of contributions."""

    def __init__(self, seed: int, sizes: list[int]) -> None:
        random = np.random.default_rng(seed)
        self.arena = Arena(DOCUMENTS, 400_000)
        self.ranks = random.permutation(DOCUMENTS).astype(np.int32)
        self.weights = random.uniform(0.5, 9, len(sizes)).astype(np.float32) * np.float32(2**20)
        self.ids, self.dense = [], np.zeros((len(sizes), DOCUMENTS), np.int64)
        for row, size in enumerate(sizes):
            chosen = np.sort(random.choice(DOCUMENTS, size, replace=False)).astype(np.int32)
            # Few distinct impacts make many ties; clusters of high ones give blocks something to be skipped for.
            impacts = random.choice(np.array([0.1, 0.11, 0.3, 0.9], np.float32), size, p=[0.5, 0.3, 0.19, 0.01])
            start, documents, values = self.arena.tail()
            documents[start : start + size], values[start : start + size] = chosen, impacts
            # Some lists are temporary and so have no bitmap, however long they are.
            self.ids.append(self.arena.add(size, temporary=bool(random.random() < 0.25)))
            self.dense[row, chosen] = (self.weights[row] * impacts).astype(np.int64) + 1

    def best(self, scores: npt.NDArray[np.int64], k: int) -> list[tuple[int, int]]:
        """(score, rank) of the best `k` documents with a score."""
        found = sorted((-int(scores[d]), int(self.ranks[d])) for d in np.nonzero(scores)[0])
        return [(-score, rank) for score, rank in found[:k]]


def read(keys: npt.NDArray[np.int64], size: int) -> list[tuple[int, int]]:
    ordered = np.sort(keys[:size])[::-1]
    return list(zip(score_of(ordered).tolist(), rank_of(ordered).tolist(), strict=True))


def bitmap(allowed: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint64]:
    return np.packbits(np.pad(allowed, (0, -allowed.size % 64)), bitorder="little").view(np.uint64)


SIZES = [
    [20_000],
    [300],
    [5],
    [20_000, 15_000],
    [20_000, 200],
    [12_000, 900, 9],
    [150, 140, 130, 120],
    [25_000, 9_000, 700, 400, 90, 3],
    [8_000] * 8,
]


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("k", [1, 10, 100, 1500])
@pytest.mark.parametrize("masked", [False, True])
def test_union(sizes: list[int], k: int, masked: bool) -> None:
    """A ranked union has the best documents, ties by rank, with and without a filter, and leaves no trace behind."""
    for seed in range(4):
        each = Collection(seed, sizes)
        allowed = np.random.default_rng(seed).random(DOCUMENTS) < 0.2
        mask = bitmap(allowed) if masked else np.empty(0, np.uint64)
        keys, accumulators = np.empty(k, np.int64), np.zeros(DOCUMENTS, np.int32)
        ids = np.array(each.ids, np.int64)
        bounding = 0 if masked else ids.size
        size = top_union(each.arena.lists, ids, each.weights, bounding, each.ranks, mask, accumulators, keys)
        scores = each.dense.sum(axis=0) * (allowed if masked else 1)
        assert read(keys, size) == each.best(scores, k)
        assert not accumulators.any()


@pytest.mark.parametrize("sizes", [s for s in SIZES if len(s) > 1], ids=str)
@pytest.mark.parametrize("k", [1, 10, 1500])
@pytest.mark.parametrize("masked", [False, True])
def test_intersection(sizes: list[int], k: int, masked: bool) -> None:
    """Documents in all lists, best first; every one visited where it is asked."""
    for seed in range(8):
        each = Collection(seed, sizes)
        allowed = np.random.default_rng(seed).random(DOCUMENTS) < 0.5
        mask = bitmap(allowed) if masked else np.empty(0, np.uint64)
        ids = np.array(each.ids, np.int64)
        for required in range(1, len(sizes) + 1):
            matching = (each.dense[:required] > 0).all(axis=0) & (allowed if masked else True)
            scores = each.dense[:required].sum(axis=0) * matching
            for counting in (False, True):
                keys = np.empty(k, np.int64)
                size, visited = top_intersection(
                    each.arena.lists, ids[:required], each.weights[:required], each.ranks, mask, counting, keys
                )
                assert read(keys, size) == each.best(scores, k)
                assert not counting or visited == matching.sum()


@pytest.mark.parametrize("sizes", [s for s in SIZES if len(s) > 1], ids=str)
@pytest.mark.parametrize("k", [1, 10, 1500])
def test_union_within_the_matches_of_what_is_required(sizes: list[int], k: int) -> None:
    """A list that every allowed document is in may bound the threshold; the others only add."""
    for seed in range(3):
        each = Collection(seed, sizes)
        ids = np.array(each.ids, np.int64)
        for required in range(1, len(sizes)):
            within = np.zeros((DOCUMENTS + 63) // 64, np.uint64)
            match_all(each.arena.lists, ids[:required], within)
            matching = (each.dense[:required] > 0).all(axis=0)
            assert members(within).tolist() == np.nonzero(matching)[0].tolist()
            keys, accumulators = np.empty(k, np.int64), np.zeros(DOCUMENTS, np.int32)
            bounding = 1 if required == 1 else 0
            size = top_union(each.arena.lists, ids, each.weights, bounding, each.ranks, within, accumulators, keys)
            assert read(keys, size) == each.best(each.dense.sum(axis=0) * matching, k)


def test_sets() -> None:
    """Bitmaps of lists add up, subtract and count like sets."""
    each = Collection(1, [20_000, 5_000, 40])
    words = np.zeros((DOCUMENTS + 63) // 64, np.uint64)
    for number in each.ids[:2]:
        add_list(each.arena.lists, number, words)
    remove_list(each.arena.lists, each.ids[2], words)
    expected = np.nonzero((each.dense[:2] > 0).any(axis=0) & (each.dense[2] == 0))[0]
    assert members(words).tolist() == expected.tolist()
    assert count(words) == expected.size
    values = np.random.default_rng(3).integers(0, 50, DOCUMENTS).astype(np.int32)
    keys = np.empty(100, np.int64)
    size = top_by_order(words, values, each.ranks, keys)
    best = sorted((-int(values[d]), int(each.ranks[d])) for d in expected)[:100]
    assert read(keys, size) == [(-value, rank) for value, rank in best]


def test_an_arena_that_is_full_is_emptied_and_grows_when_one_query_needs_more() -> None:
    arena = Arena(1000, 0)
    assert arena.has_room(1, 1000)
    for _ in range(2):
        start, documents, impacts = arena.tail()
        documents[start : start + 1000], impacts[start : start + 1000] = np.arange(1000), 0.5
        arena.add(1000)
    assert not arena.has_room(1, 1000)
    arena.make_room(4, 4000)
    assert arena.used == 0
    assert arena.has_room(4, 4000)


def test_temporary_lists_are_forgotten_behind_a_mark() -> None:
    each = Collection(2, [500])
    mark, used = each.arena.mark(), each.arena.used
    start, documents, values = each.arena.tail()
    documents[start : start + 3], values[start : start + 3] = [1, 2, 3], 0.5
    each.arena.add(3, temporary=True)
    assert each.arena.used > used
    each.arena.release(mark)
    assert each.arena.used == used
