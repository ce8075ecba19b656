"""What belongs into a backup beside the index, since no rebuild brings it back: written articles, synonyms that were
accepted, and pins.

Keys stay out: a restored list would bring back those that were revoked since, and new ones are made in a second.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from harbor_search.config import Settings
from harbor_search.indexing.written_source import journal_path
from harbor_search.journal import JOURNAL, Journal
from harbor_search.pins import PINS, pins_path
from harbor_search.store.generations.durability import replace_file
from harbor_search.store.generations.ownership import make_folder
from harbor_search.synonyms import ACCEPTED

__all__ = ["Companions", "restoring", "saving"]

Companions = dict[str, Callable[[Path], object]]
"""By the names of their files."""


def saving(settings: Settings) -> Companions:
    """What writes each to a path; nothing where there is nothing of it."""
    return {
        JOURNAL: partial(_save_journal, journal_path(settings)),
        **{name: partial(_save, path) for name, path in _lists(settings).items()},
    }


def restoring(settings: Settings, *, replace: bool) -> Companions:
    """What brings each back from a path.

    What is there stays and is completed: no write since is lost. With `replace` all is what it was in the backup.
    """
    return {
        JOURNAL: partial(_restore_journal, journal_path(settings), replace=replace),
        **{name: partial(_restore, path, replace=replace) for name, path in _lists(settings).items()},
    }


def _lists(settings: Settings) -> dict[str, Path]:
    return {ACCEPTED: settings.index / ACCEPTED, PINS: pins_path(settings)}


def _save_journal(path: Path, copy: Path) -> None:
    journal = Journal.open_existing(path)
    if journal is not None:
        with closing(journal):
            journal.copy_to(copy)


def _restore_journal(path: Path, copy: Path, *, replace: bool) -> None:
    with closing(Journal(path)) as journal, closing(Journal(copy)) as other:
        journal.adopt(other, replace=replace)


def _save(path: Path, copy: Path) -> None:
    if path.exists():
        shutil.copyfile(path, copy)


def _restore(path: Path, copy: Path, *, replace: bool) -> None:
    if replace or not path.exists():
        make_folder(path.parent)  # an index in a cluster has none
        replace_file(path, copy.read_bytes())
