"""Entity tags: an answer is the same while the generation, the question, the settings and the program are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Response, request

from harbor_search.version import __version__
from harbor_search.web.services import services

__all__ = ["entity_tag", "not_modified", "tagged"]

# Caches may keep answers but ask before each use: a published generation is seen at once.
CACHE_CONTROL = "public, no-cache"


def entity_tag(generation: str, values: Mapping[str, str]) -> str:
    """The (weak) tag of the answer to `values`, parameters in their normal order, from `generation`."""
    parts = (
        __version__,
        repr(services().settings),
        request.endpoint or "",
        generation,
        urlencode(values),
    )
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()


def not_modified(tag: str) -> Response | None:
    """The answer 304, if the caller already holds what `tag` names."""
    return tagged(Response(status=304), tag) if request.if_none_match.contains_weak(tag) else None


def tagged(response: Response, tag: str) -> Response:
    """`response` with `tag`. It is weak: the time taken and the query's id differ between equal answers."""
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response
