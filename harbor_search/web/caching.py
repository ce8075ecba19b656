"""Answers that need not be sent again (RFC 9110, conditional requests).

An answer is the same while its address, the index's generation, the settings and the program are, and where newer
articles count more, the day.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable
from datetime import date
from functools import lru_cache, wraps
from pathlib import Path
from typing import ParamSpec

from flask import Flask, Response, make_response, request

from harbor_search.config import Settings
from harbor_search.pins import PINS
from harbor_search.synonyms import ACCEPTED
from harbor_search.version import __version__
from harbor_search.web.services import Services, services

__all__ = ["CACHE_CONTROL", "conditional", "fingerprint", "tag_of"]

# Caches may keep answers but ask before each use: a published generation is seen at once.
CACHE_CONTROL = "public, no-cache"

_ADDED = re.compile(r"(?:--?|;|:)(?:gzip|br|zstd|deflate)(?=\")")
"""What servers add to a tag when they compress the answer: Apache `-gzip` and `-br`, Jetty `--gzip`."""

SETTLED = 2.5
"""Seconds after which every process has read a list that was changed."""

LOOK_EVERY = 0.25
"""Seconds between two looks at a list where one is not due: each costs as much as a hit. Well within `SETTLED`."""

P = ParamSpec("P")


def fingerprint(app: Flask, settings: Settings) -> hashlib.blake2b:
    """A digest of what the answers of `app` depend on besides address and index, to go on with."""
    digest = hashlib.blake2b(f"{__version__}\n{settings!r}\n".encode("utf-8", "replace"), digest_size=12)
    for folder in (app.template_folder, app.static_folder, "translations"):
        for file in sorted(Path(app.root_path, str(folder)).rglob("*")):
            if file.is_file():
                digest.update(file.read_bytes())
    return digest


def _query() -> str:
    query: bytes = request.query_string
    return query.decode("latin-1")


def conditional(query: Callable[[], str] = _query) -> Callable[[Callable[P, Response | str]], Callable[P, Response]]:
    """A view answered with 304 where the caller holds the answer already, and with an ETag otherwise.

    `query` gives what the answer depends on besides path and index. The tag is weak: the time taken and the query's id
    differ between equal answers, and a proxy may compress them.
    """

    def decorate(view: Callable[P, Response | str]) -> Callable[P, Response]:
        @wraps(view)
        def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
            engine, asked = services().engine, query()
            generation = engine.generation()
            tag = _tag(generation, asked)
            if _holds(tag):
                return _tagged(Response(status=304), tag)
            response = make_response(view(*args, **kwargs))
            if response.status_code == 200:
                current = engine.generation()
                # Published meanwhile, so that nobody knows which of the two answered: a tag that is never asked for.
                _tagged(response, tag if current == generation else _tag(f"{generation} or {current}", asked))
            return response

        return answer

    return decorate


def _tag(generation: str, asked: str) -> str:
    place = f"{request.host} {request.root_path} {request.endpoint} {request.view_args}"
    return tag_of(services(), place, generation, asked)


def tag_of(using: Services, place: str, generation: str, asked: str, *, lately: bool = False) -> str:
    """The tag of the answer to what is asked at a place (the host's name, and the view with its arguments).

    `lately` says that the lists need not be looked at for it where that was done a moment ago: such a tag is at worst
    that of an older answer, so it may be given but not compared.
    """
    digest = using.fingerprint.copy()
    changing = f"{_lists(using.settings, lately=lately)} {_day(using.settings)}"
    digest.update(f"{place} {generation} {asked} {changing}".encode("utf-8", "replace"))
    return digest.hexdigest()


def _day(settings: Settings) -> date | None:
    """The day on which an answer was made, where it depends on that: each lets all articles but undated ones age."""
    return date.today() if settings.freshness else None


def _lists(settings: Settings, *, lately: bool) -> tuple[float, float]:
    """When the lists were changed that answers depend on besides the index: accepted synonyms, and pins."""
    paths, now = _paths(settings.index, settings.pins), time.time()
    looked, changed = _looked.get(paths, (0.0, (0.0, 0.0)))
    if not (lately and 0 <= now - looked < LOOK_EVERY):
        changed = _changed_at(paths[0]), _changed_at(paths[1])
        _looked[paths] = now, changed
    accepted, pins = changed
    if abs(now - accepted) < SETTLED or abs(now - pins) < SETTLED:
        # Not yet read everywhere, so that nobody knows what the answer is of: a tag that is never asked for.
        return now, now
    return changed


@lru_cache(maxsize=64)
def _paths(index: Path, pins: str) -> tuple[str, str]:
    """As texts: the system takes a path for a tenth of the time that it takes a `Path`."""
    return str(index / ACCEPTED), str(Path(pins) if pins else index / PINS)


def _changed_at(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


_looked: dict[tuple[str, str], tuple[float, tuple[float, float]]] = {}
"""When the lists at two paths were looked at last, and when each had been changed then."""


def _holds(tag: str) -> bool:
    given = request.environ.get("HTTP_IF_NONE_MATCH", "")
    return bool(given) and (f'"{tag}"' in _ADDED.sub("", given) or given.strip() == "*")


def _tagged(response: Response, tag: str) -> Response:
    response.headers["ETag"] = f'W/"{tag}"'
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response
