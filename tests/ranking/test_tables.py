"""Tables of arrays, as kernels see them."""

from __future__ import annotations

import numpy as np
import pytest
from numba import float32, int32, int64

from harbor_search.compiled import kernel, part
from harbor_search.ranking.tables import View, new_table, view

SOME = View("Some", 1, {"numbers": int32[::1], "rows": int64[:, ::1], "factor": float32})
some_at = view(SOME)


@kernel
def _fill(address):  # type: ignore[no-untyped-def]
    some = some_at(address)
    for i in range(some.numbers.size):
        some.rows[i, 1] = _scaled(some, i)
    return some.rows.shape[1]


@part
def _scaled(some, i):  # type: ignore[no-untyped-def]
    return np.int64(some.numbers[i] * some.factor)


def test_kernels_read_and_write_the_arrays_of_a_table() -> None:
    """Also those that took the place of others since."""
    table = new_table(SOME.end)
    for factor, columns in ((2.5, 3), (-1, 2)):
        numbers, rows = np.arange(4, dtype=np.int32), np.zeros((4, columns), np.int64)
        kept = SOME.set_arrays(table, numbers=numbers, rows=rows, factor=np.array([factor], np.float32))
        assert len(kept) == 3
        assert _fill(table.ctypes.data) == columns
        assert rows[:, 1].tolist() == [int(each * factor) for each in range(4)]
        assert not rows[:, 0].any()


@pytest.mark.parametrize(
    "wrong",
    [
        {"numbers": np.zeros(4, np.int64)},
        {"numbers": np.zeros((2, 2), np.int32)},
        {"numbers": np.zeros(8, np.int32)[::2]},
        {"rows": np.zeros((4, 3), np.int64).T},
        {"factor": np.array([1.5])},
    ],
)
def test_an_array_that_kernels_would_misread_is_refused(wrong: dict[str, np.ndarray]) -> None:
    with pytest.raises(TypeError, match=f"{next(iter(wrong))} must be a contiguous"):
        SOME.set_arrays(new_table(SOME.end), **wrong)
