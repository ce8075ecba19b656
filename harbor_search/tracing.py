"""Traces (OpenTelemetry): how long each stage of a request takes, where the settings name a collector.

Tracing is of the process, as OpenTelemetry has it. While it is off, a stage costs a look at a variable, and nothing of
OpenTelemetry is loaded. Traces never have what was asked, nor by whom.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from harbor_search.errors import UserError
from harbor_search.version import __version__

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Tracer

__all__ = ["begin", "end", "sending_to", "stage", "tracer"]

_tracer: Tracer | None = None

_OFF: AbstractContextManager[None] = nullcontext()


def stage(name: str) -> AbstractContextManager[Any]:
    """What happens inside is a span of this name, part of the one that is open; nothing while tracing is off."""
    return _OFF if _tracer is None else _tracer.start_as_current_span(name)


def tracer() -> Tracer | None:
    """What makes spans, None while tracing is off."""
    return _tracer


def begin(processor: SpanProcessor) -> None:
    """Trace from now on, and hand finished spans to `processor`."""
    global _tracer
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource
    from opentelemetry.sdk.trace import TracerProvider

    # What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say counts more.
    ours = Resource.create({"service.name": "harbor-search", "service.version": __version__})
    resource = ours.merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(processor)
    _tracer = provider.get_tracer("harbor_search", __version__)


def end() -> None:
    """Trace no more."""
    global _tracer
    _tracer = None


def sending_to(address: str) -> SpanProcessor:
    """What sends spans to a collector at `address` (OTLP over HTTP), in the background; it drops them where that fails.

    Raises:
        UserError: OpenTelemetry is not installed, or `address` is none.
    """
    if not address.startswith(("http://", "https://")):
        raise UserError(
            f"traces must be an address that begins with http:// or https://, not {address!r}", where="traces"
        )
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise UserError(
            f"traces need {error.name}, which is not installed: pip install 'harbor-search[otel]'", where="traces"
        ) from None
    return BatchSpanProcessor(OTLPSpanExporter(endpoint=address))
