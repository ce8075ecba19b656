"""Tracing: a span for each request, parent of the spans of its stages and part of a trace begun by a proxy, if any."""

from __future__ import annotations

from flask import Flask, Response, g, request

from harbor_search.config import Settings
from harbor_search.tracing import begin, sending_to, tracer
from harbor_search.web.services import SLOW

__all__ = ["register"]


def register(app: Flask, settings: Settings) -> None:
    """Trace the requests to `app` if the setting `traces` names a collector, or the process is traced already.

    Raises:
        UserError: `traces` is not a URL, or OpenTelemetry is not installed.
    """
    if settings.traces and tracer() is None:
        begin(sending_to(settings.traces))
    if tracer() is not None:
        app.before_request(_open)
        app.after_request(_describe)
        app.teardown_request(_close)


def _open() -> None:
    tracing = tracer()
    if tracing is None:
        return
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier = {name: request.headers[name] for name in ("traceparent", "tracestate") if name in request.headers}
    context = TraceContextTextMapPropagator().extract(carrier)
    route = request.url_rule.rule if request.url_rule else "none"
    g.span = tracing.start_as_current_span(f"{request.method} {route}", context, SpanKind.SERVER)
    span = g.span.__enter__()
    span.set_attribute("http.request.method", request.method)
    span.set_attribute("http.route", route)
    span.set_attribute("harbor_search.slow_lane", SLOW in request.environ)


def _describe(response: Response) -> Response:
    from opentelemetry.trace import StatusCode, get_current_span

    span = get_current_span()
    span.set_attribute("http.response.status_code", response.status_code)
    span.set_attribute("harbor_search.request_id", g.get("request_id", ""))
    if response.status_code >= 500:
        span.set_status(StatusCode.ERROR)
    return response


def _close(error: BaseException | None) -> None:
    span = g.pop("span", None)
    if span is not None:
        # A request deferred to the slow lane leaves by an exception, which is not an error: another span follows.
        span.__exit__(None, None, None)
