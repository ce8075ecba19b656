"""What the compiler does with a kernel and its parts: those of numba's passes that code like ours needs.

Left out are passes for what our kernels do not do (loops over tuples of several types, branches on constants,
`with` blocks, overloads written out), which took a fifth of the time of compiling.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import typed_passes, untyped_passes
from numba.core.compiler import Compiler, CompilerBase
from numba.core.compiler_machinery import LoweringPass, PassManager, register_pass

from harbor_search.compiled.linking import is_tried, parts_linked_only

__all__ = ["kernel_compiler", "part_compiler"]

_BEFORE_LOWERING = (
    untyped_passes.TranslateByteCode,
    untyped_passes.FixupArgs,
    untyped_passes.IRProcessing,
    untyped_passes.InlineClosureLikes,
    untyped_passes.GenericRewrites,
    untyped_passes.RewriteDynamicRaises,
    untyped_passes.ReconstructSSA,
    typed_passes.NopythonTypeInference,
    typed_passes.PreLowerStripPhis,
    typed_passes.NopythonRewrites,
    typed_passes.IRLegalization,
    typed_passes.AnnotateTypes,
)


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
        with parts_linked_only(self.state.targetctx), _few_collections():
            return super().compile_extra(function)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Collect garbage seldom: compiling makes objects by the hundred thousand, and few of them are garbage yet."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _passes(*first: type) -> PassManager:
    passes = PassManager("kernel")
    for each in (*first, typed_passes.NativeLowering, typed_passes.NoPythonBackend):
        passes.add_pass(each, each.__name__)
    passes.finalize()
    return passes


kernel_compiler, part_compiler = (_KernelCompiler, _PartCompiler) if is_tried() else (Compiler, Compiler)
"""What compiles kernels, and parts: numba's own where its version was not tried."""
