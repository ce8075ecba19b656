"""When segments are merged, and which."""

from __future__ import annotations

import random

from harbor_search.store.merging.policy import MAX_SEGMENTS, due_merges


def test_few_segments_with_few_deletions_stay() -> None:
    assert due_merges([]) == ()
    assert due_merges([(100_000, 25_000), (10, 0), (10, 2)]) == ()
    assert due_merges([(10, 0)] * MAX_SEGMENTS) == ()


def test_a_segment_with_more_than_a_quarter_deleted_is_rewritten_alone() -> None:
    (merge,) = due_merges([(1000, 0), (1000, 251), (10, 0)])
    assert merge.segments == (1,)
    assert merge.reason == "251 of its 1,000 articles were deleted"


def test_of_too_many_segments_the_small_ones_are_merged_and_the_large_one_stays() -> None:
    (merge,) = due_merges([(100_000, 10), *[(10, 0)] * MAX_SEGMENTS])
    assert merge.segments == tuple(range(1, MAX_SEGMENTS + 1))
    assert merge.reason == f"there are {MAX_SEGMENTS + 1} segments"


def test_a_segment_joins_when_the_smaller_ones_together_outweigh_it() -> None:
    small = [(10, 0)] * (MAX_SEGMENTS - 1)
    assert len(due_merges([(100_000, 0), (70, 0), *small])[0].segments) == MAX_SEGMENTS
    assert len(due_merges([(100_000, 0), (71, 0), *small])[0].segments) == MAX_SEGMENTS - 1


def test_segments_of_ever_doubling_size_are_merged_no_further_than_they_must() -> None:
    (merge,) = due_merges([(3**n, 0) for n in range(MAX_SEGMENTS + 1)])
    assert merge.segments == (0, 1)


def test_segments_without_live_documents_are_ignored() -> None:
    assert due_merges([(10, 10)] * 20) == ()
    assert due_merges([(10, 10), *[(10, 0)] * MAX_SEGMENTS]) == ()


def test_no_segment_is_in_two_merges() -> None:
    merges = due_merges([(100, 0), *[(10, 9)] * MAX_SEGMENTS, (1000, 500)])
    taken = [number for merge in merges for number in merge.segments]
    assert sorted(taken) == sorted(set(taken))
    assert (MAX_SEGMENTS + 1,) in [merge.segments for merge in merges]


def test_over_many_updates_each_article_is_rewritten_a_few_times_only() -> None:
    chance = random.Random(20240229)
    segments, rewritten, added = [20_000], 0, 0
    for _ in range(2000):
        size = chance.randint(1, 20)
        segments.append(size)
        added += size
        for merge in due_merges([(count, 0) for count in segments]):
            merged = sum(segments[number] for number in merge.segments)
            segments = [each for number, each in enumerate(segments) if number not in merge.segments] + [merged]
            rewritten += merged
        assert len(segments) <= MAX_SEGMENTS
    assert rewritten < 8 * (added + 20_000)
