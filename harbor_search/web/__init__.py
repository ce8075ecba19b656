"""The web: pages for readers, JSON for programs, both over one search.

`flask --app harbor_search.web run` serves it; any WSGI server can, through `create_app()`. What is here is loaded when
it is first used: the modules that check settings need neither Flask nor compiled code.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harbor_search.web.app import create_app
    from harbor_search.web.mounting import create_blueprint
    from harbor_search.web.warming import warm_up

__all__ = ["create_app", "create_blueprint", "warm_up"]

_HOMES = {"create_app": "app", "create_blueprint": "mounting", "warm_up": "warming"}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return value
