"""Compression of responses.

Zstandard compresses a page of results to a third in 30 microseconds; deflate (gzip) takes twice as long for the same
size. Brotli is no better than either in that time, so it is left to proxies, which can spend more.
"""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import zstandard

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["compressed"]

MIN_BYTES = 1024
"""Smaller responses fit into one packet either way."""

_TYPES = re.compile(r"(text/|application/([\w.-]+\+)?(json|xml)|image/svg\+xml|(application|text)/javascript)")
_CODING = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?", re.ASCII)

_local = threading.local()


def _zstd(body: bytes) -> bytes:
    # Compressors are not thread-safe, and creating one takes longer than compressing a page.
    if not hasattr(_local, "compressor"):
        _local.compressor = zstandard.ZstdCompressor(level=3)
    compressed: bytes = _local.compressor.compress(body)
    return compressed


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 4, mtime=0)


_CODERS: dict[str, Callable[[bytes], bytes]] = {"zstd": _zstd, "gzip": _gzip}
"""Fastest first: of codings with equal weight the first is used."""


def compressed(app: WSGIApplication) -> WSGIApplication:
    """Middleware that compresses text responses as the request's Accept-Encoding allows (RFC 9110, section 12.5.3)."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started: list[Any] = []

        def capture(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            started[:] = status, headers, exc_info
            return lambda _: None

        body = app(environ, capture)
        status, headers, exc_info = started
        # What is unchanged says what the answer said that was sent before (RFC 9110, section 15.4.5).
        if not (status.startswith("304") or _compressible(headers)):
            start_response(status, headers, exc_info)
            return body
        headers = [*headers, ("Vary", "Accept-Encoding")]
        coding = _coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if coding and status.startswith("200"):
            headers, body = _coded(coding, headers, body)
        start_response(status, headers, exc_info)
        return body

    return serve


def _compressible(headers: list[tuple[str, str]]) -> bool:
    """Whether a response with these headers is a text that is not compressed yet."""
    by_name = dict(headers)
    # All names at once: there are a dozen, and one by one they would take as long as the rest of the layer.
    if "content-encoding" in "\n".join(by_name).lower().split("\n"):
        return False
    given = by_name.get("Content-Type") or {name.lower(): value for name, value in headers}.get("content-type", "")
    return _is_text(given)


@lru_cache(maxsize=256)
def _is_text(content_type: str) -> bool:
    return _TYPES.match(content_type) is not None


def _coded(
    coding: str, headers: list[tuple[str, str]], body: Iterable[bytes]
) -> tuple[list[tuple[str, str]], Iterable[bytes]]:
    """Headers and body of a response in this coding; unchanged if it is too short."""
    if any(name.lower() == "content-length" and int(value) < MIN_BYTES for name, value in headers):
        return headers, body
    try:
        whole = b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    headers = [each for each in headers if each[0].lower() not in ("content-length", "accept-ranges")]
    headers.append(("Content-Encoding", coding))
    if not whole:  # the response to HEAD, whose compressed length is unknown
        return headers, []
    whole = _CODERS[coding](whole)
    return [*headers, ("Content-Length", str(len(whole)))], [whole]


def _coding(accepted: str) -> str:
    """The coding to use for this Accept-Encoding header; empty: none."""
    if not accepted:
        return ""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        found = _CODING.fullmatch(part)
        if found:
            try:
                weights[found[1]] = float(found[2] or 1)
            except ValueError:
                continue
    anything = weights.get("*", 0.0)
    best = max(_CODERS, key=lambda each: weights.get(each, anything))
    return best if weights.get(best, anything) > 0 else ""
