"""Values of keyword fields: Lucene takes terms of 32,766 bytes at most."""

from __future__ import annotations

import hashlib

__all__ = ["keyword"]

_LONGEST = 1_000
"""Characters: ids, tags and names of sections are shorter, and cursors carry ids."""


def keyword(value: str) -> str:
    """A value as a field has it and as it is asked for: a very long one by its beginning and a digest of all of it."""
    if len(value) <= _LONGEST:
        return value
    digest = hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"{value[:_LONGEST]}\u2026{digest}"
