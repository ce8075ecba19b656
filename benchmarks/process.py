"""The harness's end of a worker: start it, ask it, watch its memory, end it."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path
from typing import Any, Self

from benchmarks.protocol import Peer

__all__ = ["MemoryWatch", "Worker", "WorkerError", "memory_of_tree"]

_ROOT = Path(__file__).parent.parent
_THREAD_VARIABLES = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class WorkerError(Exception):
    """A worker refused a request or died; the message is its own, with the end of its log where it died."""


class Worker:
    """A running engine of `peer`. `threads` is what its numeric libraries may use."""

    def __init__(self, peer: Peer, work_dir: Path, threads: int = 1) -> None:
        """Raises PeerUnavailable where the worker's command cannot be made."""
        self.name = peer.name
        self.log = work_dir / "logs" / f"{peer.name}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                peer.command(peer.name, work_dir),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=_ROOT,
                env=os.environ | dict.fromkeys(_THREAD_VARIABLES, str(threads)),
                encoding="utf-8",
            )

    @property
    def pid(self) -> int:
        """The process, for who watches its memory."""
        return self._process.pid

    def ask(self, *fields: object) -> dict[str, Any]:
        """Send one request and wait for the reply.

        Raises:
            WorkerError: the engine could not do it, or the worker is gone.
        """
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write("\t".join(map(str, fields)) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            tail = self.log.read_text(encoding="utf-8", errors="replace")[-500:]
            raise WorkerError(f"the worker of {self.name} ended during {fields[0]!r}; its log {self.log} ends: {tail}")
        reply: dict[str, Any] = json.loads(line)
        if "error" in reply:
            raise WorkerError(f"{self.name}: {reply['error']}")
        return reply

    def close(self) -> None:
        """End the process: at once where it does not end by itself when its input does."""
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.close()
            self._process.wait(timeout=10)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class MemoryWatch:
    """Samples what a process and all its descendants hold together, for engines that index in several processes.

    Pages that processes share are counted in each, so this is an upper bound where there are children.
    """

    def __init__(self, pid: int, interval: float = 0.1) -> None:
        self.peak = 0
        self._pid, self._interval = pid, interval
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._stop.wait(self._interval):
            self.peak = max(self.peak, memory_of_tree(self._pid))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def memory_of_tree(pid: int) -> int:
    """Resident bytes of `pid` and its descendants now; 0 where /proc does not exist or they are gone."""
    try:
        resident = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = {child for task in tasks for child in (task / "children").read_text(encoding="ascii").split()}
    except (OSError, IndexError):
        return 0
    return resident + sum(memory_of_tree(int(child)) for child in children)
