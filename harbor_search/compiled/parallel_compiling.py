"""The longest kernels, compiled by other processes while this one compiles those it needs before.

On a fresh machine that halves how long the first start takes. The processes leave what they made where code is kept, as
any process does; this one waits for it where it comes to need such a kernel, and compiles for itself if nothing is
there.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

from harbor_search.compiled.compiling_process import Maker
from harbor_search.compiled.folders import can_keep, keep_code_in
from harbor_search.compiled.kernels import signature_of

__all__ = ["compile_beside", "usable_processors"]

_log = logging.getLogger(__name__)


def usable_processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def compile_beside(*kernels: tuple[Callable[..., Any], str]) -> None:
    """Have other processes begin to compile kernels, each for arguments of the types that are named with it.

    The types are written as numba writes them. Kernels are left out whose code is kept already or loaded; nothing is
    done where code cannot be kept, or no processor is left for another process.
    """
    processors = usable_processors() - 1
    missing = [each for each in kernels if _is_missing(*each)] if processors > 0 else []
    if not missing or not can_keep():
        return
    for first in range(min(processors, len(missing))):
        share = missing[first::processors]
        jobs = [_job(*each) for each in share]
        try:
            maker = Maker(jobs)
        except OSError as error:
            _log.info("compiling goes on in one process: %s", error)
            return
        for (kernel, _), job in zip(share, jobs, strict=True):
            cache: Any = kernel._cache  # type: ignore[attr-defined]
            cache.made_by(maker, job)


def _is_missing(kernel: Any, arguments: str) -> bool:
    signature = signature_of(arguments)
    return not (kernel._cache.maker or signature in kernel.overloads or kernel._cache.has(signature))


def _job(kernel: Any, arguments: str) -> str:
    return f"{kernel.py_func.__module__}.{kernel.py_func.__qualname__}({arguments})"


def compile_here(code: str, jobs: str) -> None:
    """What another process does; it ends, in the midst of it, where its input does."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    keep_code_in(code)
    for job in jobs.split(";"):
        name, _, arguments = job.removesuffix(")").partition("(")
        module, _, name = name.rpartition(".")
        getattr(import_module(module), name).compile(signature_of(arguments))
        sys.stdout.write(f"{job}\n")
        sys.stdout.flush()


def _end_with_input() -> None:
    os.read(0, 1)  # not by `sys.stdin`, which must not be in use when Python ends
    os._exit(1)
