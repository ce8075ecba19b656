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

HANDING_OVER = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1'); "
    "os.execv(sys.argv[2], sys.argv[2:])"
)
"""How systemd starts a program with a socket that it holds."""


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
        return {pid for pid in map(int, children.read_text().split()) if b"spawn_main" in command_of(pid)}

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


def command_of(pid: int) -> bytes:
    """A process's command; empty where it has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


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

    def begin(*command: str | Path, listener: socket.socket | None = None, **variables: str) -> Server:
        errors = (tmp_path_factory.mktemp("server") / "stderr").open("w+")
        program = [sys.executable, *map(str, command)]
        if listener is not None:
            program = [sys.executable, "-c", HANDING_OVER, str(listener.fileno()), *program]
        process = subprocess.Popen(
            program,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=ROOT,
            env={**environment(), **variables},
            pass_fds=() if listener is None else (listener.fileno(),),
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


class Asking:
    """Readers who ask without pause, each time over a new connection, for articles with "iron": which generation
    answered with how many, and what went wrong."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.answers: list[tuple[str, int]] = []
        self.faults: list[Exception] = []
        self.done = threading.Event()
        self.readers = [threading.Thread(target=self.ask) for _ in range(3)]

    def ask(self) -> None:
        while not self.done.is_set():
            try:
                answer = self.server.get("/api/v1/search?q=iron")
                self.answers.append((answer["generation"], answer["total"]))
            except Exception as error:
                self.faults.append(error)

    def until_all_are(self, name: str) -> None:
        """Wait until both workers answer from one generation: each reader has asked many times since."""
        count = len(self.answers)
        until(lambda: self.faults or (len(self.answers) > count + 50 and self.latest() == {name}))

    def until_answered(self) -> None:
        """Wait until there are answers to what was asked from now on."""
        count = len(self.answers)
        until(lambda: self.faults or len(self.answers) > count + 20)

    def latest(self) -> set[str]:
        return {name for name, _ in self.answers[-20:]}

    def __enter__(self) -> Asking:
        for reader in self.readers:
            reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        for reader in self.readers:
            reader.join()


def test_whatever_is_done_to_index_and_server_drops_no_request(start: Start, tmp_path: Path) -> None:
    articles, index = write_articles(tmp_path / "articles", ("naps", "iron")), tmp_path / "index"
    assert run_program("--index", index, "rebuild", articles).returncode == 0
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        command = site(index, "--workers", "2")
        server = start(*command, listener=listener)
        first = server.get("/api/v1/search?q=iron")["generation"]
        with Asking(server) as asking:
            write_articles(articles, ("naps", "iron", "tea"))
            rebuilt = generation_after(index, "rebuild", articles)
            asking.until_all_are(rebuilt)
            (articles / "tea.txt").unlink()
            updated = generation_after(index, "update", "--allow-removals", articles)
            asking.until_all_are(updated)
            assert run_program("--index", index, "rollback").returncode == 0
            asking.until_all_are(rebuilt)
            reload(server)
            asking.until_answered()
            # The socket stays open while one server ends and the next one starts, as systemd holds it.
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(PATIENCE) == 0
            start(*command, listener=listener)
            asking.until_answered()
    assert asking.faults == []
    # Never a mixture: each generation answers with its own number of articles.
    assert set(asking.answers) == {(first, 1), (rebuilt, 2), (updated, 1)}


def generation_after(index: Path, *command: str | Path) -> str:
    done = run_program("--index", index, *command, "--json")
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["generation"])


def reload(server: Server) -> None:
    """Take the settings anew, and wait until every worker is another one."""
    before = workers_of(server)
    server.process.send_signal(signal.SIGHUP)
    until(lambda: len(server.workers()) == 2 and not server.workers() & before)


def test_a_second_server_on_the_same_port_is_refused_with_the_cure(served: tuple[Server, Path, Path]) -> None:
    server, index, _ = served
    port = server.address.rpartition(":")[2]
    result = run_program("--index", index, "serve", "--port", port)
    assert (result.returncode, result.stdout) == (1, "")
    assert (
        f"cannot listen on 127.0.0.1 port {port}: Address already in use; choose another with --port" in result.stderr
    )


def test_a_socket_that_cannot_be_served_is_refused_with_the_reason(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(tmp_path / "socket"))
        handing = [sys.executable, "-c", HANDING_OVER, str(other.fileno()), sys.executable]
        program = [*handing, *map(str, site(tmp_path / "index"))]
        result = subprocess.run(
            program, capture_output=True, text=True, env=environment(), pass_fds=(other.fileno(),), check=False
        )
    assert (result.returncode, result.stdout) == (1, "")
    assert "does not listen for TCP" in result.stderr


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


WRONG = """
language = "xx"
logo = "nope.svg"
base_url = "ftp://x"
[colors]
accent = "#ffff00"
[links]
x = "javascript:alert(1)"
"""


def test_settings_that_no_site_can_have_are_refused_at_once_in_one_message(tmp_path: Path) -> None:
    (tmp_path / "harbor.toml").write_text(WRONG)
    result = run_program("--config", tmp_path / "harbor.toml", "--index", tmp_path / "index", "serve", "--port", "0")
    assert (result.returncode, result.stdout) == (2, "")
    [line] = result.stderr.splitlines()
    for told in ("language: there is no", "logo: there is no", "base_url must be", "colors: accent", "links: 'x' must"):
        assert told in line


def test_a_reload_with_settings_that_cannot_be_leaves_the_server_answering(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "harbor.toml"
    file.write_text('site_name = "Before"\n')
    server = start("-m", "harbor_search", "--config", file, "serve", "--port", "0", "--workers", "1")
    before = workers_of(server)
    file.write_text(WRONG)
    server.process.send_signal(signal.SIGHUP)
    until(lambda: "the settings were not loaded again: language: there is no language 'xx'" in server.log())
    assert server.get("/healthz") == {"status": "ok"}
    assert server.workers() == before


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
