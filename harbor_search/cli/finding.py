"""A finding: what is wrong, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the `name` of what was looked at, the fault in a sentence, and the command or step that mends it."""

    name: str
    fault: str
    cure: str
