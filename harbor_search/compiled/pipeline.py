"""What the compiler does with a kernel and its parts: those of numba's passes that code like ours needs.

Left out are passes for what our kernels do not do (loops over tuples of several types, branches on constants,
`with` blocks, overloads written out), which took a fifth of the time of compiling.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from numba import types
from numba.core import typed_passes, untyped_passes
from numba.core.compiler import Compiler, CompilerBase
from numba.core.compiler_machinery import LoweringPass, PassManager, register_pass

from harbor_search.compiled.linking import is_tried, parts_linked_only
from harbor_search.compiled.lowering import CountedOnly, ShortLowering
from harbor_search.compiled.rewriting import Constants, PhisStripped, SingleAssignments

__all__ = ["kernel_compiler", "part_compiler"]

_BEFORE_LOWERING = (
    untyped_passes.TranslateByteCode,
    untyped_passes.FixupArgs,
    Constants,
    SingleAssignments,
    typed_passes.NopythonTypeInference,
    PhisStripped,
    CountedOnly,
    typed_passes.AnnotateTypes,
)


_PYTHON = ("_operator", "builtins")
"""Where Python has its operators and built-in functions."""

_known: WeakKeyDictionary[Any, dict[Any, Any]] = WeakKeyDictionary()
"""What operators and built-in functions make of types of arguments, for each of numba's typing contexts."""


@register_pass(mutates_CFG=False, analysis_only=False)
class _MakeLibrary(LoweringPass):  # type: ignore[misc]
    """Makes the library of a kernel, which is to run, unlike those that are made for its parts."""

    _name = "make_kernel_library"

    def __init__(self) -> None:
        LoweringPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Put the library where lowering looks for one; nothing else changes."""
        library = state.targetctx.codegen().create_library(state.func_id.func_qualname)
        library.enable_object_caching()
        library.made_to_run = True
        state.library = library
        return False


class _PartCompiler(CompilerBase):  # type: ignore[misc]
    """Compiles a part."""

    def define_pipelines(self) -> list[PassManager]:
        """The passes, as numba asks for them."""
        return [_passes(*_BEFORE_LOWERING)]


class _KernelCompiler(CompilerBase):  # type: ignore[misc]
    """Compiles a kernel with its parts."""

    def define_pipelines(self) -> list[PassManager]:
        """The passes, as numba asks for them."""
        return [_passes(*_BEFORE_LOWERING, _MakeLibrary)]

    def compile_extra(self, function: Any) -> Any:
        """Compile a function; what it calls becomes part of it."""
        with parts_linked_only(self.state.targetctx), _no_collections(), _operations_typed_once(self.state.typingctx):
            return super().compile_extra(function)


@contextmanager
def _no_collections() -> Iterator[None]:
    """Collect no garbage: compiling makes objects by the hundred thousand, and few of them are garbage yet."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@contextmanager
def _operations_typed_once(context: Any) -> Iterator[None]:
    """Find the type of what an operator or built-in function makes of numbers and arrays once for each combination of
    their types, for all kernels of this process.

    Numba asks dozens of templates each time, most of which are about strings, sets and times.
    """
    resolve = context.resolve_function_type
    known = _known.setdefault(context, {})

    def resolve_function_type(function: Any, arguments: Any, named: Any) -> Any:
        # Numba replaces what it knows of a function when it learns more of it, and compiles by the newer.
        known_as = function if isinstance(function, types.Function) else context._lookup_global(function)
        what = getattr(known_as, "typing_key", None)
        if named or getattr(what, "__module__", "") not in _PYTHON or not all(map(_is_plain, arguments)):
            return resolve(function, arguments, named)
        key = known_as, tuple(arguments)
        if key not in known:
            known[key] = resolve(function, arguments, named)
        return known[key]

    context.resolve_function_type = resolve_function_type
    try:
        yield
    finally:
        context.resolve_function_type = resolve


def _is_plain(kind: Any) -> bool:
    if isinstance(kind, types.BaseTuple):
        return all(map(_is_plain, kind))
    return isinstance(kind, types.Number | types.Boolean | types.Literal | types.Array | types.SliceType)


def _passes(*first: type) -> PassManager:
    passes = PassManager("kernel")
    for each in (*first, ShortLowering, typed_passes.NoPythonBackend):
        passes.add_pass(each, each.__name__)
    passes.finalize()
    return passes


kernel_compiler, part_compiler = (_KernelCompiler, _PartCompiler) if is_tried() else (Compiler, Compiler)
"""What compiles kernels, and parts: numba's own where its version was not tried."""
