"""Exports of Ghost (Settings > Labs > Export): posts and pages with their tags, and nothing else that is in them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harbor_search.ingest.json_stream import records_in
from harbor_search.ingest.outcome import Origin, Outcome, Refused, Unreadable
from harbor_search.ingest.publication_rules import PublicationRules
from harbor_search.ingest.sources.files import SourceFile
from harbor_search.ingest.sources.records import outcome_of, sections_of

__all__ = ["tables_of_ghost", "read_ghost"]

_SIGN = re.compile(r'\{\s*(?:(?P<list>"db"\s*:\s*\[\s*\{\s*"(?:meta|data)")|"meta"\s*:\s*\{[^{}]*"exported_on")')


@dataclass(frozen=True, slots=True)
class _Beside:
    """What an export keeps beside the posts: the names of their public tags in order, and more of their metadata."""

    tags: Mapping[str, list[str]]
    meta: Mapping[str, Mapping[str, Any]]


def tables_of_ghost(head: str) -> str:
    """Where the tables are in a JSON file that begins so; empty where it is no export of Ghost."""
    found = _SIGN.match(head)
    if not found:
        return ""
    # Old versions have no list of databases around it.
    return "db.item.data" if found["list"] else "data"


def read_ghost(
    file: SourceFile, stem: str, tables: str, max_bytes: int, rules: PublicationRules
) -> Iterator[tuple[str, Outcome]]:
    """The outcome of each post, with its label `export.json, post why-we-sleep`; one is held at a time.

    `tables` is where they are in the file, as `tables_of_ghost` says.
    """
    slug = "1"
    try:
        beside = _beside(file.path, tables)
        for post in records_in(file.path, f"{tables}.posts.item", max_bytes):
            if not isinstance(post, dict):
                continue
            slug = str(post.get("slug") or post.get("id") or "?")
            label = f"{file.label}, post {slug}"
            origin = Origin(f"{stem}:{slug}", f"{file.name}, post {slug}", rules, file.inherited)
            yield label, outcome_of(_record(post, beside), origin, label)
    except Unreadable as error:
        yield file.label, Refused(file.label, f"after post {slug}: {error}")


def _beside(path: Path, place: str) -> _Beside:
    names = {
        tag["id"]: tag["name"]
        for tag in _rows(path, f"{place}.tags")
        if tag.get("visibility", "public") == "public" and tag.get("id") and tag.get("name")
    }
    joins = sorted(_rows(path, f"{place}.posts_tags"), key=lambda each: each.get("sort_order") or 0)
    tags: dict[str, list[str]] = defaultdict(list)
    for join in joins:
        if join.get("tag_id") in names:
            tags[join.get("post_id", "")].append(names[join["tag_id"]])
    return _Beside(tags, {each.get("post_id", ""): each for each in _rows(path, f"{place}.posts_meta")})


def _rows(path: Path, table: str) -> Iterator[dict[str, Any]]:
    return (row for row in records_in(path, f"{table}.item") if isinstance(row, dict))


def _record(post: Mapping[str, Any], beside: _Beside) -> dict[str, Any]:
    tags = beside.tags.get(post.get("id", ""), [])
    markup = post.get("html")
    return {
        "id": str(post.get("id") or ""),
        "title": post.get("title"),
        "url": post.get("canonical_url") or f"/{post.get('slug')}/",
        "date": post.get("published_at") or post.get("created_at"),
        # Ghost calls the first tag the primary one and shows it above the title.
        "section": tags[:1],
        "tags": tags[1:],
        "language": post.get("locale"),
        "summary": post.get("custom_excerpt") or "",
        # Every post has a status and is for somebody: what lacks one is not known to be public.
        "status": post.get("status") or "not stated",
        "visibility": post.get("visibility"),
        "meta": {"email_only": beside.meta.get(post.get("id", ""), {}).get("email_only")},
        **({"sections": sections_of(markup)} if markup else {"text": post.get("plaintext") or ""}),
    }
