"""Arrays that kernels find by their place in a table of addresses.

Handing an array to a kernel costs a tenth of a microsecond, and a query needs two dozen: with a table it hands over
one. The table's owner keeps the arrays alive, and writes an array's address again where it is replaced by a larger one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import carray, types
from numba.extending import intrinsic

from harbor_search.compiled import inlined

__all__ = ["float32s", "float64s", "int32s", "int64s", "matrix_float32", "matrix_int32", "matrix_int64", "matrix_uint8"]
__all__ += ["matrix_uint64", "new_table", "set_arrays", "table_at", "uint64s", "uint8s"]

_WIDTH = 3
"""Numbers an array: its address, its length, and the columns where it has rows of them."""


def new_table(places: int) -> npt.NDArray[np.int64]:
    """A table for so many arrays."""
    return np.zeros(places * _WIDTH, np.int64)


def set_arrays(table: npt.NDArray[np.int64], first: int, arrays: Iterable[npt.NDArray[Any]]) -> None:
    """Write the addresses of `arrays`, contiguous and of one or two dimensions, to the places from `first` on."""
    for place, array in enumerate(arrays, first):
        columns = array.shape[1] if array.ndim == 2 else 1
        table[place * _WIDTH : (place + 1) * _WIDTH] = array.ctypes.data, array.shape[0], columns


@intrinsic  # type: ignore[untyped-decorator]
def _pointer(typing_context: Any, address: Any) -> Any:
    """An address as a pointer."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], ir.IntType(8).as_pointer())

    return types.voidptr(types.int64), generate


@inlined
def table_at(address, places):  # type: ignore[no-untyped-def]
    """The table of so many places at an address: a number is handed to a kernel for less than an array."""
    return carray(_pointer(address), places * _WIDTH, np.int64)


@inlined
def int32s(table, place):  # type: ignore[no-untyped-def]
    """The int32[n] at a place of the table."""
    return carray(_pointer(table[place * _WIDTH]), table[place * _WIDTH + 1], np.int32)


@inlined
def int64s(table, place):  # type: ignore[no-untyped-def]
    """The int64[n] at a place of the table."""
    return carray(_pointer(table[place * _WIDTH]), table[place * _WIDTH + 1], np.int64)


@inlined
def float32s(table, place):  # type: ignore[no-untyped-def]
    """The float32[n] at a place of the table."""
    return carray(_pointer(table[place * _WIDTH]), table[place * _WIDTH + 1], np.float32)


@inlined
def float64s(table, place):  # type: ignore[no-untyped-def]
    """The float64[n] at a place of the table."""
    return carray(_pointer(table[place * _WIDTH]), table[place * _WIDTH + 1], np.float64)


@inlined
def uint64s(table, place):  # type: ignore[no-untyped-def]
    """The uint64[n] at a place of the table."""
    return carray(_pointer(table[place * _WIDTH]), table[place * _WIDTH + 1], np.uint64)


@inlined
def uint8s(table, place):  # type: ignore[no-untyped-def]
    """The uint8[n] at a place of the table."""
    return carray(_pointer(table[place * _WIDTH]), table[place * _WIDTH + 1], np.uint8)


@inlined
def matrix_int32(table, place):  # type: ignore[no-untyped-def]
    """The int32[n, columns] at a place of the table."""
    return carray(_pointer(table[place * _WIDTH]), (table[place * _WIDTH + 1], table[place * _WIDTH + 2]), np.int32)


@inlined
def matrix_int64(table, place):  # type: ignore[no-untyped-def]
    """The int64[n, columns] at a place of the table."""
    return carray(_pointer(table[place * _WIDTH]), (table[place * _WIDTH + 1], table[place * _WIDTH + 2]), np.int64)


@inlined
def matrix_uint64(table, place):  # type: ignore[no-untyped-def]
    """The uint64[n, columns] at a place of the table."""
    return carray(_pointer(table[place * _WIDTH]), (table[place * _WIDTH + 1], table[place * _WIDTH + 2]), np.uint64)


@inlined
def matrix_float32(table, place):  # type: ignore[no-untyped-def]
    """The float32[n, columns] at a place of the table."""
    return carray(_pointer(table[place * _WIDTH]), (table[place * _WIDTH + 1], table[place * _WIDTH + 2]), np.float32)


@inlined
def matrix_uint8(table, place):  # type: ignore[no-untyped-def]
    """The uint8[n, columns] at a place of the table."""
    return carray(_pointer(table[place * _WIDTH]), (table[place * _WIDTH + 1], table[place * _WIDTH + 2]), np.uint8)
