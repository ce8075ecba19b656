"""Kernels: functions over arrays, compiled to machine code on first use and kept for the next process.

Numba keeps compiled code beside the source or, where that cannot be written, in the user's cache folder. Where nowhere
is writable, kernels still work and are compiled anew in each process.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

__all__ = ["bit_count", "inlined", "kernel", "load_bits", "lowest_bit"]

_ROOMS = ("analysis", "ranking", "store")


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile `function` for arrays; it then runs without the interpreter lock."""
    try:
        compiled = njit(cache=True, nogil=True)(function)
        # Numba looks at the function's own file; a kernel must go stale with the kernels that it calls, too.
        compiled._cache._cache_file._source_stamp = _sources()
    except RuntimeError:  # numba found no folder to keep the code in
        compiled = njit(nogil=True)(function)
    return compiled  # type: ignore[no-any-return]


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """A part of kernels, compiled into each place that calls it.

    For what is called in the innermost loops with many arrays: handing over an array costs more than a look into it.
    """
    return njit(inline="always", nogil=True)(function)  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _sources() -> tuple[tuple[str, int, int], ...]:
    """Name, time of change and size of every source file that may hold kernels."""
    package = Path(__file__).parent
    files = [Path(__file__), *(file for room in _ROOMS for file in sorted((package / room).glob("*.py")))]
    return tuple((file.name, (status := file.stat()).st_mtime_ns, status.st_size) for file in files)


@intrinsic  # type: ignore[untyped-decorator]
def load_bits(typing_context: Any, buffer: Any, offset: Any) -> Any:
    """The 64 bits at byte `offset` of a one-dimensional uint8 `buffer`, little-endian, at any alignment.

    The caller guarantees that `offset + 8 <= buffer.size`.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        address = builder.gep(array.data, [arguments[1]])
        return builder.load(builder.bitcast(address, ir.IntType(64).as_pointer()), align=1)

    return types.uint64(buffer, types.int64), generate


@intrinsic  # type: ignore[untyped-decorator]
def bit_count(typing_context: Any, word: Any) -> Any:
    """How many bits of a uint64 are set."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


@intrinsic  # type: ignore[untyped-decorator]
def lowest_bit(typing_context: Any, word: Any) -> Any:
    """The place of the lowest bit that is set in a uint64, which must not be zero."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate
