"""Copying between arrays in kernels.

An assignment to a slice says the same, but to be ready for any shapes numba compiles ten times as much for it.
"""

from __future__ import annotations

from harbor_search.compiled.kernels import inlined

__all__ = ["copy_values"]


@inlined
def copy_values(values, into):
    """Write all `values` to the beginning of `into`; both are one-dimensional, and `into` is as long at
    least; they do not overlap."""
    for i in range(values.size):
        into[i] = values[i]
