"""Kernels return memory as soon as nobody needs it, and not before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numba.core.runtime import _nrt_python, rtsys

from harbor_search.compiled import kernel, part


@part
def _ones(size):
    return np.ones(size, np.int64)


@part
def _rest(values):
    return values[1:]


@part
def _fill(values, value):
    for i in range(values.size):
        values[i] = value


@kernel
def made_by_a_part(size):
    """The size of an array that a part has made."""
    return _ones(size).size


@kernel
def assigned_again(size):
    """The sum of the last elements of arrays that one variable had in turn."""
    found, values = 0, np.zeros(1, np.int64)
    for i in range(size):
        if i % 3:
            values = np.empty(i + 1, np.int64)
            _fill(values, i)
        found += values[-1]
    return found


@kernel
def computed(size):
    """The size of an array that is computed of others."""
    values = np.arange(size)
    values = values[values > 1]
    return (values + values).size


@kernel
def part_of_a_part(size):
    """All but the first two of some numbers, in the memory of all."""
    values = np.empty(size, np.int64)
    for i in range(size):
        values[i] = i
    return _rest(_rest(values))


@kernel
def of_a_pair(size):
    """The second of two arrays that were together."""
    pair = np.zeros(size, np.int64), np.ones(size, np.int64)
    return pair[1]


@kernel
def without_the_first(values):
    """All but the first, in the memory of the caller."""
    return _rest(values)


@pytest.mark.parametrize("run", [made_by_a_part, assigned_again, computed, part_of_a_part, of_a_pair])
def test_a_kernel_leaves_no_memory_behind(run: Callable[[int], Any]) -> None:
    run(9)
    _nrt_python.memsys_enable_stats()
    before = rtsys.get_allocation_stats()
    for _ in range(20):
        run(9)
    after = rtsys.get_allocation_stats()
    _nrt_python.memsys_disable_stats()
    assert after.mi_alloc - before.mi_alloc == after.mi_free - before.mi_free > 0


def test_what_a_kernel_returns_stays_although_its_parts_have_ended() -> None:
    kept = [part_of_a_part(1000) for _ in range(50)]
    assert [each.sum() for each in kept] == [sum(range(2, 1000))] * 50
    assert of_a_pair(1000).sum() == 1000
    assert assigned_again(5) == 0 + 1 + 2 + 2 + 4


def test_a_part_of_the_callers_array_stays_when_the_caller_forgets_the_whole() -> None:
    kept = [without_the_first(np.full(1000, i)) for i in range(50)]
    assert [each.sum() for each in kept] == [999 * i for i in range(50)]
