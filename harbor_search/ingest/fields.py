"""Values that a source states about an article, checked: addresses, counts, languages, lists of words.

Each function takes what the source says, of any type, and returns None (or nothing) for what cannot be used.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from harbor_search.ingest.cleaning import tidy_line, visible
from harbor_search.ingest.dates import day_from, instant_from

__all__ = ["MAX_VIEWS", "absolute_url", "count", "day", "language", "link", "path", "phrase", "words"]

MAX_VIEWS = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_GROUPED = re.compile(r"[0-9]{1,16}|[0-9]{1,3}(?:[, ][0-9]{3}){1,5}")
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9]+(?:[.-]+[A-Za-z0-9]+)*(?:/[A-Za-z0-9/._~%?#&=+,;!*-]*)?")
_ADDRESS = re.compile(r"\.{0,2}/|https?://")
_SEPARATORS = re.compile("[,;]")
_UNSAFE = re.compile(r"[\s\\<>\"\x00-\x20]")


def phrase(value: Any) -> str | None:
    """One line of text, from a string or a number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    line = tidy_line(str(value))
    return line if visible(line) else None


_FIRST_DAYS = ("created", "published", "publish", "date", "start", "iso", "value", "updated", "modified")
"""Names of an article's days where several are given together, the one that it is dated by first."""


def absolute_url(value: Any) -> str | None:
    """An address on the web, `http` or `https`."""
    text = phrase(value)
    if text and _PLAIN_URL.fullmatch(text):  # nearly all, at a tenth of the cost
        return text
    if not text or _UNSAFE.search(text):
        return None
    try:
        parts = urlsplit(text)
        return text if parts.scheme.lower() in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def link(value: Any) -> str | None:
    """An address to link to: on the web, or a path on the same site. Never a `javascript:` one."""
    text = phrase(value)
    if text and text.startswith("/") and not text.startswith("//") and not _UNSAFE.search(text):
        return text
    return absolute_url(value)


def count(value: Any) -> int | None:
    """A whole number from 0 to `MAX_VIEWS`, from a number or from digits, in groups or not."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and _GROUPED.fullmatch(tidy_line(value)):
        value = int("".join(filter(str.isdecimal, value)))
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= MAX_VIEWS else None


def day(value: Any) -> date | None:
    """A day, from a date, a text as `day_from` reads it, the seconds since 1970, or one of several by their names."""
    if isinstance(value, dict):
        return next(filter(None, map(day, map(value.get, _FIRST_DAYS))), None)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = tidy_line(str(value))
    if text.isdecimal():  # seconds since 1970, or 20250106
        moment = instant_from(text, None)
        return moment.date() if moment else None
    return day_from(text)


def language(value: Any) -> str | None:
    """A language tag such as "en" or "pt-BR"."""
    text = phrase(value)
    return text.replace("_", "-") if text and _LANGUAGE.fullmatch(text) else None


def words(values: Iterable[Any]) -> tuple[str, ...]:
    """Phrases in the order given, each once; a string is parted at its commas and semicolons.

    Addresses are left out: site generators call them aliases of a page.
    """
    found: dict[str, None] = {}
    for value in values:
        if isinstance(value, str):
            value = _SEPARATORS.split(html.unescape(value))
        for each in value if isinstance(value, list | tuple) else ():
            # Numbers are what an export calls the words that it keeps elsewhere.
            if isinstance(each, str) and (text := phrase(html.unescape(each))) and not _ADDRESS.match(text):
                found[text] = None
    return tuple(found)


def path(value: Any) -> tuple[str, ...] | None:
    """A path in the site's hierarchy, from a list or from a text such as "Health > Sleep"."""
    levels = value if isinstance(value, list | tuple) else [value]
    if not all(phrase(level) for level in levels):
        return None
    names = (name.strip() for level in levels for name in html.unescape(phrase(level) or "").split(">"))
    return tuple(filter(None, names)) or None
