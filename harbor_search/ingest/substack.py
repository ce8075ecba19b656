"""Exports of Substack: `posts.csv` says of each file `posts/ID.html`, which is nothing but a text, what it is."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["posts_listed_beside"]

_TABLE = "posts.csv"
_COLUMNS = frozenset(("post_id", "is_published", "title"))


def posts_listed_beside(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """What the table in `folder` or beside it says of the files in `folder`, by their names without `.html`."""
    for table in (folder / _TABLE, folder.absolute().parent / _TABLE):
        if not table.is_file():
            continue
        try:
            with table.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
                rows = csv.DictReader(stream)
                if _COLUMNS.issubset(rows.fieldnames or ()):
                    return {row["post_id"]: _said(row) for row in rows if row["post_id"]}
        except (OSError, csv.Error):
            continue
    return {}


def _said(row: Mapping[str, str | None]) -> dict[str, Any]:
    slug = (row["post_id"] or "").partition(".")[2]
    said = {
        "title": row["title"],
        "date": row.get("post_date"),
        "url": f"/p/{slug}" if slug else "",
        # A post that is in no state is not known to be public.
        "ispublished": row["is_published"] or "not stated",
        "audience": row.get("audience"),
    }
    return {name: value for name, value in said.items() if value}
