"""Access: what only holders of a key may do.

A key comes as `Authorization: Bearer KEY`, or as the password of HTTP Basic, which browsers ask for themselves.
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
    """Whether the current request comes with a key that is good for anything: nothing is guessed with one."""
    return "HTTP_AUTHORIZATION" in request.environ and _given() is not None


def needs_key(scope: str, scheme: Literal["bearer", "basic"] = "bearer") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A view for those only who have a key with this scope; others are told so before anything is looked at.

    With the scheme "basic" browsers ask for the key, as a password with any name.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def answer(*args: P.args, **kwargs: P.kwargs) -> R:
            key = _given()
            if key is None:
                told = "This key is not known, or was revoked." if request.authorization else "This needs a key."
                how = {"bearer": "Send it as 'Authorization: Bearer KEY'", "basic": "It is the password, with any name"}
                raise Unauthorized(
                    f"{told} {how[scheme]}; `harbor-search keys create` makes one.",
                    www_authenticate=WWWAuthenticate(scheme, {"realm": "harbor-search"}),
                )
            if scope not in key.scopes:
                raise Forbidden(f"This key is good for {', '.join(key.scopes)}, and not for {scope}.")
            return view(*args, **kwargs)

        return answer

    return decorate


def _given() -> Key | None:
    given = request.authorization
    secret = (given.token or given.password or "") if given else ""
    return services().keys.check(secret)
