"""What views need from the application: its settings, its engine, whether it is warm, how pages look and speak."""

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
from harbor_search.web.languages import Language
from harbor_search.web.readiness import Readiness
from harbor_search.web.theme import Theme
from harbor_search.web.write_service import WriteService

__all__ = ["SLOW", "Services", "SlowLane", "install", "services"]

_KEY = "harbor_search"

SLOW = "harbor_search.slow_lane"
"""In the environment of a request that a server answers in its slow lane."""

_SHARE = 4
"""The slow lane's engine has this fraction of the memory for decoded postings: it reads long lists once."""


class SlowLane:
    """An engine of its own for dear searches, since searches on one engine take turns. It is opened when it is needed.

    One that was given and not made from settings answers both.
    """

    def __init__(self, settings: Settings, given: SearchEngine | None) -> None:
        self._settings = settings
        self._engine = given
        self._opening = threading.Lock()

    def engine(self) -> SearchEngine:
        """The engine; the first call opens it."""
        with self._opening:
            if self._engine is None:
                # Where `cache_mb` is 0, what a worker takes follows from their number.
                share = replace(
                    self._settings,
                    cache_mb=-(-self._settings.cache_mb // _SHARE),
                    workers=self._settings.workers * _SHARE,
                )
                self._engine = open_index(share).engine
            return self._engine


@dataclass(frozen=True, slots=True)
class Services:
    """One application's settings, engine, readiness, the language and theme of its pages, its keys, and its writes.

    `fingerprint` begins the ETag of each answer.
    """

    settings: Settings
    engine: SearchEngine
    readiness: Readiness
    fingerprint: hashlib.blake2b
    language: Language
    theme: Theme
    slow_lane: SlowLane
    keys: Keys
    writes: WriteService


def install(app: Flask, given: Services) -> None:
    """Make `given` what `services()` answers with inside `app`."""
    app.extensions[_KEY] = given


def services() -> Services:
    """The services of the application that answers the current request, with the engine of its lane."""
    using = cast(Services, current_app.extensions[_KEY])
    if has_request_context() and SLOW in request.environ:
        return replace(using, engine=using.slow_lane.engine())
    return using
