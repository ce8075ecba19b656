"""What kernels read and write of arrays is what Python says, however the compiler has been told to do it."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from harbor_search.compiled import kernel


@kernel
def _elements(values, table, flags):
    """An element by each kind of index, a row, and what is written to each."""
    unsigned = np.uint64(2)
    values[0], values[unsigned] = values[-1], values[np.int32(1)] + values[unsigned]
    table[1, -1], table[-1, np.uint8(0)] = table[0, 2], values[2]
    flags[1] = not flags[0]
    row = table[-2]
    row[1] = -row[0]
    return row.size + 10 * table.shape[0] + 100 * table.shape[1] + 1000 * table.size


@kernel
def _ends_of_part(values, start, stop):
    part = values[start:stop]
    return part.size, part[0] if part.size else 0, part[-1] if part.size else 0


@kernel
def _rows_from(table, start):
    rows = table[start:]
    return rows.shape[0], rows.shape[1], rows[0, 1], rows.size


@kernel
def _of_column(table):
    column = table[:, 1]
    column[0] = 70
    return column[1] + column[1:][0]


@kernel
def _allocated(size):
    """A row of memory that nothing else holds any longer."""
    table = np.zeros((size, 4), np.int64)
    for i in range(size):
        table[i, 3] = i
    row = table[size - 1]
    table = np.full((size, 4), np.int64(-1))
    part = row[1:]
    return part[2] + table[0, 0]


@kernel
def _sum_of_ends(values, size):
    """Makes arrays, takes parts of one that it was given, and keeps none of them."""
    made = np.zeros(size, np.int64)
    for i in range(3):
        part = values[i : i + 3]
        made[i] += part[0] + part[-1]
    return made[0] + made[2]


@kernel
def _set_part(values, start, stop, more):
    values[start:stop] = more


@kernel
def _set_rows(table, row, values):
    """A row that is a copy of others, one of one number, and one of a number for each column."""
    table[0] = table[row]
    table[1:2] = 7
    table[-1] = values


def _table() -> npt.NDArray[np.int64]:
    return np.arange(6).reshape(2, 3)


def test_elements_and_rows_are_those_that_numpy_names() -> None:
    values, table, flags = np.array([3, 4, 5], np.int32), _table(), np.zeros(2, np.bool_)
    assert _elements(values, table, flags) == 3 + 20 + 300 + 6000
    assert values.tolist() == [5, 4, 9]
    assert table.tolist() == [[0, 0, 2], [9, 4, 2]]
    assert flags.tolist() == [False, True]


@pytest.mark.parametrize("start", [0, 2, 4, 5, 9, -1, -5, -9])
@pytest.mark.parametrize("stop", [0, 2, 5, 9, -1, -5, -9])
def test_a_part_has_what_python_says_is_in_it(start: int, stop: int) -> None:
    values = np.arange(5) + 40
    part = values[start:stop].tolist() or [0]
    assert _ends_of_part(values, start, stop) == (values[start:stop].size, part[0], part[-1])


def test_rows_from_one_on_are_a_table() -> None:
    assert _rows_from(_table(), 1) == (1, 3, 4, 3)


def test_columns_and_other_arrays_with_gaps_are_read_where_they_are() -> None:
    table = _table()
    assert _of_column(table) == 8
    assert table[0, 1] == 70


@pytest.mark.parametrize("start", [0, 2, 4, 5, 9, -1, -5, -9])
@pytest.mark.parametrize("stop", [0, 2, 5, 9, -1, -5, -9])
def test_a_part_is_assigned_as_in_python(start: int, stop: int) -> None:
    values, expected = np.arange(5), np.arange(5)
    for more in (8, 2.5, np.arange(values[start:stop].size) + 20, np.full(1, 30)):
        expected[start:stop] = more
        _set_part(values, start, stop, more)
        assert values.tolist() == expected.tolist()


@pytest.mark.parametrize("other", [np.arange(3), np.arange(0), np.arange(6)[::2], np.arange(3.0)])
def test_what_has_another_size_than_a_part_is_not_assigned_to_it(other: npt.NDArray[np.int64]) -> None:
    values = np.arange(5) + 40
    with pytest.raises(ValueError, match="cannot"):
        _set_part(values, 1, 3, other)
    assert values.tolist() == [40, 41, 42, 43, 44]


@pytest.mark.parametrize(("start", "shift"), [(0, 1), (1, -1)])
def test_a_part_can_be_moved_within_its_array(start: int, shift: int) -> None:
    values, expected = np.arange(5), np.arange(5)
    expected[start + shift : start + shift + 4] = expected[start : start + 4].copy()
    _set_part(values, start + shift, start + shift + 4, values[start : start + 4])
    assert values.tolist() == expected.tolist()


def test_rows_are_assigned_as_in_python() -> None:
    table = np.arange(12).reshape(4, 3)
    _set_rows(table, -2, np.array([1, 2, 3]))
    assert table.tolist() == [[6, 7, 8], [7, 7, 7], [6, 7, 8], [1, 2, 3]]


def test_memory_lives_as_long_as_a_row_or_a_part_of_it_is_used() -> None:
    assert [_allocated(size) for size in (2, 3, 1000)] == [0, 1, 998]


def test_arrays_that_a_kernel_makes_or_is_given_are_let_go_when_it_returns() -> None:
    """A leak of one array a call would be 400 MB here."""
    values = np.arange(100)
    assert _sum_of_ends(values, 100_000) == 8
    references, before = sys.getrefcount(values), _resident_bytes()
    for _ in range(500):
        _sum_of_ends(values, 100_000)
    assert sys.getrefcount(values) == references
    assert _resident_bytes() - before < 100_000_000


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
