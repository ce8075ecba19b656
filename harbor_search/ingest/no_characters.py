"""Halves of surrogate pairs and bytes that are no text: what decoders let through, and no index or answer can hold."""

from __future__ import annotations

import re
from typing import Any

from harbor_search.ingest.field_names import Repeated

__all__ = ["REPLACED", "STAND_IN", "escapes_mended", "mended"]

STAND_IN = "\ufdd0"
"""What stands for a half in JSON that is read as a stream: Unicode keeps it for uses within a program."""

REPLACED = "what is no character (half of a surrogate pair, a byte that is no text) was replaced by \ufffd"

_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_OPEN = re.compile(
    r"(?<!\\)(?:\\\\)*(\\(?:u(?:[0-9a-fA-F]{0,3}|[dD][89abAB][0-9a-fA-F]{2}(?:\\(?:u[0-9a-fA-F]{0,3})?)?))?)\Z"
)
"""An escape that may go on in what follows."""


def mended(value: Any) -> tuple[Any, tuple[str, ...]]:
    """`value`, a record or part of one, with replacement characters for what is none, and a note if there was any."""
    return (value, ()) if _is_whole(value) else (_replaced(value), (REPLACED,))


def escapes_mended(text: str, *, is_end: bool) -> tuple[str, str]:
    """A piece of JSON with `STAND_IN` for each escaped half, and the end of it that is to be put before the next piece.

    ijson gives question marks for such halves, and does not say so.
    """
    rest = "" if is_end or not (found := _OPEN.search(text, max(0, len(text) - 4096))) else found[1]
    text = text[: len(text) - len(rest)]
    if r"\ud" in text or r"\uD" in text:
        text = _ESCAPE.sub(lambda escape: rf"\u{ord(STAND_IN):x}" if escape[1] else escape[0], text)
    return text, rest


def _is_whole(value: Any) -> bool:
    if isinstance(value, str):
        return value.isascii() or (STAND_IN not in value and _can_be_encoded(value))
    if isinstance(value, dict):
        return all(map(_is_whole, value)) and all(map(_is_whole, value.values()))
    return all(map(_is_whole, value)) if isinstance(value, list) else True


def _can_be_encoded(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _replaced(value: Any) -> Any:
    """`value` with its texts mended; a list of repeated values remains one."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace(STAND_IN, "\ufffd")
    if isinstance(value, dict):
        return {_replaced(name): _replaced(each) for name, each in value.items()}
    if isinstance(value, list):
        return (Repeated if isinstance(value, Repeated) else list)(map(_replaced, value))
    return value
