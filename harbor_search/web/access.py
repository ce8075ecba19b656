"""Access control by keys.

A key is sent as `Authorization: Bearer KEY`, or as the password of HTTP Basic, for which browsers show a prompt.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Literal, ParamSpec, TypeVar

from flask import request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from harbor_search.keys import Key
from harbor_search.web.services import services

__all__ = ["has_key", "needs_key"]

P = ParamSpec("P")
R = TypeVar("R")


def has_key() -> bool:
    """Whether the current request has a valid key, of whatever scope."""
    return "HTTP_AUTHORIZATION" in request.environ and _request_key() is not None


def needs_key(scope: str, scheme: Literal["bearer", "basic"] = "bearer") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorator for views that need a key with this scope; other requests are refused before they are parsed.

    With the scheme "basic" browsers prompt for the key, as a password with any user name.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def answer(*args: P.args, **kwargs: P.kwargs) -> R:
            key = _request_key()
            if key is None:
                problem = "This key is not known, or was revoked." if request.authorization else "This needs a key."
                how = {"bearer": "Send it as 'Authorization: Bearer KEY'", "basic": "It is the password, with any name"}
                raise Unauthorized(
                    f"{problem} {how[scheme]}; `harbor-search keys create` makes one.",
                    www_authenticate=WWWAuthenticate(scheme, {"realm": "harbor-search"}),
                )
            if scope not in key.scopes:
                raise Forbidden(f"This key is good for {', '.join(key.scopes)}, and not for {scope}.")
            return view(*args, **kwargs)

        return answer

    return decorate


def _request_key() -> Key | None:
    given = request.authorization
    secret = (given.token or given.password or "") if given else ""
    return services().keys.check(secret)
