"""The settings: whether all can be, and whether variables of the environment are meant to be some."""

from __future__ import annotations

from collections.abc import Iterator

from harbor_search.cli.finding import Finding
from harbor_search.config import Settings, misspelt_variables
from harbor_search.errors import InvalidSettings, UserError

__all__ = ["misspelt", "unusable_settings"]


def misspelt(settings: Settings) -> Iterator[Finding]:
    """Whether a variable of the environment is nearly named as one that would be a setting."""
    for variable, like in misspelt_variables():
        yield Finding(
            "settings",
            f"the variable {variable} is no setting and has no effect",
            f"unset {variable}, or name it {like}",
        )


def unusable_settings(error: UserError, where: str) -> Iterator[Finding]:
    """A finding for each fault of settings that could not be loaded; `where` says what states them."""
    for each in error.faults if isinstance(error, InvalidSettings) else (error,):
        fault, _, proposal = str(each).partition("; did you mean ")
        cure = f"mend {where}"
        if proposal:
            cure += f": write {proposal.rstrip('?')} in place of {each.where!r}, or take it out"
        elif each.choices:
            cure += f"; known: {', '.join(each.choices)}"
        yield Finding("settings", fault, cure)
