"""Traces reach a collector: the program as people run it, and a receiver of OTLP over HTTP on loopback."""

from __future__ import annotations

import gzip
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.cli.conftest import environment, run_program

PATIENCE = 240


class Collector(HTTPServer):
    """Takes what is exported, as any collector does."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: list[ExportTraceServiceRequest] = []

    @property
    def spans(self) -> list[Span]:
        resources = [resource for each in self.received for resource in each.resource_spans]
        return [span for resource in resources for scope in resource.scope_spans for span in scope.spans]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Collector)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        body = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
        assert (self.path, self.headers["Content-Type"]) == ("/v1/traces", "application/x-protobuf")
        self.server.received.append(ExportTraceServiceRequest.FromString(body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_a_server_was_asked_has_reached_the_collector_when_it_has_ended(
    collector: Collector, articles: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    assert run_program("--index", index, "rebuild", articles).returncode == 0
    command = ["-m", "harbor_search", "--index", index, "serve", "--port", "0", "--workers", "1"]
    traces = {"HARBOR_TRACES": f"http://127.0.0.1:{collector.server_port}/v1/traces"}
    # Nothing is sent by itself meanwhile: it is the end of the server that sends it.
    pause = {"OTEL_BSP_SCHEDULE_DELAY": "3600000"}
    with subprocess.Popen(
        [sys.executable, *map(str, command)], stdout=subprocess.PIPE, text=True, env=environment() | traces | pause
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        try:
            with urllib.request.urlopen(f"{address}/api/v1/search?q=secretword", timeout=PATIENCE) as answer:
                identifier = answer.headers["X-Request-Id"]
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(PATIENCE) == 0
    named = {
        attribute.key: attribute.value
        for each in collector.received
        for attribute in each.resource_spans[0].resource.attributes
    }
    assert named["service.name"].string_value == "harbor-search"
    (whole,) = (
        span
        for span in collector.spans
        if any(
            each.value.string_value == identifier for each in span.attributes if each.key == "harbor_search.request_id"
        )
    )
    assert whole.name == "GET /api/v1/search"
    stages = {span.name for span in collector.spans if span.parent_span_id == whole.span_id}
    assert stages == {"understand", "estimate", "execute", "serialise"}
    assert b"secretword" not in b"".join(each.SerializeToString() for each in collector.received)


def test_a_collector_that_is_not_there_changes_no_answer(articles: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    assert run_program("--index", index, "rebuild", articles).returncode == 0
    command = ["-m", "harbor_search", "--index", index, "serve", "--port", "0", "--workers", "1"]
    closed = HTTPServer(("127.0.0.1", 0), Handler)
    closed.server_close()
    traces = {"HARBOR_TRACES": f"http://127.0.0.1:{closed.server_port}/v1/traces"}
    with subprocess.Popen(
        [sys.executable, *map(str, command)], stdout=subprocess.PIPE, text=True, env=environment() | traces
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        try:
            for _ in range(5):
                with urllib.request.urlopen(f"{address}/api/v1/search?q=iron", timeout=PATIENCE) as answer:
                    assert answer.status == 200
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(PATIENCE) == 0
