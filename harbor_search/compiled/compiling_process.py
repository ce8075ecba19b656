"""A process that compiles kernels for this one."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from harbor_search.compiled.folders import code_kept_in

__all__ = ["Maker"]

# Modules are looked for where this process found them, and before any is imported.
_PROGRAM = (
    "import sys; code, jobs, *sys.path = sys.argv[1:]; "
    "from harbor_search.compiled.parallel_compiling import compile_here; compile_here(code, jobs)"
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
