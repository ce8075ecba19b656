"""Kernels as libraries of code: parts are optimised once, within their kernel; kept kernels are linked, not parsed.

Numba optimises each part by itself and makes machine code of it, and does so again for each part that calls it, and
for the kernel; only the kernel's is ever run. Here parts stay intermediate code until their kernel is optimised, with
all that is in it, which halves what the processor's compiler does.

Whenever numba loads a kernel, it reads the intermediate code that lies beside the machine code too, and compiles a
runtime before the first; that takes several times as long as linking, and only a process that compiles needs it. Here
both are left until then.

This takes names that numba does not promise, and a wrong guess would not be an error but a crash: versions and systems
that the tests were not run with compile and load kernels in numba's own way.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numba
from llvmlite import binding
from numba.core.codegen import JITCodeLibrary
from numba.core.environment import lookup_environment
from numba.core.runtime import _nrt_python, rtsys

__all__ = ["formats_errors", "is_tried", "packed", "parts_linked_only", "prepare_loading"]

_TRIED = ("0.68.",)
"""How the versions of numba begin that the tests were run with."""

_KIND = "machine code"

_ENVIRONMENT = "_ZN08NumbaEnv"
"""How the names begin of the variables that say where code reads its constants."""

_ERROR_VALUES = "__excinfo_unwrap_args"
"""How the names begin of the functions that make Python objects of values for the text of an error."""


def packed(library: Any) -> Any:
    """What to keep of the library of a kernel that was compiled."""
    if not is_tried():
        return library.serialize_using_object_code()
    module = library._final_module
    every = (*module.functions, *module.global_variables)
    symbols = {symbol.name for symbol in every if not symbol.is_declaration}
    return library.name, _KIND, (library._get_compiled_object(), symbols)


def formats_errors(library: Any) -> bool:
    """Whether a kernel has errors whose text has values in it."""
    return any(each.name.startswith(_ERROR_VALUES) for each in library._final_module.functions)


def prepare_loading(target: Any) -> None:
    """Have a target of numba ready to load what was kept."""
    if not is_tried():
        rtsys.initialize(target)
        return
    target.codegen()._library_class = KernelLibrary
    _register_runtime()


@contextmanager
def parts_linked_only(target: Any) -> Iterator[None]:
    """While this lasts, libraries that are made are intermediate code to be linked, but for those `made_to_run`.

    The caller holds numba's lock on compiling.
    """
    rtsys.initialize(target)  # whose functions are called by address
    target.codegen()._library_class = KernelLibrary
    before, KernelLibrary.makes_parts = KernelLibrary.makes_parts, True
    try:
        yield
    finally:
        KernelLibrary.makes_parts = before


class KernelLibrary(JITCodeLibrary):  # type: ignore[misc]
    """The code of a kernel, or of a part, which is nothing but intermediate code."""

    makes_parts = False
    made_to_run = False
    _is_part = False
    _linking_libraries: list[Any]

    @property
    def codegen(self) -> Any:
        """What generates code; for a part, without a place for constants, which it has in its kernel."""
        return _PartCodegen(self._codegen) if self._is_part else self._codegen

    def finalize(self) -> None:
        """Link, optimise and generate machine code; nothing of that for a part."""
        if self.makes_parts and not self.made_to_run:
            self._is_part = self._finalized = True
            return
        self._linking_libraries = _with_parts(self._linking_libraries)
        super().finalize()
        for name in [each.name for each in self._final_module.global_variables if not each.is_declaration]:
            if name.startswith(_ENVIRONMENT) and (environment := lookup_environment(name)) is not None:
                self._codegen.set_env(name, environment)

    def get_pointer_to_function(self, name: str) -> Any:
        """The address of a function; 0 in a part, which has none."""
        self._ensure_finalized()
        return 0 if self._is_part else super().get_pointer_to_function(name)

    @classmethod
    def _unserialize(cls, codegen: Any, state: Any) -> Any:
        name, _, (code, symbols) = state
        library = codegen.create_library(name)
        engine = codegen._engine
        engine._ee.add_object_file(binding.ObjectFileRef.from_data(code))
        engine._defined_symbols |= symbols
        library._finalized = True
        return library

    def _optimize_functions(self, module: Any) -> None:
        """Take out of a module what is cheap to find: variables in memory, blocks and instructions that do nothing.

        All else is left to where it stands in a kernel; numba looks for it in each function first.
        """
        module.data_layout = self._codegen._data_layout
        passes = binding.create_new_module_pass_manager()
        passes.add_sroa_pass()
        passes.add_simplify_cfg_pass()
        passes.add_instruction_combine_pass()
        passes.run(module, self._codegen._pass_builder())

    def _optimize_final_module(self) -> None:
        """Optimise a kernel with its parts, once."""
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)


class _PartCodegen:
    """What generates code, but has no place to set what code reads its constants from."""

    def __init__(self, codegen: Any) -> None:
        self._codegen = codegen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._codegen, name)

    def set_env(self, name: str, environment: Any) -> None:
        """Do nothing: the kernel does, where the place is."""


def _with_parts(libraries: Sequence[Any]) -> list[Any]:
    """Libraries and, of parts among them, all that these link, each after all that call it.

    In another order the linker would drop what nothing has called so far.
    """
    seen: set[int] = set()
    callees_first: list[Any] = []

    def add(library: Any) -> None:
        if id(library) not in seen:
            seen.add(id(library))
            if getattr(library, "_is_part", False):
                for each in library._linking_libraries:
                    add(each)
            callees_first.append(library)

    for each in libraries:
        add(each)
    return callees_first[::-1]


@lru_cache(maxsize=1)
def _register_runtime() -> None:
    """Make known where numba's functions in C are, which machine code calls by name."""
    for name, address in _nrt_python.c_helpers.items():
        binding.add_symbol(name if name.startswith("_") else f"NRT_{name}", address)


def is_tried() -> bool:
    """Whether the tests were run with this version of numba on such a system."""
    return sys.platform == "linux" and str(numba.__version__).startswith(_TRIED)
