"""Indexes of another format than this version of the program writes."""

from __future__ import annotations

from harbor_search.errors import OperationalError

__all__ = ["OtherFormat"]


class OtherFormat(OperationalError):
    """The index was written by another version of harbor_search; a rebuild makes one that this version reads."""
