"""The server as a process: its address, its workers, its end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest

from tests.cli.conftest import environment, run_program, write_articles

ROOT = Path(__file__).parents[2]
PATIENCE = 240
"""Seconds before a test gives up; nothing here should take a tenth of it."""


@dataclass
class Server:
    process: subprocess.Popen[str]
    errors: IO[str]
    address: str = ""
    printed: list[str] = field(default_factory=list)

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as response:
            return json.load(response)

    def workers(self) -> set[int]:
        """The ids of the worker processes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        if not children.exists():
            return set()
        pids = {int(pid) for pid in children.read_text().split()}
        return {pid for pid in pids if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()}

    def end(self) -> None:
        """Leave no process behind, whatever a test found broken."""
        orphans = self.workers() if self.process.poll() is None else set()
        self.process.kill()
        self.process.wait()
        for pid in orphans:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.errors.close()

    def log(self) -> str:
        self.errors.seek(0)
        return self.errors.read()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def workers_of(server: Server) -> set[int]:
    pids = server.workers()
    if not pids:
        pytest.skip("this system does not tell which processes a process started")
    return pids


Start = Callable[..., Server]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start a server as a process and wait for its address; it is stopped when the tests are done."""
    servers: list[Server] = []

    def begin(*command: str | Path, **variables: str) -> Server:
        errors = (tmp_path_factory.mktemp("server") / "stderr").open("w+")
        process = subprocess.Popen(
            [sys.executable, *map(str, command)],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=ROOT,
            env={**environment(), **variables},
        )
        servers.append(Server(process, errors))
        assert process.stdout is not None
        servers[-1].address = process.stdout.readline().rstrip("\n")
        return servers[-1]

    yield begin
    for server in servers:
        server.end()


def site(index: Path, *arguments: str) -> tuple[str | Path, ...]:
    return ("-m", "harbor_search", "--index", index, "serve", "--port", "0", *arguments)


def slow(maker: str) -> tuple[str, str]:
    script = "import tests.cli.slow_site as s; from harbor_search.cli.server import serve; "
    return "-c", script + f"from harbor_search.config import Settings; serve(Settings(port=0, workers=1), s.{maker})"


@pytest.fixture(scope="module")
def served(start: Start, tmp_path_factory: pytest.TempPathFactory) -> tuple[Server, Path, Path]:
    """A server of two workers on an index of its own, with the articles it was made from."""
    folder = tmp_path_factory.mktemp("live")
    articles = write_articles(folder / "articles", ("naps", "iron"))
    assert run_program("--index", folder / "index", "rebuild", articles).returncode == 0
    return start(*site(folder / "index", "--workers", "2")), folder / "index", articles


def test_the_address_is_printed_once_the_server_answers_and_searches(served: tuple[Server, Path, Path]) -> None:
    server, _, _ = served
    assert server.address.startswith("http://127.0.0.1:")
    assert server.get("/healthz") == {"status": "ok"}
    assert [hit["title"] for hit in server.get("/api/v1/search?q=lentils")["hits"]] == ["Iron in everyday meals"]


def test_the_terminal_gives_the_same_json_as_the_endpoint(served: tuple[Server, Path, Path]) -> None:
    server, index, _ = served
    own = {"processing_time_ms", "query_id"}
    over_http = server.get("/api/v1/search?q=iron+nap&per_page=1&sort=date&section=Health&strict=0")
    command = ["search", "--json", "-n", "1", "--sort", "date", "--section", "Health", "iron", "nap"]
    in_terminal = json.loads(run_program("--index", index, *command).stdout)
    assert list(over_http) == list(in_terminal)
    assert {k: v for k, v in over_http.items() if k not in own} == {
        k: v for k, v in in_terminal.items() if k not in own
    }


def test_a_worker_that_is_killed_is_replaced_and_the_server_goes_on_answering(
    served: tuple[Server, Path, Path],
) -> None:
    server, _, _ = served
    before = workers_of(server)
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    until(lambda: victim not in server.workers() and len(server.workers()) == len(before) == 2)
    for _ in range(20):
        assert server.get("/api/v1/search?q=iron")["total"] == 1
    assert server.process.poll() is None


def test_a_rebuild_is_picked_up_live_and_no_request_is_dropped(served: tuple[Server, Path, Path]) -> None:
    server, index, articles = served
    answers: list[tuple[str, int]] = []
    faults: list[Exception] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                answer = server.get("/api/v1/search?q=iron")
                answers.append((answer["generation"], answer["total"]))
            except Exception as error:
                faults.append(error)

    readers = [threading.Thread(target=ask) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        write_articles(articles, ("naps", "iron", "tea"))
        result = run_program("--index", index, "rebuild", "--json", articles)
        new = json.loads(result.stdout)["generation"]
        # Both workers answer from the new one: a reader has asked many times since.
        count = len(answers)
        until(lambda: faults or (len(answers) > count + 50 and {name for name, _ in answers[-20:]} == {new}))
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert faults == []
    # Never a mixture: each generation answers with its own number of articles.
    assert {total for name, total in answers if name == new} == {2}
    assert {total for name, total in answers if name != new} == {1}


def test_a_second_server_on_the_same_port_is_refused_with_the_cure(served: tuple[Server, Path, Path]) -> None:
    server, index, _ = served
    port = server.address.rpartition(":")[2]
    result = run_program("--index", index, "serve", "--port", port)
    assert (result.returncode, result.stdout) == (1, "")
    assert (
        f"cannot listen on 127.0.0.1 port {port}: Address already in use; choose another with --port" in result.stderr
    )


def test_a_port_that_another_program_holds_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = run_program("--index", tmp_path / "index", "serve", "--port", str(port))
    assert result.returncode == 1
    assert "Address already in use" in result.stderr


def test_a_host_that_is_not_of_this_machine_is_the_callers_mistake(tmp_path: Path) -> None:
    result = run_program("--index", tmp_path / "index", "serve", "--host", "no.such.host.invalid")
    assert result.returncode == 2
    assert "'no.such.host.invalid' is no address of this machine" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_is_answered_before_the_server_stops(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    begun = tmp_path / "begun"
    server = start(*slow("make"), SLOW_SITE_BEGUN=str(begun))
    answers: list[Any] = []
    request = threading.Thread(target=lambda: answers.append(server.get("/slow")))
    request.start()
    until(begun.exists)
    server.process.send_signal(number)
    request.join()
    assert answers == [{"status": "finished"}]
    assert server.process.wait(timeout=PATIENCE) == 0


def test_workers_end_with_a_server_that_was_killed(start: Start, tmp_path: Path) -> None:
    server = start(*slow("make"), SLOW_SITE_BEGUN=str(tmp_path / "begun"))
    (worker,) = workers_of(server)
    server.process.kill()
    server.process.wait()
    try:
        until(lambda: not Path(f"/proc/{worker}").exists())
    finally:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)


def test_a_site_that_cannot_start_ends_the_server_with_the_reason(start: Start) -> None:
    server = start(*slow("broken"))
    assert server.process.wait(timeout=PATIENCE) == 1
    assert server.address == ""
    assert "this site never starts" in server.log()
    assert "workers fail as soon as they start" in server.log()


def test_a_server_started_before_the_first_rebuild_says_so_and_picks_it_up(
    start: Start, articles: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    server = start(*site(index, "--workers", "1"))
    assert server.get("/healthz") == {"status": "ok"}
    until(lambda: "not ready to search" in server.log())
    assert "rebuild" in server.log()
    assert run_program("--index", index, "rebuild", articles).returncode == 0
    until(lambda: ready(server))
    assert server.get("/api/v1/search?q=iron")["total"] == 2


def ready(server: Server) -> bool:
    try:
        return bool(server.get("/readyz")["status"] == "ready")
    except OSError:
        return False
