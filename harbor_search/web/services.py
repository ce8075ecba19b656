"""The services of an application that its views use: settings, engine, readiness, language, theme, keys, writes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Protocol, cast, runtime_checkable

from flask import Flask, current_app, has_request_context, request

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.keys import Keys
from harbor_search.web.localization import Language
from harbor_search.web.readiness import Readiness
from harbor_search.web.theme import Theme
from harbor_search.web.write_service import WriteService

__all__ = ["SLOW", "Services", "install", "services", "slow_lane_engine"]

_KEY = "harbor_search"

SLOW = "harbor_search.slow_lane"
"""Key in the WSGI environment of requests that the server answers in its slow lane."""


@runtime_checkable
class _InThisProcess(Protocol):
    """An engine that searches in this process, where searches take turns."""

    def beside(self) -> SearchEngine:
        """An engine over the same index whose searches and those of this one do not wait for each other."""


def slow_lane_engine(engine: SearchEngine) -> SearchEngine:
    """The engine for expensive searches beside `engine`."""
    return engine.beside() if isinstance(engine, _InThisProcess) else engine


@dataclass(frozen=True, slots=True)
class Services:
    """The services of one application. `slow_lane` is the engine for expensive searches; `fingerprint` is the start of
    the hash of each ETag."""

    settings: Settings
    engine: SearchEngine
    readiness: Readiness
    fingerprint: hashlib.blake2b
    language: Language
    theme: Theme
    slow_lane: SearchEngine
    keys: Keys
    writes: WriteService


def install(app: Flask, given: Services) -> None:
    """Make `given` the result of `services()` in requests to `app`."""
    app.extensions[_KEY] = given


def services() -> Services:
    """The services of the current application, with the engine for the lane of the current request."""
    using = cast(Services, current_app.extensions[_KEY])
    if has_request_context() and SLOW in request.environ:
        return replace(using, engine=using.slow_lane)
    return using
