"""The decorators that make kernels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from numba import njit
from numba.core import types

from harbor_search.compiled.cache import KernelCache

__all__ = ["inlined", "kernel", "part"]

_INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""What calls from outside of compiled code need would take a fifth of the time of compiling."""


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile `function` for arrays; it then runs without the interpreter lock."""
    compiled = njit(nogil=True, no_cfunc_wrapper=True)(function)
    compiled._cache = KernelCache(function)
    return _once_for_constants(compiled)


def part(function: Callable[..., Any]) -> Callable[..., Any]:
    """A part of kernels, which only they may call; the compiler decides whether it stands in each place that does."""
    return _once_for_constants(njit(**_INNER)(function))


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """A part of kernels that stands in each place that calls it.

    For what is called in the innermost loops with many arrays: handing over an array costs more than a look into it.
    """
    return _once_for_constants(njit(forceinline=True, **_INNER)(function))


def _once_for_constants(compiled: Any) -> Callable[..., Any]:
    """Keep numba from compiling a part again for each constant that it is called with.

    A counter that begins with a constant is enough for it to compile what counts twice.
    """
    template = compiled.get_call_template

    def get_call_template(arguments: Sequence[Any], named: dict[str, Any]) -> Any:
        plain = {name: types.unliteral(each) for name, each in named.items()}  # type: ignore[attr-defined]
        return template(tuple(map(types.unliteral, arguments)), plain)  # type: ignore[attr-defined]

    compiled.get_call_template = get_call_template
    return compiled  # type: ignore[no-any-return]
