"""The longest kernel of all, compiled by another process while this one compiles those it needs before.

On a fresh machine that halves how long the first start takes. The process leaves what it made where code is kept, as
any process does; this one waits for it where it comes to need the kernel, and compiles for itself if nothing is there.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from harbor_search.compiled.folders import can_keep, code_kept_in, keep_code_in
from harbor_search.compiled.kernels import signature_of

__all__ = ["compile_beside", "usable_processors"]

_log = logging.getLogger(__name__)

# Modules are looked for where this process found them, and before any is imported.
_PROGRAM = (
    "import sys; code, module, name, arguments, *sys.path = sys.argv[1:]; "
    "from harbor_search.compiled.beside import compile_here; compile_here(code, module, name, arguments.split())"
)


def usable_processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def compile_beside(kernel: Callable[..., Any], arguments: Sequence[str]) -> None:
    """Have another process begin to compile a kernel for arguments of these types, named as numpy names them.

    Nothing is done where its code is kept already, cannot be kept, or no processor is left for the process.
    """
    compiled: Any = kernel
    cache, signature = compiled._cache, signature_of(arguments)
    if cache.maker or signature in compiled.overloads or usable_processors() < 2:
        return
    if cache.has(signature) or not can_keep():
        return
    import subprocess  # a hundredth of a second that few processes need

    function = compiled.py_func
    said = code_kept_in(), function.__module__, function.__qualname__, " ".join(arguments)
    try:
        cache.maker = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, *said, *sys.path],
            stdin=subprocess.PIPE,  # its end says that this process is gone
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        _log.info("compiling goes on in one process: %s", error)


def compile_here(code: str, module: str, name: str, arguments: Sequence[str]) -> None:
    """What the other process does; it ends, in the midst of it, where its input does."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    keep_code_in(code)
    getattr(import_module(module), name).compile(signature_of(arguments))


def _end_with_input() -> None:
    os.read(0, 1)  # not by `sys.stdin`, which must not be in use when Python ends
    os._exit(1)
