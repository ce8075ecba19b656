"""Servers as processes: started with an index of the texts, asked over HTTP, measured, ended."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.http.collection import Question, Text

__all__ = ["Ask", "Server", "ask", "free_port", "memory", "own_memory"]

PATIENCE = 180.0
"""Seconds until a server must answer; OpenSearch takes 25 to start on two idle cores."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One HTTP request."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


class Server(ABC):
    """A search server that runs from `start` to `stop`."""

    name: str
    note: str = ""
    """What of the question or the answer differs from the others'."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def absent(self) -> str:
        """Why it cannot be measured here; empty where it can."""

    @abstractmethod
    def start(self, source: Path, limit: int | None, articles: Sequence[Text]) -> None:
        """Run, with an index of `articles`, which are the first `limit` of the file `source`."""

    @abstractmethod
    def search(self, question: Question) -> Ask:
        """What asks for ten hits, two body fragments each, the section facet and the exact total."""

    def variants(self) -> dict[str, Ask]:
        """Other addresses worth a row, by the row's name."""
        return {}

    def pages(self) -> bool:
        """Whether there are also pages for readers, at the addresses that `page` gives."""
        return False

    def page(self, question: Question) -> Ask:
        """What asks for the page of results."""
        raise NotImplementedError

    def stop(self) -> None:
        """End it, and what it started."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def run(self, command: Sequence[str | Path], **variables: str) -> None:
        """Start `command` as this server's process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [str(each) for each in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | variables,
            )

    def wait_for(self, path: str) -> None:
        """Return when `path` is answered with 200.

        Raises:
            OSError: it is not, in time.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process and self.process.poll() is not None:
                break
            with suppress(OSError, http.client.HTTPException):
                if ask(self.port, Ask(path))[0] == 200:
                    return
            time.sleep(0.2)
        raise OSError(f"{self.name} does not answer; see {self.folder / 'log'}")


def ask(port: int, what: Ask) -> tuple[int, bytes]:
    """Status and body of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(what.method, what.path, what.body.encode() or None, what.headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def memory(process: subprocess.Popen[bytes]) -> int:
    """Bytes of memory of a process and all below it; what several share, files too, is counted once."""
    return _memory(process, "Pss:")


def own_memory(process: subprocess.Popen[bytes]) -> int:
    """Bytes of memory of a process and all below it without files: it changes with what they keep alone, and not as
    other programs come and go that use the same libraries."""
    return _memory(process, "Anonymous:")


def _memory(process: subprocess.Popen[bytes], figure: str) -> int:
    total, waiting = 0, [process.pid]
    while waiting:
        pid = waiting.pop()
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith(figure):
                    total += int(line.split()[1]) * 1024
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
    return total


def missing(program: str, cure: str) -> str:
    """Why a peer that needs `program` cannot run; empty where it is there."""
    return "" if shutil.which(program) else f"there is no {program}; {cure}"
