"""Columns and members of records under the names of an article's fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["mapped"]


def mapped(record: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """`record` with what `fields` maps (title = "headline") under its field's name, and the rest as it is."""
    taken = set(fields.values())
    rest = {name: value for name, value in record.items() if name not in taken and name not in fields}
    return rest | {field: record[column] for field, column in fields.items() if column in record}
