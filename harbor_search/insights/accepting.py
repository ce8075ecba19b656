"""Accepting a proposal: its line is added to a list that every searching process reads again when it changes."""

from __future__ import annotations

from pathlib import Path

from harbor_search.config import Settings
from harbor_search.errors import OperationalError
from harbor_search.insights.proposals import Proposal
from harbor_search.pins import pins_path
from harbor_search.store.generations.durability import replace_file
from harbor_search.synonyms import ACCEPTED

__all__ = ["accept"]

_HEADS = {
    "synonym": "# Synonyms that were accepted (`harbor-search insights`); lines can be changed and taken out.\n",
    "pin": "# query => article that comes first (`harbor-search insights`); lines can be changed and taken out.\n",
}


def accept(proposal: Proposal, settings: Settings) -> Path:
    """Add the proposal's line to its list, if it is not there yet, and return the list's path.

    It takes effect within two seconds.

    Raises:
        OperationalError: the list cannot be written.
    """
    path = settings.index / ACCEPTED if proposal.kind == "synonym" else pins_path(settings)
    try:
        before = path.read_text("utf-8") if path.exists() else _HEADS[proposal.kind]
        if proposal.line not in before.splitlines():
            replace_file(path, f"{before.rstrip()}\n{proposal.line}\n".encode())
    except OSError as error:
        raise OperationalError(f"{path} cannot be written: {error.strerror}") from error
    return path
