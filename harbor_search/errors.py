"""Whose fault an error is.

Every error that may reach an interface (terminal, page, JSON) is a `UserError` or an `OperationalError`. Each interface
maps them once: exit code 2 and HTTP 400 for the first, exit code 1 and HTTP 503 for the second.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["GenerationGone", "HarborError", "InvalidSettings", "OperationalError", "UserError"]


class HarborError(Exception):
    """Anything harbor_search raises on purpose; `str(error)` is a sentence a person can act on."""


class UserError(HarborError):
    """The caller asked for something that cannot be: what was wrong, where, and what would be right."""

    def __init__(
        self, message: str, *, where: str = "", position: int | None = None, choices: tuple[str, ...] = ()
    ) -> None:
        """`where` names the parameter or setting at fault, `position` is a character offset into its value."""
        super().__init__(message)
        self.where = where
        self.position = position
        self.choices = choices


class InvalidSettings(UserError):
    """Settings that cannot be; `faults` are all that were found, each an error of its own."""

    def __init__(self, faults: Sequence[UserError]) -> None:
        first = faults[0]
        one = len(faults) == 1
        super().__init__("; ".join(map(str, faults)), where=first.where, choices=first.choices if one else ())
        self.faults = tuple(faults)


class GenerationGone(UserError):
    """A cursor goes through a generation of the index that has been removed since."""

    def __init__(self, generation: str) -> None:
        super().__init__(
            f"the index that this cursor goes through ({generation[:40]}) has been replaced; begin again with cursor=*",
            where="cursor",
        )


class OperationalError(HarborError):
    """The request was right, but the machine, the index or a source cannot serve it now."""
