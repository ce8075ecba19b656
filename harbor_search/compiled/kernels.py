"""The decorators that make kernels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit

from harbor_search.compiled.cache import KernelCache

__all__ = ["inlined", "kernel"]


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile `function` for arrays; it then runs without the interpreter lock."""
    compiled = njit(nogil=True)(function)
    compiled._cache = KernelCache(function)
    return compiled  # type: ignore[no-any-return]


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """A part of kernels, compiled into each place that calls it.

    For what is called in the innermost loops with many arrays: handing over an array costs more than a look into it.
    """
    return njit(inline="always", nogil=True)(function)  # type: ignore[no-any-return]
