"""Libraries that only some sources need, and what to do where one is not installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from harbor_search.errors import UserError

__all__ = ["required"]


def required(module: str, extra: str, purpose: str) -> Any:
    """The library `module`, which the extra `extra` of this package installs.

    Raises:
        UserError: it is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise UserError(
            f"{purpose} needs {error.name or module}, which is not installed: pip install 'harbor-search[{extra}]'",
            where="source",
        ) from error
