"""The format of an index: the fields of an article and the encoding of their values in columns."""

from __future__ import annotations

from harbor_search.errors import OperationalError

__all__ = ["HASH_BYTES", "KEYWORD_FIELDS", "NO_DATE", "NO_VIEWS", "SAME_AS_ID", "TEXT_FIELDS", "OtherFormat"]

TEXT_FIELDS = ("title", "headings", "lead", "body", "names")
"""Analysed fields, with positions. `names` has an article's other names: its tags."""

KEYWORD_FIELDS = ("id", "section", "published", "views", "tags", "source")
"""Fields whose values are indexed verbatim as terms, without positions."""

NO_DATE = -1
"""No date, in the `published` column, whose values are proleptic ordinals (1 January of year 1 is 1)."""

NO_VIEWS = -1

SAME_AS_ID = b"="
"""In the `urls` column, for an article whose id is its URL."""

HASH_BYTES = 16
"""Bytes of a content hash: enough that two versions of an article never collide."""


class OtherFormat(OperationalError):
    """The index was written in the format of another version of harbor_search and must be rebuilt."""
