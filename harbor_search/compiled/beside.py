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
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from harbor_search.compiled.folders import can_keep, code_kept_in, keep_code_in
from harbor_search.compiled.kernels import signature_of

__all__ = ["Maker", "compile_beside", "usable_processors"]

_log = logging.getLogger(__name__)

# Modules are looked for where this process found them, and before any is imported.
_PROGRAM = (
    "import sys; code, jobs, *sys.path = sys.argv[1:]; "
    "from harbor_search.compiled.beside import compile_here; compile_here(code, jobs)"
)


class Maker:
    """A process that compiles kernels one after the other; threads wait for them under numba's lock on compiling."""

    def __init__(self, jobs: Sequence[str]) -> None:
        """Start it.

        Args:
            jobs: each the module, name and arguments of a kernel, such as `package.module.kernel(int64, int64)`.

        Raises:
            OSError: no process can be started.
        """
        import subprocess  # a hundredth of a second that few processes need

        self._left = list(jobs)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, code_kept_in(), ";".join(jobs), *sys.path],
            stdin=subprocess.PIPE,  # its end says that this process is gone
            stdout=subprocess.PIPE,  # a line for each kernel that is finished
            stderr=subprocess.DEVNULL,
        )
        self._said = iter(self.process.stdout or ())

    def wait_for(self, job: str) -> int:
        """Wait until the process has finished a kernel; returns 0, or the exit code of a process that could not."""
        while job in self._left:
            if self.process.returncode is not None or not next(self._said, b""):
                return self._end() or -1
            self._left.pop(0)
        if not self._left:
            self._end()
        return 0

    def _end(self) -> int:
        with self.process:
            return self.process.wait()


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
