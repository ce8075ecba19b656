"""The format of an index: the fields of an article, how their values stand in columns, and other formats."""

from __future__ import annotations

from harbor_search.errors import OperationalError

__all__ = ["HASH_BYTES", "KEYWORD_FIELDS", "NO_DATE", "NO_VIEWS", "SAME_AS_ID", "TEXT_FIELDS", "OtherFormat"]

TEXT_FIELDS = ("title", "headings", "lead", "body", "names")
"""Analysed fields, with positions. Names are what an article calls itself besides its title: its tags."""

KEYWORD_FIELDS = ("id", "section", "published", "views", "tags", "source")
"""Fields whose values are terms as they are, without positions."""

NO_DATE = -1
"""In the `published` column, whose dates are proleptic ordinals (1 January of year 1 is 1)."""

NO_VIEWS = -1

SAME_AS_ID = b"="
"""In the column of addresses, for an article whose id is its address."""

HASH_BYTES = 16
"""Of a content hash: enough that two versions of an article are never taken for one."""


class OtherFormat(OperationalError):
    """The index was written by another version of harbor_search; a rebuild makes one that this version reads."""
