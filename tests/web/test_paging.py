"""Which pages are linked from a page of results."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harbor_search.web.paging import page_numbers, page_relations


@pytest.mark.parametrize(
    ("page", "last", "expected"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, 3, None, 9]),
        (4, 9, [1, 2, 3, 4, 5, 6, None, 9]),
        (5, 9, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (9, 1000, [1, None, 7, 8, 9, 10, 11, None, 1000]),
    ],
)
def test_the_first_the_last_and_the_neighbours_are_linked(page: int, last: int, expected: list[int | None]) -> None:
    assert page_numbers(page, last) == expected


@settings(deadline=None)  # the machine may be busy
@given(st.integers(1, 500), st.integers(1, 500))
def test_a_gap_stands_for_at_least_two_pages(page: int, last: int) -> None:
    numbers = page_numbers(min(page, last), last)
    assert numbers[0] == 1 and numbers[-1] == last
    for before, gap, after in zip(numbers, numbers[1:], numbers[2:], strict=False):
        if gap is None:
            assert before is not None and after is not None and after - before > 2


def test_relations_stay_within_the_pages_there_are() -> None:
    assert page_relations(1, 1) == {"first": 1, "last": 1}
    assert page_relations(2, 3) == {"first": 1, "prev": 1, "next": 3, "last": 3}
    assert page_relations(9, 3) == {"first": 1, "prev": 3, "last": 3}
