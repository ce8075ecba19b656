"""Loops over arrays that numpy has names for, in kernels.

To be ready for any shapes, axes and types, numba compiles ten times as much for `values.sum()`, or for an assignment to
a slice, as for these.
"""

from __future__ import annotations

from harbor_search.compiled.kernels import inlined, part

__all__ = ["copy_values", "total"]


@inlined
def copy_values(values, into):
    """Write all `values` to the beginning of `into`; both are one-dimensional, and `into` is as long at
    least; they do not overlap."""
    for i in range(values.size):
        into[i] = values[i]


@part
def total(values):
    """The sum of a one-dimensional array, in its type; 0 where it is empty."""
    found = values.dtype.type(0)
    for i in range(values.size):
        found += values[i]
    return found
