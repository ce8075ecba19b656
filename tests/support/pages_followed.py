"""Following a page of documentation as its reader does: its files are written, its commands are run, in order.

A block whose first line names a file (```toml harbor.toml) is written there; a block of the language `console` holds
commands, each with the output that it must print. `...` in an output stands for anything; a command without any shown
output may print what it likes; one that ends in `&` runs until the page is over. What differs from run to run (times,
sizes, names of generations) is not compared. Ports of the page become free ones.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom

PATIENCE = 300
"""Seconds that a server may take to answer, on a machine with other work to do."""

PORTS = {"8000": "HARBOR_PORT", "5000": "FLASK_RUN_PORT", "8080": ""}
"""Ports that pages name, and the variable that moves the server that would take it."""

_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """One block of a page: a file to write, or commands with what they print."""

    file: str
    text: str
    commands: tuple[tuple[str, str], ...] = ()


def steps(page: str) -> list[Step]:
    """What a page tells its reader to do."""
    found = []
    for language, file, text in _BLOCK.findall(page):
        if language == "console":
            found.append(Step("", text, tuple(commands(text))))
        elif file:
            found.append(Step(file, text))
    return found


def commands(block: str) -> Iterator[tuple[str, str]]:
    """The commands of a block of the language `console`, each with the output shown below it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def environment() -> dict[str, str]:
    """Without settings of whoever runs the tests, and with our commands before others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HARBOR_")}
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"}


def settled(output: str) -> str:
    """Output without what differs from run to run, from machine to machine, and with the width of a terminal."""
    output = re.sub(r"\d+\.\d+ s\b", "T s", output)
    output = re.sub(r"\d+(\.\d+)? (bytes|kB|MB)", "SIZE", output)
    output = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "TIME", output)
    output = re.sub(r"(?i)(\bgeneration|Live |Kept ) (\d+-[0-9a-f]{12}|[0-9a-f]{32})\b", "GENERATION", output)
    return " ".join(output.split())


def is_shown(shown: str, printed: str) -> bool:
    """Whether `printed` is `shown`, but for what `...` stands for and what differs from run to run."""
    expected = [re.escape(part) for part in settled(shown).split("...")]
    return bool(re.fullmatch(".*".join(expected), settled(printed), re.DOTALL))


@dataclass
class Reader:
    """Somebody who follows a page in `folder`; `end` stops what the page left running."""

    folder: Path
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ports = {port: str(free_port()) for port in PORTS}
        moved = {variable: self.ports[port] for port, variable in PORTS.items() if variable}
        self.environment = environment() | moved

    def follow(self, step: Step) -> None:
        """Do what the step says.

        Raises:
            AssertionError: a command fails, or prints something else than the page shows.
        """
        if step.file:
            target = self.folder / step.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self.moved(step.text), encoding="utf-8")
        for command, shown in step.commands:
            printed = self.run(self.moved(command))
            if shown.strip():
                assert is_shown(self.moved(shown), printed), f"$ {command}\n{printed[:2000]}"

    def run(self, command: str) -> str:
        """What the command prints; nothing for one that goes on."""
        if command.endswith(" &"):
            self.start(command[:-2])
            return ""
        if fetched := re.fullmatch(r"curl -s(I?) '([^']+)'", command):
            return fetch(fetched[2], head=bool(fetched[1]))
        if filled := re.fullmatch(r"sqlite3 (\S+) < (\S+)", command):
            with sqlite3.connect(self.folder / filled[1]) as database:
                database.executescript((self.folder / filled[2]).read_text())
            database.close()
            return ""
        done = subprocess.run(
            command, shell=True, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, f"$ {command}\n{done.stderr}"
        return done.stdout

    def start(self, command: str) -> None:
        """Run a server until the end, from when it answers on."""
        log = (self.folder / "server.log").open("a")
        self.running.append(
            subprocess.Popen(
                f"exec {command}", shell=True, cwd=self.folder, env=self.environment, stdout=log, stderr=log, text=True
            )
        )
        log.close()
        port = next(
            port for port, server in zip(self.ports, ("harbor", "flask", "nginx"), strict=True) if server in command
        )
        deadline = time.monotonic() + PATIENCE
        while not answers(int(self.ports[port])):
            said = (self.folder / "server.log").read_text()
            assert self.running[-1].poll() is None and time.monotonic() < deadline, f"$ {command}\n{said}"
            time.sleep(0.05)

    def end(self) -> None:
        """Stop the servers, the last one first."""
        for process in reversed(self.running):
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)

    def moved(self, text: str) -> str:
        """`text` with the ports of this reader."""
        for port, ours in self.ports.items():
            text = re.sub(rf"(?<=127\.0\.0\.1:){port}\b|(?<=listen ){port}\b", ours, text)
        return text


def follow(page: Path, reader: Reader) -> None:
    """Have `reader` do all that `page` says.

    Raises:
        AssertionError: a command fails, or prints something else than the page shows.
    """
    to_do = steps(page.read_text(encoding="utf-8"))
    assert any(step.commands for step in to_do)
    try:
        for step in to_do:
            reader.follow(step)
    finally:
        reader.end()


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def fetch(address: str, *, head: bool) -> str:
    """What `curl -s` prints for an address, or the first line of what `curl -sI` does."""
    request = urllib.request.Request(address, method="HEAD" if head else "GET")
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return f"HTTP/1.1 {answer.status} {answer.reason}" if head else answer.read().decode()
    except urllib.error.HTTPError as refused:
        return f"HTTP/1.1 {refused.code} {refused.reason}" if head else refused.read().decode()


def free_port() -> int:
    """A port that nobody has, out of the range from which the system gives ports to whoever asks for any."""
    while True:
        port = SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
