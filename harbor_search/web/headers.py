"""Security headers of every response: what browsers may load, frame, sniff and disclose."""

from __future__ import annotations

from flask import Flask, Response

__all__ = ["API_PREFIX", "register"]

API_PREFIX = "/api/"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

EVERYWHERE = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # For browsers that do not know frame-ancestors.
    "X-Frame-Options": "DENY",
    # The URL holds the query, perhaps about somebody's health; other sites must not learn it.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def register(app: Flask) -> None:
    """Add the headers to every response of `app`, including errors."""
    app.after_request(_add)


_LOWER = {name.lower(): (name, value) for name, value in EVERYWHERE.items()}


def _add(response: Response) -> Response:
    # Looking up each name would scan all headers each time.
    own = {name.lower() for name, _ in response.headers}
    response.headers.extend([pair for name, pair in _LOWER.items() if name not in own])
    return response
