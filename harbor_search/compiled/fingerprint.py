"""What the machine code of a kernel depends on, as a digest.

That is what the compiler reads: the bytecode of the kernel and of every function that it reaches, and the values of the
names in them, which become part of the code. So an edit renews the kernels that it changes and no others: a constant,
those that compute with it, wherever they stand; a comment, none.
"""

from __future__ import annotations

import enum
import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from operator import itemgetter
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numba
import numpy as np
from numba.core.dispatcher import Dispatcher
from numba.core.types import Type
from numba.extending import _Intrinsic

__all__ = ["fingerprint"]

_OURS = (__package__.partition(".")[0],)
"""The packages whose functions and classes are looked into; others are known by their version."""

_COMPILER = "array_access array_assignment cache kernels linking lowering pipeline rewriting".split()
"""Modules beside this one that say how all kernels are compiled and in what form they are kept."""

_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(Ellipsis), np.generic, np.dtype)


def fingerprint(function: Callable[..., Any]) -> bytes:
    """The digest of what the machine code of `function` depends on, but for processor and types of arguments."""
    reached: dict[Any, bytes] = {}
    waiting: list[Any] = [function]
    while waiting:
        each = waiting.pop()
        if each not in reached:
            reached[each], used = _one(each)
            waiting += used
    return _sum([_compiler(), *sorted(reached.values())])


@cache
def _one(function: Any) -> tuple[bytes, tuple[Any, ...]]:
    """The digest of one function, but for those that it uses, and these."""
    used: list[Any] = []
    name = f"{function.__module__}.{function.__qualname__}"
    parts = [name.encode(), *_code(function.__code__, function.__doc__)]
    for each, value in sorted(_named(function), key=itemgetter(0)):
        parts += [each.encode(), *_value(value, used)]
    parts += _value(function.__defaults__, used)
    return _sum(parts), tuple(used)


def _code(code: CodeType, doc: str | None = None) -> Iterator[bytes]:
    """What a code object does; not on which lines of which file it stands, or what its docstring says."""
    yield code.co_code
    yield repr((code.co_argcount, code.co_kwonlyargcount, code.co_flags, code.co_names, code.co_varnames)).encode()
    yield repr((code.co_freevars, code.co_cellvars)).encode()
    for constant in code.co_consts[1:] if doc and code.co_consts[:1] == (doc,) else code.co_consts:
        if isinstance(constant, CodeType):
            yield from _code(constant)
        else:
            yield repr(sorted(constant, key=repr) if isinstance(constant, frozenset) else constant).encode()


def _named(function: Any) -> Iterator[tuple[str, Any]]:
    """The values of the names that a function does not set itself."""
    names = set(_names(function.__code__))
    for name in names & function.__globals__.keys():
        yield name, function.__globals__[name]
        value = function.__globals__[name]
        if isinstance(value, ModuleType) and _is_ours(value.__name__):
            yield from ((f"{name}.{each}", getattr(value, each)) for each in names if hasattr(value, each))
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        yield name, cell.cell_contents


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _value(value: Any, used: list[Any]) -> Iterable[bytes]:
    """What the compiler takes a value for; functions of ours go to `used`."""
    match value:
        case enum.Enum():
            return [repr(value).encode()]
        case _ if isinstance(value, _PLAIN):
            return [type(value).__name__.encode(), repr(value).encode()]
        case np.ndarray():
            return [repr((value.dtype, value.shape, value.strides)).encode(), value.tobytes()]
        case tuple() | list():
            return [type(value).__name__.encode(), *(each for part in value for each in _value(part, used))]
        case Mapping():
            return [b"mapping", *(each for part in value.items() for each in _value(part, used))]
        case frozenset() | set():
            return [b"set", *sorted(_sum(_value(part, used)) for part in value)]
        case Dispatcher():
            used.append(value.py_func)
            return [repr(sorted(value.targetoptions.items(), key=repr)).encode()]
        case _Intrinsic():
            return _value(value._defn, used)
        case FunctionType() if _is_ours(value.__module__):
            used.append(value)
            return [b"function"]
        case Type():
            # Its name says all that numba tells it by; how it is compiled, a module may of ours.
            return [str(value).encode(), *_module_of(type(value))]
        case enum.EnumMeta():
            return [repr(list(value)).encode()]
        case type():
            return [f"{value.__module__}.{value.__qualname__}".encode(), *_module_of(value)]
        case ModuleType():
            return [value.__name__.encode()]
        case _ if not _is_ours(type(value).__module__) and callable(value):
            return [repr(getattr(value, "__qualname__", type(value))).encode()]
    return [_everything()]


def _module_of(kind: type) -> tuple[bytes, ...]:
    """The source of the module that defines a class of ours, which may extend the compiler."""
    return (_source(str(sys.modules[kind.__module__].__file__)),) if _is_ours(kind.__module__) else ()


@lru_cache(maxsize=1)
def _compiler() -> bytes:
    ours = (_source(str(Path(__file__).with_name(f"{name}.py"))) for name in _COMPILER)
    return _sum([str(numba.__version__).encode(), np.__version__.encode(), *ours])


@lru_cache(maxsize=1)
def _everything() -> bytes:
    """The sources of the whole program: for a value that no rule is known for, whatever may be behind it."""
    return _sum(_source(str(file)) for file in sorted(Path(__file__).parents[1].rglob("*.py")))


@cache
def _source(path: str) -> bytes:
    return _sum([Path(path).read_bytes()])


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in _OURS


def _sum(parts: Iterable[bytes]) -> bytes:
    """A digest of parts, each with its length."""
    content = hashlib.blake2b(digest_size=16)
    for part in parts:
        content.update(len(part).to_bytes(8, "little"))
        content.update(part)
    return content.digest()
