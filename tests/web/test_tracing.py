"""Traces: where they are on, each request is a span with the stages of its search; where they are off, nothing is loaded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from flask import Flask
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from harbor_search import tracing
from harbor_search.config import Settings
from harbor_search.errors import UserError
from harbor_search.web import create_app
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.begin(SimpleSpanProcessor(exporter))
    yield exporter
    tracing.end()


@pytest.fixture
def site(spans: InMemorySpanExporter) -> Flask:
    return create_app(Settings(), MemoryEngine(collection()))


def named(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {each.name: each for each in exporter.get_finished_spans()}


@pytest.mark.parametrize(("route", "last"), [("/api/v1/search", "serialise"), ("/search", "render")])
def test_a_search_is_a_span_with_its_stages_in_it(
    site: Flask, spans: InMemorySpanExporter, route: str, last: str
) -> None:
    answer = site.test_client().get(f"{route}?q=sleep", headers={"X-Request-Id": "request-1"})
    found = named(spans)
    assert list(found) == ["understand", "estimate", "execute", last, f"GET {route}"]
    whole = found.pop(f"GET {route}")
    assert dict(whole.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": route,
        "http.response.status_code": answer.status_code,
        "harbor_search.slow_lane": False,
        "harbor_search.request_id": "request-1",
    }
    assert all(each.parent and each.parent.span_id == whole.context.span_id for each in found.values())


def test_a_trace_that_a_proxy_began_goes_on(site: Flask, spans: InMemorySpanExporter) -> None:
    trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    site.test_client().get("/healthz", headers={"traceparent": f"00-{trace}-{parent}-01"})
    (span,) = spans.get_finished_spans()
    assert span.parent is not None
    assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (trace, parent)


def test_a_request_is_no_part_of_the_one_before(site: Flask, spans: InMemorySpanExporter) -> None:
    client = site.test_client()
    for path in ("/api/v1/search?q=sleep&page=0", "/nowhere", "/healthz"):
        client.get(path)
    assert [each.parent for each in spans.get_finished_spans() if each.name.startswith("GET")] == [None] * 3


def test_no_span_contains_the_query_or_the_client(site: Flask, spans: InMemorySpanExporter) -> None:
    site.test_client().get("/api/v1/search?q=secretword", environ_base={"REMOTE_ADDR": "203.0.113.7"})
    told = "".join(each.to_json() for each in spans.get_finished_spans())
    assert "GET /api/v1/search" in told
    assert "secretword" not in told and "203.0.113.7" not in told


def test_without_tracing_opentelemetry_is_not_imported() -> None:
    program = (
        "import sys; from harbor_search.config import Settings; from harbor_search.web import create_app;"
        "from tests.support.articles import collection; from tests.support.memory_engine import MemoryEngine;"
        "answer = create_app(Settings(), MemoryEngine(collection())).test_client().get('/api/v1/search?q=sleep');"
        "assert answer.json['total'];"
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_malformed_collector_url_is_refused() -> None:
    with pytest.raises(UserError, match="http://"):
        create_app(Settings(traces="127.0.0.1:4318"), MemoryEngine(collection()))
    assert tracing.tracer() is None
