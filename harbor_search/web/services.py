"""The services of an application that its views use: settings, engine, readiness, language, theme, keys, writes."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, replace
from typing import cast

from flask import Flask, current_app, has_request_context, request

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.index import open_index
from harbor_search.keys import Keys
from harbor_search.web.localization import Language
from harbor_search.web.readiness import Readiness
from harbor_search.web.theme import Theme
from harbor_search.web.write_service import WriteService

__all__ = ["SLOW", "Services", "SlowLaneEngine", "install", "services"]

_KEY = "harbor_search"

SLOW = "harbor_search.slow_lane"
"""Key in the WSGI environment of requests that the server answers in its slow lane."""

_SHARE = 4
"""The slow lane's engine gets 1/4 of the memory for decoded postings: it reads long lists only once."""


class SlowLaneEngine:
    """A second engine for expensive searches, since searches on one engine take turns; opened on first use.

    An engine passed to `create_app` is used for both.
    """

    def __init__(self, settings: Settings, given: SearchEngine | None) -> None:
        self._settings = settings
        self._engine = given
        self._opening = threading.Lock()

    def engine(self) -> SearchEngine:
        """The engine, opened by the first call."""
        with self._opening:
            if self._engine is None:
                # With `cache_mb` 0, the size follows from the number of workers.
                share = replace(
                    self._settings,
                    cache_mb=-(-self._settings.cache_mb // _SHARE),
                    workers=self._settings.workers * _SHARE,
                )
                self._engine = open_index(share).engine
            return self._engine


@dataclass(frozen=True, slots=True)
class Services:
    """The services of one application. `fingerprint` is the start of the hash of each ETag."""

    settings: Settings
    engine: SearchEngine
    readiness: Readiness
    fingerprint: hashlib.blake2b
    language: Language
    theme: Theme
    slow_lane: SlowLaneEngine
    keys: Keys
    writes: WriteService


def install(app: Flask, given: Services) -> None:
    """Make `given` the result of `services()` in requests to `app`."""
    app.extensions[_KEY] = given


def services() -> Services:
    """The services of the current application, with the engine for the lane of the current request."""
    using = cast(Services, current_app.extensions[_KEY])
    if has_request_context() and SLOW in request.environ:
        return replace(using, engine=using.slow_lane.engine())
    return using
