"""Recording queries, if the settings enable it: counts of queries, of opened results and of follow-up queries.

No cookies or scripts are needed: links on the results page carry the query (to mark its words on the article's page),
and browsers send the page of this site from which a request comes (Referer).
"""

from __future__ import annotations

import atexit
import logging
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from flask import Flask, current_app, request
from werkzeug.wsgi import get_host

from harbor_search.config import Settings
from harbor_search.errors import OperationalError
from harbor_search.insights import QUERY_LOG, Counts, QueryLog
from harbor_search.results import SearchResults
from harbor_search.web.links import RESULTS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["WARM_UP", "record_answer", "record_opened", "record_search", "register"]

WARM_UP = "harbor_search.warm_up"
"""Key in the WSGI environment of requests that a worker makes to itself to warm up, which are not counted."""

_KEY = "harbor_search.query_recorder"

WRITE_EVERY = 2.0
"""Seconds between writes: a killed process loses at most that much."""

_log = logging.getLogger(__name__)


class _Recorder:
    """Counts in memory, and a thread that writes them. The thread is started on use, as forks lose it."""

    def __init__(self, settings: Settings) -> None:
        self._log = QueryLog(settings.index / QUERY_LOG)
        self._keep_days = settings.query_log_days
        self._lock = threading.Lock()
        self._counts = Counts()
        self._thread: threading.Thread | None = None
        atexit.register(self.write)

    def add_search(self, results: SearchResults, *, page: bool, before: str) -> None:
        with self._lock:
            self._counts.add_search(results.query, results.total, results.processing_time_ms, page=page)
            if before:
                self._counts.add_next(before, results.query)
        self._begin()

    def add_opened(self, query: str, article_id: str) -> None:
        with self._lock:
            self._counts.add_opened(query, article_id)
        self._begin()

    def write(self) -> None:
        """Write the counts; if that fails they are lost, with a warning in the log."""
        with self._lock:
            counts, self._counts = self._counts, Counts()
        if counts:
            try:
                self._log.add(counts, datetime.now(UTC).date(), keep_days=self._keep_days)
            except OperationalError as error:
                _log.warning("%s", error)

    def _begin(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._write_on, name="query-log", daemon=True)
            self._thread.start()

    def _write_on(self) -> None:
        pause = threading.Event()
        while not pause.wait(WRITE_EVERY):
            self.write()


def register(app: Flask, settings: Settings) -> None:
    """Record the queries to `app` if the setting `query_log` is on."""
    if settings.query_log:
        app.extensions[_KEY] = _Recorder(settings)


def record_search(results: SearchResults, *, page: bool) -> None:
    """Count the search of the current request, if it is for the first page; `page`: results are shown as a page."""
    record_answer(current_app, request.environ, results, page=page)


def record_answer(app: Flask, environ: WSGIEnvironment, results: SearchResults, *, page: bool) -> None:
    """`record_search` for a search outside a Flask request."""
    recorder: _Recorder | None = app.extensions.get(_KEY)
    if recorder is not None and results.page == 1 and WARM_UP not in environ:
        recorder.add_search(results, page=page, before=_asked_before(environ) if page else "")


def record_opened(query: str, article_id: str) -> None:
    """Count an article opened from the results of `query`."""
    recorder: _Recorder | None = current_app.extensions.get(_KEY)
    if recorder is not None and query and WARM_UP not in request.environ:
        recorder.add_opened(query, article_id)


def _asked_before(environ: WSGIEnvironment) -> str:
    """The query of the results page from which a request comes; empty if it comes from elsewhere."""
    try:
        parts = urlsplit(environ.get("HTTP_REFERER", ""))
        own = parts.netloc == get_host(environ) and parts.path.rstrip("/").endswith(RESULTS)
        return parse_qs(parts.query).get("q", [""])[0] if own else ""
    except ValueError:
        return ""
