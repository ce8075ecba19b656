"""Cursors: going through all matches of a query, page by page, in one generation of the index.

A page number says "the second ten of what is there now"; after a rebuild, what was on one page may be on another. A
cursor says which generation it goes through, so that nothing comes twice and nothing is left out.
"""

from __future__ import annotations

import base64
import hashlib
import json
from binascii import Error
from dataclasses import dataclass

from harbor_search.errors import UserError

__all__ = ["START", "Cursor", "read_cursor", "write_cursor"]

START = "*"
"""The cursor that begins."""

_MOST = 10**9
"""Matches before the next page; more articles than an index can hold."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where to go on: after `offset` matches in the generation of that name (empty: the live one).

    `after` is where that is in the engine's own words, where it has some; empty at the start; None: not going through
    all matches.
    """

    generation: str = ""
    offset: int = 0
    after: str | None = None


def write_cursor(cursor: Cursor, question: str) -> str:
    """`cursor` as text for an address. It goes with `question`, the parameters that it was made for, and no others."""
    values = [cursor.generation, cursor.offset, _digest(question), *([cursor.after] if cursor.after else [])]
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(text: str, question: str) -> Cursor:
    """The cursor that `write_cursor` wrote; `START` begins in the live generation.

    Raises:
        UserError: it is no cursor, or one for other parameters.
    """
    if text == START:
        return Cursor(after="")
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        generation, offset, digest, *more = json.loads(base64.b64decode(padded, b"-_", validate=True))
        after = more[0] if more else None
        texts = isinstance(generation, str) and generation and isinstance(after, str | None)
        if len(more) > 1 or not texts or type(offset) is not int or not 0 <= offset <= _MOST:
            raise ValueError
    except (Error, ValueError, TypeError, RecursionError):
        raise UserError("cursor is not one that an answer gave; begin again with cursor=*", where="cursor") from None
    if digest != _digest(question):
        raise UserError("cursor belongs to another query; begin again with cursor=*", where="cursor")
    return Cursor(generation, offset, after)


def _digest(question: str) -> str:
    return hashlib.blake2b(question.encode("utf-8", "replace"), digest_size=6).hexdigest()
