"""The server over real sockets: who answers, and what becomes of connections when workers come and go."""

from __future__ import annotations

import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 180


class Client:
    """A connection that is kept."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def get(self, path: str = "/") -> Any:
        self.connection.request("GET", path)
        return json.load(self.connection.getresponse())


class Server:
    def __init__(self, workers: int, errors: Path) -> None:
        self.errors = errors
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.serving.site", str(workers)],
            stdout=subprocess.PIPE,
            stderr=errors.open("w"),
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def end(self) -> None:
        self.process.terminate()
        try:
            assert self.process.wait(PATIENCE) == 0
        finally:
            self.process.kill()
            assert self.process.stdout is not None
            self.process.stdout.close()

    def raw(self, data: bytes, parts: int = 1) -> bytes:
        """Everything that comes back over one connection for `data`."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as client:
            size = -(-len(data) // parts)
            for start in range(0, len(data), size):
                client.sendall(data[start : start + size])
                time.sleep(0.02 if parts > 1 else 0)
            received = b""
            while chunk := client.recv(65536):
                received += chunk
            return received


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two workers. What a test does to them is over when it ends."""
    running = Server(2, tmp_path_factory.mktemp("server") / "stderr")
    clients = [Client(running.port) for _ in range(2)]
    until(lambda: len({client.get()["worker"] for client in clients}) == 2)
    yield running
    running.end()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def spread(clients: list[Client]) -> list[int]:
    """How many of the connections each worker has."""
    return sorted(Counter(client.get()["worker"] for client in clients).values())


def test_four_connections_are_always_split_evenly_between_two_workers(server: Server) -> None:
    for _ in range(5):
        clients = [Client(server.port) for _ in range(4)]
        assert spread(clients) == [2, 2]
        for client in clients:
            client.connection.close()
        until(lambda: no_connections(server))


def no_connections(server: Server) -> bool:
    """Whether the two that come next are spread, so that the server has forgotten the ones before."""
    clients = [Client(server.port) for _ in range(2)]
    try:
        return spread(clients) == [1, 1]
    finally:
        for client in clients:
            client.connection.close()


def test_connections_move_to_the_replacement_of_a_dead_worker(server: Server) -> None:
    clients = [Client(server.port) for _ in range(4)]
    assert spread(clients) == [2, 2]
    os.kill(clients[0].get()["worker"], signal.SIGKILL)
    survivors = []
    for client in clients:
        try:
            client.get()
            survivors.append(client)
        except (http.client.HTTPException, OSError):
            survivors.append(Client(server.port))
    assert len(survivors) == 4
    # Those that came while there was one worker are not all left to it, and none of them is cut.
    until(lambda: spread(survivors) == [2, 2])
    assert "a worker ended unexpectedly (signal SIGKILL); it is replaced" in server.errors.read_text()


def test_a_reload_drops_no_request_and_a_broken_one_changes_nothing(server: Server) -> None:
    done, faults, versions = threading.Event(), [], Counter[str]()

    def ask() -> None:
        kept = Client(server.port)
        while not done.is_set():
            try:
                versions[kept.get()["version"]] += 1
                versions[Client(server.port).get()["version"]] += 1
            except Exception as error:
                faults.append(error)

    readers = [threading.Thread(target=ask) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        before = versions["1"]
        until(lambda: versions["1"] > before + 20)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: versions["2"] > 50 and all_are(server, "2"))
        until(lambda: is_over("1", "2", versions))  # who had asked the last old worker has its answer
        old = versions["1"]
        server.process.send_signal(signal.SIGHUP)
        until(lambda: server.errors.read_text().count("the old one goes on") == 2)
        count = versions["2"]
        until(lambda: versions["2"] > count + 20)
        assert versions["1"] == old
        server.process.send_signal(signal.SIGHUP)
        until(lambda: versions["4"] > 50)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert faults == []


def all_are(server: Server, version: str) -> bool:
    """Whether both workers have this version by now."""
    answers = [Client(server.port).get() for _ in range(4)]
    return {each["version"] for each in answers} == {version} and len({each["worker"] for each in answers}) == 2


def is_over(version: str, next_one: str, versions: Counter[str]) -> bool:
    """Whether no answer of a version comes while fifty of the next one do."""
    before, count = versions[version], versions[next_one]
    until(lambda: versions[next_one] > count + 50)
    return versions[version] == before


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    requests = b"".join(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % number for number in range(50))
    answers = server.raw(requests + b"GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    paths = [json.loads(line)["asked"]["PATH_INFO"] for line in bodies(answers)]
    assert paths == [f"/{number}" for number in range(50)] + ["/last"]


def bodies(answers: bytes) -> list[bytes]:
    found = []
    while answers:
        head, _, rest = answers.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        found.append(rest[:length])
        answers = rest[length:]
    return found


def test_a_request_sent_in_small_chunks_is_reassembled(server: Server) -> None:
    request = b"POST /a%2Fb?q=1%20x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX-Long: some words\r\n"
    answer = json.loads(bodies(server.raw(request + b"Connection: close\r\n\r\nhello", parts=9))[0])
    assert answer["body"] == 5
    assert answer["asked"]["PATH_INFO"] == "/a/b"
    assert answer["asked"]["QUERY_STRING"] == "q=1%20x"
    assert answer["asked"]["HTTP_X_LONG"] == "some words"


def test_a_header_with_an_underscore_cannot_spoof_one_with_a_hyphen(server: Server) -> None:
    request = b"GET / HTTP/1.1\r\nHost: a\r\nX_Forwarded_For: 1.2.3.4\r\nConnection: close\r\n\r\n"
    assert "HTTP_X_FORWARDED_FOR" not in json.loads(bodies(server.raw(request))[0])["asked"]


def test_head_has_the_headers_and_no_body(server: Server) -> None:
    answer = server.raw(b"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nA: " + b"b" * 200_000, 431),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + b"8000\r\n" + b"x" * 0x8000, 0),
        (b"GET /fault HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 500),
    ],
)
def test_malformed_and_oversized_requests_are_refused(server: Server, request_: bytes, status: int) -> None:
    if not status:  # chunks without an end
        request_ += (b"\r\n8000\r\n" + b"x" * 0x8000) * 40
        status = 413
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as client:
        with suppress(OSError):  # it may be refused before all of it is sent
            client.sendall(request_)
        try:
            answer = client.recv(65536)
        except ConnectionResetError:
            # What we sent on after the refusal made the system forget it; that we are refused shows all the same.
            assert status == 413
            return
    assert answer.startswith(b"HTTP/1.1 %d " % status)


def test_a_response_larger_than_the_socket_buffers_arrives_complete(server: Server) -> None:
    answer = server.raw(b"GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert len(bodies(answer)[0]) == 5_000_000


def test_cheap_requests_do_not_wait_for_expensive_ones(server: Server) -> None:
    expensive = [Client(server.port) for _ in range(4)]
    for client in expensive:
        client.connection.request("GET", "/expensive")
    kept = [Client(server.port) for _ in range(2)]
    for _ in range(10):
        for client in kept:
            client.get()
    # Each worker has two, one after the other; those behind are not answered yet.
    answered, _, _ = select.select([client.connection.sock for client in expensive], [], [], 0)
    assert len(answered) < 4
    assert all(json.load(client.connection.getresponse())["lane"] == "slow" for client in expensive)


def test_too_many_expensive_requests_are_refused_at_once(server: Server) -> None:
    clients = [Client(server.port) for _ in range(40)]
    for client in clients:
        client.connection.request("GET", "/expensive-and-short")
    statuses = Counter[int]()
    for client in clients:
        answer = client.connection.getresponse()
        statuses[answer.status] += 1
        assert answer.status == 200 or answer.headers["Retry-After"] == "2"
        answer.read()
    assert set(statuses) == {200, 503}
