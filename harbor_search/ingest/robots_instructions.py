"""What instructions to robots say to all of them, and so to a site's own search."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from harbor_search.ingest.field_names import fold
from harbor_search.ingest.publication_names import Meaning, meaning_of
from harbor_search.ingest.publication_words import CLOSED, NO

__all__ = ["closes", "unavailable_after"]

_UNAVAILABLE = re.compile(r"unavailable_after\s*:\s*(.+)", re.IGNORECASE)
_WORD = re.compile(r"[\w-]+")
_LIMIT = re.compile(r"\bmax-[\w-]+[\"']?\s*[:=]\s*[\"']?(?:none|standard|large|-?\d+)\b")
"""How much of a page search engines may show: `max-image-preview:none` does not close it."""

_FOR_ONE = re.compile(r"(?:^|(?<=,))\s*([a-z][\w-]+)\s*:[^,]*")
"""What the header X-Robots-Tag says to one crawler by its name, as in `otherbot: noindex, nofollow`; PHP begins
what it keeps of an array with a single letter."""


def closes(value: Any) -> bool:
    """Whether they keep a page out: "noindex, follow", a list with that, `{index: false}`, or false for no robots."""
    if value is False or _text(value) in ("false", "no", "off"):
        return True
    if isinstance(value, Mapping):
        said = ((fold(str(name)), _text(each)) for name, each in value.items() if each not in (None, ""))
        return any(_closes(name, text) for name, text in said)
    return bool({*_WORD.findall(_FOR_ONE.sub(_to_all, _LIMIT.sub("", str(value).lower())))} & CLOSED)


def unavailable_after(value: Any) -> str:
    """The day from which on the page is not to be shown; empty where none is said."""
    limit = None if isinstance(value, Mapping) else _UNAVAILABLE.search(str(value))
    return limit[1] if limit else ""


def _text(value: Any) -> str:
    return str(value).strip().strip("\"'").lower()


def _to_all(instruction: re.Match[str]) -> str:
    """An instruction to one crawler where that speaks for all; empty where it says nothing of a site's search."""
    name = instruction[1]
    return instruction[0] if name.startswith("max-") or meaning_of(fold(name)) is Meaning.ROBOTS else ""


def _closes(name: str, text: str) -> bool:
    """Whether `index: false`, `noindex: true` or `index: noindex` is said."""
    return (
        (text in CLOSED and not name.startswith("max"))
        or (name == "index" and text in NO)
        or (name == "noindex" and text not in NO)
    )
