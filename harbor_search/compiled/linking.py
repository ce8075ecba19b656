"""Kept kernels linked from their machine code alone.

Whenever numba loads a kernel, it reads the intermediate code that lies beside the machine code too, and compiles a
runtime before the first; that takes several times as long as linking, and only a process that compiles needs it. Here
both are left until then. This takes names that numba does not promise, and a wrong guess would not be an error but a
crash: versions and systems that the tests were not run with load kernels in numba's own way.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

import numba
from llvmlite import binding
from numba.core.codegen import JITCodeLibrary
from numba.core.runtime import _nrt_python, rtsys

__all__ = ["packed", "prepare_loading"]

_TRIED = ("0.68.",)
"""How the versions of numba begin that the tests were run with."""

_KIND = "machine code"


def packed(library: Any) -> Any:
    """What to keep of the library of a kernel that was compiled."""
    name, kind, content = library.serialize_using_object_code()
    if not _is_tried():
        return name, kind, content
    module = library._get_module_for_linking()
    every = (*module.functions, *module.global_variables)
    symbols = {symbol.name for symbol in every if not symbol.is_declaration}
    return name, _KIND, (*content, symbols)


def prepare_loading(target: Any) -> None:
    """Have a target of numba ready to load what was kept."""
    if not _is_tried():
        rtsys.initialize(target)
        return
    target.codegen()._library_class = KeptLibrary
    _register_runtime()


class KeptLibrary(JITCodeLibrary):  # type: ignore[misc]
    """A kernel's code; its intermediate code is read where it is to be compiled into another kernel."""

    _bitcode = b""
    _shared_module: Any

    @classmethod
    def _unserialize(cls, codegen: Any, state: Any) -> Any:
        name, _, (code, bitcode, symbols) = state
        library = codegen.create_library(name)
        library._bitcode = bitcode
        engine = codegen._engine
        engine._ee.add_object_file(binding.ObjectFileRef.from_data(code))
        engine._defined_symbols |= symbols
        library._finalized = True
        return library

    def _get_module_for_linking(self) -> Any:
        if self._shared_module is None and self._bitcode:
            self._shared_module = binding.parse_bitcode(self._bitcode)
        return super()._get_module_for_linking()


@lru_cache(maxsize=1)
def _register_runtime() -> None:
    """Make known where numba's functions in C are, which machine code calls by name."""
    for name, address in _nrt_python.c_helpers.items():
        binding.add_symbol(name if name.startswith("_") else f"NRT_{name}", address)


def _is_tried() -> bool:
    return sys.platform == "linux" and str(numba.__version__).startswith(_TRIED)
