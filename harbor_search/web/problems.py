"""Error responses: problem+json (RFC 9457) for programs, a page for readers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request, url_for
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from harbor_search.errors import OperationalError, UserError
from harbor_search.searching import to_json
from harbor_search.web.addresses import own_address
from harbor_search.web.formatting import visible
from harbor_search.web.headers import API_PREFIX
from harbor_search.web.localization import N_
from harbor_search.web.services import services

__all__ = ["RETRY_AFTER_SECONDS", "TYPES", "register"]

RETRY_AFTER_SECONDS = 5
"""An engine that cannot answer is usually being restarted or rebuilt; earlier retries would only add load."""

TYPES = {
    HTTPStatus.BAD_REQUEST: ("invalid-request", "Invalid request"),
    HTTPStatus.UNAUTHORIZED: ("key-needed", "A key is needed"),
    HTTPStatus.FORBIDDEN: ("not-permitted", "Not permitted"),
    HTTPStatus.NOT_FOUND: ("not-found", "Not found"),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method-not-allowed", "Method not allowed"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("too-large", "Too large"),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ("unsupported-media-type", "Unsupported media type"),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("not-an-article", "Not an article"),
    HTTPStatus.TOO_MANY_REQUESTS: ("too-many-requests", "Too many requests"),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("internal-error", "Internal error"),
    HTTPStatus.SERVICE_UNAVAILABLE: ("unavailable", "Search unavailable"),
}
"""Status -> (anchor of its description on the page of problems, title)."""

_DETAILS = {
    HTTPStatus.NOT_FOUND: N_("Nothing lies at this address. It may have moved, or have lost a letter on its way."),
    HTTPStatus.METHOD_NOT_ALLOWED: N_("This address takes no requests of this kind, only these: %(allowed)s."),
}

_FOR_PROGRAMS = ("/healthz", "/readyz")


def register(app: Flask) -> None:
    """Register the error handlers of `app`."""
    app.register_error_handler(UserError, _caller_at_fault)
    app.register_error_handler(OperationalError, _engine_at_fault)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


def _caller_at_fault(error: UserError) -> Response:
    more: dict[str, Any] = {}
    if error.where:
        more["parameter"] = error.where
    if error.position is not None:
        more["position"] = error.position
    if error.choices:
        more["choices"] = list(error.choices)
    return _answer(HTTPStatus.BAD_REQUEST, str(error), more)


def _engine_at_fault(error: OperationalError) -> Response:
    detail = str(error)
    if request.path not in _FOR_PROGRAMS:  # health checks get the reason, and are repeated too often to log
        current_app.logger.error("cannot answer %s: %s", request.path, error)
        # The reason names folders and commands, which are for the site's operators, not for its readers.
        detail = N_("The search cannot answer at the moment; the server's log says why. Try again in a little while.")
    response = _answer(HTTPStatus.SERVICE_UNAVAILABLE, detail)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _http(error: HTTPException) -> Response:
    """Errors raised by werkzeug (not found, wrong method) keep its headers, such as `Allow`."""
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    status = HTTPStatus(error.code)
    if isinstance(error, MethodNotAllowed):
        values = {"allowed": ", ".join(sorted(error.valid_methods or ()))}
        response = _answer(status, _DETAILS[status], values=values)
    else:
        ours = error.description != type(error).description
        response = _answer(status, (error.description if ours else _DETAILS.get(status)) or status.description)
    for name, value in error.get_headers(request.environ):
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _unknown(error: Exception) -> Response:
    current_app.logger.error("unexpected error on %s %r", request.method, request.full_path, exc_info=error)
    return _answer(
        HTTPStatus.INTERNAL_SERVER_ERROR, N_("Something went wrong here. It was recorded, and is not your fault.")
    )


def _answer(
    status: HTTPStatus, detail: str, more: dict[str, Any] | None = None, values: dict[str, str] | None = None
) -> Response:
    """`more` are further members of the problem; `values` replace `%(name)s` in `detail`."""
    if request.path.startswith(API_PREFIX) or request.path in _FOR_PROGRAMS:
        response = _problem(status, detail % values if values else detail, more or {})
    else:
        response = _page(status, detail, more or {}, values or {})
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _problem(status: HTTPStatus, detail: str, more: dict[str, Any]) -> Response:
    anchor, title = TYPES.get(status, ("", status.phrase))
    values = {
        "type": url_for("pages.problem_types", _anchor=anchor, _external=True) if anchor else "about:blank",
        "title": title,
        "status": int(status),
        "detail": detail,
        "instance": own_address(),
    }
    return current_app.response_class(to_json(values | more), mimetype="application/problem+json")


def _page(status: HTTPStatus, detail: str, more: dict[str, Any], values: dict[str, str]) -> Response:
    language = services().language
    # Messages of search itself about a request are in English, for programs and readers alike.
    spoken = language.code if language.gettext(detail) != detail else "en"
    shown = language.gettext(detail, **values)
    asked = {"q": visible(request.args.get("q", "")), "here": own_address()}
    return make_response(render_template("error.html", status=status, detail=shown, spoken=spoken, **asked, **more))
