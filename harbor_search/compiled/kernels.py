"""The decorators that make kernels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from numba import njit
from numba.core import types
from numba.core.registry import CPUDispatcher
from numba.core.sigutils import normalize_signature

import harbor_search.compiled.array_assignment  # noqa: F401  (it teaches numba)
from harbor_search.compiled.cache import KernelCache
from harbor_search.compiled.pipeline import kernel_compiler, part_compiler

__all__ = ["entry", "inlined", "kernel", "part", "signature_of"]

_INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""What calls from outside of compiled code need would take a fifth of the time of compiling."""

_FREE = {"forceinline": False}
"""Said aloud: what says nothing inherits it from the part that numba is at when it meets it first."""


class _Kernel(CPUDispatcher):  # type: ignore[misc]
    """What looks for extensions of numba only when it is compiled, not when its code is loaded: to read which packages
    are installed takes a twentieth of the time of a search in the terminal."""

    def _compilation_chain_init_hook(self) -> None:
        """Nothing: numba looks for extensions again where it readies its compiler."""


class _Part(CPUDispatcher):  # type: ignore[misc]
    """What has no way in from Python: a call would jump to address 0."""

    def __call__(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError(f"{self.py_func.__qualname__} is a part of kernels, which only they can call")


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile `function` for arrays; it then runs without the interpreter lock.

    Where another kernel calls it, it is a part of that one.
    """
    compiled = njit(nogil=True, no_cfunc_wrapper=True, pipeline_class=kernel_compiler, **_FREE)(function)
    compiled.__class__ = _Kernel
    compiled._cache = KernelCache(function)
    within: Any = part(function)
    compiled.get_call_template, compiled.get_overload = within.get_call_template, within.get_overload
    return compiled  # type: ignore[no-any-return]


def signature_of(arguments: str) -> tuple[Any, ...]:
    """The signature of types that are written as numba writes them, such as `int64, uint8[::1]`."""
    return tuple(normalize_signature(f"({arguments},)")[0])


def entry(compiled: Callable[..., Any], arguments: str) -> Callable[..., Any]:
    """The way into a kernel for arguments of these types alone, compiled by now if it was not.

    Looking at what it is called with takes a kernel longer than all else that a call does besides its work.
    """
    made: Any = compiled
    return made.compile(signature_of(arguments))  # type: ignore[no-any-return]


def part(function: Callable[..., Any]) -> Callable[..., Any]:
    """A part of kernels, which only they may call; the compiler decides whether it stands in each place that does."""
    return _as_part(njit(pipeline_class=part_compiler, **_INNER, **_FREE)(function))


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """A part of kernels that stands in each place that calls it.

    For what is called in the innermost loops with many arrays: handing over an array costs more than a look into it.
    """
    return _as_part(njit(forceinline=True, pipeline_class=part_compiler, **_INNER)(function))


def _as_part(compiled: Any) -> Callable[..., Any]:
    compiled.__class__ = _Part
    return _once_for_constants(compiled)


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
