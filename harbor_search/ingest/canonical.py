"""Which of several pages is the article: the one that is what its canonical address says.

A print version, a page in an old place or one with another ending names the real page as canonical. Which file the real
one is shows in its path, so a file elsewhere waits until all others are read; it is the article only where none is.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote, urljoin, urlsplit

from harbor_search.ingest.paths import place

__all__ = ["Claim", "Claims", "claim_of", "is_whole_site"]

HEAD = 1 << 16
"""Bytes in which a page's canonical address is looked for; nearly all name it in the first few thousand."""

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LINK = re.compile(r"<link\b[^<>]*\brel\s*=\s*[\"']?[^\"'<>]*\bcanonical\b[^<>]*>", re.IGNORECASE)
_SHOWN = re.compile(r"<meta\b[^<>]*\bproperty\s*=\s*[\"']?og:url\b[^<>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"\b(?:href|content)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_HERE = "http://the.source/"

Claim = tuple[str, tuple[str, ...], str]
"""Host, path by its segments, and query: what two spellings of one address share. Empty host: that of the source."""

F = TypeVar("F")


def claim_of(data: bytes, name: str) -> Claim | None:
    """The address that an HTML page, the file `name` of its source, says it is the page of; None where it says none."""
    head = data[:HEAD]
    folded = head.lower()
    named = max(folded.rfind(b"canonical"), folded.rfind(b"og:url"))
    if named < 0:
        return None
    text = _COMMENT.sub("", head[: head.find(b">", named) + 1 or HEAD].decode("latin-1"))
    for pattern in (_LINK, _SHOWN):
        found = pattern.search(text)
        address = _ADDRESS.search(found[0]) if found else None
        if address and (claim := _claim(html.unescape(address[1] or address[2] or address[3] or ""), name)):
            return claim
    return None


def is_whole_site(address: str, name: str) -> bool:
    """Whether `address` is that of the front page, which broken templates put into each, and `name` another page."""
    parts = urlsplit(address)
    return parts.path in ("", "/") and not parts.query and place(name) not in (("index",), ("default",))


def _claim(address: str, name: str) -> Claim | None:
    try:
        parts = urlsplit(urljoin(_HERE + name, address.strip()))
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or is_whole_site(parts.geturl(), name):
        return None
    host = "" if parts.netloc == urlsplit(_HERE).netloc else parts.netloc.lower().removeprefix("www.")
    return host, _segments(unquote(parts.path).strip("/") or "index.html"), parts.query


def _segments(path: str) -> tuple[str, ...]:
    return tuple(part.casefold() for part in place(path))


def _likeness(name: str, claim: Claim) -> int:
    """How many segments of the file's path, from its end, are those of the address."""
    own, claimed = _segments(name)[::-1], claim[1][::-1]
    return next(
        (at for at, (a, b) in enumerate(zip(own, claimed, strict=False)) if a != b), min(len(own), len(claimed))
    )


@dataclass(slots=True)
class Claims(Generic[F]):
    """Files by the address that they claim: which are at home there, and which wait."""

    homes: dict[Claim, str] = field(default_factory=dict)
    waiting: dict[Claim, list[tuple[str, F]]] = field(default_factory=dict)

    def settle(self, claim: Claim, name: str, file: F) -> bool:
        """Whether the file `name` is where its address says; one that is not waits."""
        if not claim[2] and _likeness(name, claim) == len(claim[1]):
            return True
        self.waiting.setdefault(claim, []).append((name, file))
        return False

    def likeliest(self, claim: Claim) -> list[F]:
        """The files that wait for `claim`, those whose paths are most like it first."""
        ordered = sorted(self.waiting[claim], key=lambda each: -_likeness(each[0], claim))
        return [file for _, file in ordered]
