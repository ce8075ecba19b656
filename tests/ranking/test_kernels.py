"""Every kernel that skips finds what adding everything up finds, on collections large enough for skipping."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from harbor_search.ranking import PostingsCache, count, make_plan, members, remove_list, top_by_order
from harbor_search.ranking.posting_lists import LISTS
from harbor_search.ranking.ranker import MARKED
from harbor_search.ranking.tables import new_table
from tests.ranking.collection import DOCUMENTS, Collection, bitmap

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
SEVERAL = [sizes for sizes in SIZES if len(sizes) > 1]


@lru_cache
def collection(seed: int, *sizes: int) -> Collection:
    return Collection(seed, list(sizes))


@lru_cache
def text(seed: int) -> Collection:
    """Words with positions: common, frequent, and rare ones."""
    return Collection(seed, [25_000, 22_000, 3_000, 250, 80], positions=True)


def some(seed: int, share: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.random.default_rng(seed).random(DOCUMENTS) < share


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("k", [1, 10, 100, 1500])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("counting", [False, True])
def test_any_of_some_lists(sizes: list[int], k: int, masked: bool, counting: bool) -> None:
    """The best documents, ties by rank, with and without a filter, and exactly how many match where that is asked."""
    for seed in range(3):
        each = collection(seed, *sizes)
        rows = list(range(len(sizes)))
        allowed = some(seed, 0.2) if masked else None
        scores = sum(map(each.units, rows), np.zeros(DOCUMENTS, np.int64))
        matching = (scores > 0) & (True if allowed is None else allowed)
        top = each.top(k, [], rows, allowed=allowed, counting=counting)
        assert (top.documents, top.scores) == each.best(scores, matching, k)
        assert not counting or top.matches == matching.sum()


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("k", [0, 1, 10, 1500])
@pytest.mark.parametrize("masked", [False, True])
def test_all_of_some_lists(sizes: list[int], k: int, masked: bool) -> None:
    for seed in range(4):
        each = collection(seed, *sizes)
        allowed = some(seed, 0.5) if masked else None
        for required in range(1, len(sizes) + 1):
            units = [each.units(row) for row in range(required)]
            matching = np.all([own > 0 for own in units], axis=0) & (True if allowed is None else allowed)
            for counting in (False, True):
                top = each.top(k, list(range(required)), allowed=allowed, counting=counting)
                assert (top.documents, top.scores) == each.best(sum(units), matching, k)  # type: ignore[arg-type]
                assert not counting or top.matches == matching.sum()


@pytest.mark.parametrize("sizes", SEVERAL, ids=str)
@pytest.mark.parametrize("k", [1, 10, 1500])
@pytest.mark.parametrize("counting", [False, True])
def test_optional_lists_add_and_excluded_ones_take_away(sizes: list[int], k: int, counting: bool) -> None:
    for seed in range(3):
        each = collection(seed, *sizes)
        rows = list(range(len(sizes)))
        for required in range(len(sizes)):
            for excluded in range(required, min(required + 3, len(sizes))):
                optional = rows[excluded:] if excluded > required else rows[required:]
                barred = rows[required:excluded]
                if not required and not optional:
                    continue
                units = {row: each.units(row) for row in rows}
                scores = sum(units[row] for row in (*rows[:required], *optional))
                matching = np.all([units[row] > 0 for row in rows[:required]], axis=0) if required else scores > 0
                matching = matching & ~np.any([units[row] > 0 for row in barred], axis=0) if barred else matching
                top = each.top(k, rows[:required], optional, barred, counting=counting)
                assert (top.documents, top.scores) == each.best(scores, matching, k)
                assert not counting or top.matches == matching.sum()


def test_an_excluded_list_without_a_bitmap_is_looked_up_anew_in_each_walk() -> None:
    """Long lists are walked twice, their best postings first."""
    each = Collection(8, [1_700, 1_500], kept=True)
    barred = some(9, 0.5)
    chosen = np.flatnonzero(barred)
    start, documents, impacts = each.ranker.cache.tail()
    documents[start : start + chosen.size], impacts[start : start + chosen.size] = chosen, 0.5
    excluded = each.ranker.cache.add(chosen.size, 1.0, temporary=True)
    scores = each.units(0) + each.units(1)
    matching = (each.units(0) > 0) & (each.units(1) > 0) & ~barred
    for counting in (False, True):
        top = each.ranker.top(make_plan(each.numbers, (), [excluded]), 10, counting=counting)
        assert (top.documents, top.scores) == each.best(scores, matching, 10)
        assert not counting or top.matches == matching.sum()


PHRASES = [
    ([0, 1], [0, 1], 0),
    ([1, 0], [0, 1], 0),
    ([0, 0], [0, 1], 0),
    ([2, 3], [0, 2], 0),
    ([0, 4], [0, 1], 0),
    ([0, 1, 2], [0, 1, 2], 0),
    ([0, 1], [0, 1], 3),
    ([3, 1, 0], [0, 1, 2], 5),
]


@pytest.mark.parametrize(("rows", "offsets", "slop"), PHRASES)
@pytest.mark.parametrize("k", [1, 10, 2000])
@pytest.mark.parametrize("counting", [False, True])
def test_a_phrase_is_where_its_words_stand(
    rows: list[int], offsets: list[int], slop: int, k: int, counting: bool
) -> None:
    """By positions, in common and in rare words, alone, with a required list, beside an optional and an excluded one."""
    each = text(1)
    phrase, own = each.phrase(rows, offsets, slop), each.phrase_units(rows, offsets, slop)
    for required, optional, excluded in ([], [], []), ([2], [], []), ([], [3], []), ([1], [2, 4], [3]), ([], [], [0]):
        scores = own + sum(each.units(row) for row in (*required, *optional))
        matching = own > 0
        for row in required:
            matching = matching & (each.units(row) > 0)
        for row in excluded:
            matching = matching & (each.units(row) == 0)
        top = each.top(k, required, optional, excluded, phrase, counting=counting)
        assert (top.documents, top.scores) == each.best(scores, matching, k)
        assert not counting or top.matches == matching.sum()


@pytest.mark.parametrize("rows", [[0, 1], [2, 3], [0, 2]])
@pytest.mark.parametrize("required", [[], [0]])
def test_phrases_that_are_worth_the_same_come_by_rank(rows: list[int], required: list[int]) -> None:
    each = Collection(7, [25_000, 22_000, 6_000, 5_000], positions=True, even=True)
    phrase, own = each.phrase(rows, [0, 1], 0), each.phrase_units(rows, [0, 1], 0)
    scores = own + sum(map(each.units, required))
    matching = np.all([own > 0, *(each.units(row) > 0 for row in required)], axis=0)
    for k in (1, 10, 100):
        top = each.top(k, required, phrases=phrase)
        assert (top.documents, top.scores) == each.best(scores, matching, k)


def test_places_of_a_phrase_that_leave_one_trace_are_all_counted() -> None:
    """Positions are told apart by what is left of them after multiples of 64; here many leave the same."""
    each = text(4)
    crowded = [sorted({*range(start, 640, 64)}) for start in (3, 4)]
    rows = each.add_words(crowded, range(0, DOCUMENTS, 3))
    phrase, own = each.phrase(rows, [0, 1], 0), each.phrase_units(rows, [0, 1], 0)
    top = each.top(10, [], phrases=phrase)
    assert (top.documents, top.scores) == each.best(own, own > 0, 10)


def test_a_list_that_is_asked_for_twice_counts_twice() -> None:
    each = collection(2, 20_000, 700, 90)
    for rows in ([0, 0], [1, 0, 1], [2, 1, 2, 2]):
        scores = sum(map(each.units, rows), np.zeros(DOCUMENTS, np.int64))
        matching = np.all([each.units(row) > 0 for row in rows], axis=0)
        top = each.top(10, rows, counting=True)
        assert (top.documents, top.scores) == each.best(scores, matching, 10)
        assert top.matches == matching.sum()


@pytest.mark.parametrize("words", [2, 3])
@pytest.mark.parametrize("counting", [False, True])
def test_a_phrase_far_into_a_long_text_is_found(words: int, counting: bool) -> None:
    """Places that are told apart by marks end somewhere; behind them a phrase is a phrase all the same."""
    each = text(5)
    start = 3 * MARKED
    places = [[start + i, start + 64 + i, start + 1000 + i] for i in range(words)]
    rows = each.add_words(places[:1], range(0, DOCUMENTS, 50)) + each.add_words(places[1:], range(0, DOCUMENTS, 25))
    for chosen in (rows, rows[::-1]):
        phrase, own = each.phrase(chosen, list(range(words)), 0), each.phrase_units(chosen, list(range(words)), 0)
        top = each.top(10, [], phrases=phrase, counting=counting)
        assert (top.documents, top.scores) == each.best(own, own > 0, 10)
        assert not counting or top.matches == (own > 0).sum()


def test_a_phrase_of_very_many_words() -> None:
    each = text(6)
    rows = each.add_words([[i, 200 + i] for i in range(80)], range(0, DOCUMENTS, 40))
    phrase, own = each.phrase(rows, list(range(80)), 0), each.phrase_units(rows, list(range(80)), 0)
    top = each.top(10, [], phrases=phrase, counting=True)
    assert (top.documents, top.scores) == each.best(own, own > 0, 10)
    assert top.matches == (own > 0).sum()


@pytest.mark.parametrize("rows", [[0, 1], [0, 3], [2, 3]])
@pytest.mark.parametrize("counting", [False, True])
def test_a_phrase_and_a_filter(rows: list[int], counting: bool) -> None:
    each, allowed = text(2), some(6, 0.3)
    phrase, own = each.phrase(rows, [0, 1], 0), each.phrase_units(rows, [0, 1], 0)
    top = each.top(10, [], phrases=phrase, allowed=allowed, counting=counting)
    assert (top.documents, top.scores) == each.best(own, (own > 0) & allowed, 10)
    assert not counting or top.matches == ((own > 0) & allowed).sum()


@pytest.mark.parametrize("rows", [[0, 1], [2, 3], [0, 1, 2]])
def test_a_phrase_in_a_field_that_weighs_nothing_is_no_match(rows: list[int]) -> None:
    each = Collection(3, [25_000, 22_000, 3_000, 2_500], positions=True, weightless=True)
    offsets = list(range(len(rows)))
    phrase, own = each.phrase(rows, offsets, 0), each.phrase_units(rows, offsets, 0)
    for k in (0, 10):
        top = each.top(k, [], phrases=phrase, counting=True)
        assert (top.documents, top.scores) == each.best(own, own > 0, k)
        assert top.matches == (own > 0).sum()


def test_several_phrases_and_a_filter() -> None:
    each = text(2)
    phrases = each.phrase([0, 1], [0, 1], 0) + each.phrase([1, 2], [0, 3], 2)
    first, second = each.phrase_units([0, 1], [0, 1], 0), each.phrase_units([1, 2], [0, 3], 2)
    allowed = some(5, 0.5)
    top = each.top(10, [], phrases=phrases, allowed=allowed, counting=True)
    matching = (first > 0) & (second > 0) & allowed
    assert (top.documents, top.scores) == each.best(first + second, matching, 10)
    assert top.matches == matching.sum()


@pytest.mark.parametrize(("rows", "offsets", "slop"), PHRASES)
def test_a_phrase_can_be_a_list(rows: list[int], offsets: list[int], slop: int) -> None:
    each = text(3)
    mark = each.ranker.cache.mark()
    number = each.ranker.list_phrase(each.phrase(rows, offsets, slop))
    own = each.phrase_units(rows, offsets, slop)
    if number >= 0:
        top = each.ranker.top(make_plan([number]), 10, counting=True)
        assert (top.documents, top.scores) == each.best(own, own > 0, 10)
        assert top.matches == (own > 0).sum()
    else:
        assert not own.any()
    each.ranker.cache.release(mark)


def test_a_mask_of_another_size_is_refused_and_the_one_before_stays() -> None:
    each = collection(1, 20_000, 40)
    plan, wrong = make_plan(each.numbers), np.zeros(1, np.uint64)
    for _ in range(2):
        with pytest.raises(ValueError, match="a mask has 469 words, not 1"):
            each.ranker.top(plan, 10, wrong)
    assert each.ranker.top(plan, 10).documents


def test_sets() -> None:
    """Matches of plans are those of the lists, and can be counted, taken from, and put in order."""
    each = collection(1, 20_000, 5_000, 40)
    inside = [each.units(row) > 0 for row in range(3)]
    for required, optional, excluded, expected in (
        ([], [0, 2], [1], (inside[0] | inside[2]) & ~inside[1]),
        ([0, 1], [], [2], inside[0] & inside[1] & ~inside[2]),
        ([2, 0], [1], [], inside[0] & inside[2]),
    ):
        parts = [[each.numbers[row] for row in rows] for rows in (required, optional, excluded)]
        words = each.ranker.matches(make_plan(*parts))
        assert members(words).tolist() == np.nonzero(expected)[0].tolist()
    remove_list(each.ranker.cache.address, each.numbers[0], words)
    assert count(words) == (inside[0] & inside[2] & ~inside[0]).sum()


def test_documents_by_a_value() -> None:
    allowed = some(4, 0.3)
    ranks = np.random.default_rng(4).permutation(DOCUMENTS).astype(np.int32)
    values = np.random.default_rng(3).integers(0, 50, DOCUMENTS).astype(np.int32)
    keys = np.empty(100, np.int64)
    size = top_by_order(bitmap(allowed), values, ranks, keys)
    found = [(-(int(key) >> 32), 0xFFFFFFFF - (int(key) & 0xFFFFFFFF)) for key in sorted(keys[:size].tolist())[::-1]]
    assert found == sorted((-int(values[d]), int(ranks[d])) for d in np.nonzero(allowed)[0])[:100]


def test_an_arena_that_is_full_is_emptied_and_grows_when_one_query_needs_more() -> None:
    cache = PostingsCache(new_table(LISTS.end), 1000, 1, 0, 0)
    assert cache.has_room(1, 1000)
    for _ in range(2):
        start, documents, impacts = cache.tail()
        documents[start : start + 1000], impacts[start : start + 1000] = np.arange(1000), 0.5
        cache.add(1000, 1.0)
    assert not cache.has_room(1, 1000)
    cache.make_room(4, 4000, 9000)
    assert cache.used == 0
    assert cache.has_room(4, 4000, 9000)


def test_temporary_lists_are_forgotten_behind_a_mark() -> None:
    cache = PostingsCache(new_table(LISTS.end), 1000, 1, 10_000, 0)
    mark, used = cache.mark(), cache.used
    start, documents, impacts = cache.tail()
    documents[start : start + 3], impacts[start : start + 3] = [1, 2, 3], 0.5
    cache.add(3, 1.0, temporary=True)
    assert cache.used > used
    cache.release(mark)
    assert cache.used == used


def test_frequent_words_find_bitmaps_free_after_many_rarer_ones() -> None:
    cache = PostingsCache(new_table(LISTS.end), 1000, 1, 0, 0)

    def has_bitmap(size: int) -> bool:
        start, documents, impacts = cache.tail()
        documents[start : start + size] = np.arange(size)
        impacts[start : start + size] = 0.5
        return bool(cache.lists.bitmap[cache.add(size, 1.0)] >= 0)

    assert [has_bitmap(5) for _ in range(10)] == 8 * [True] + 2 * [False]
    assert has_bitmap(20)
    assert not has_bitmap(3)
