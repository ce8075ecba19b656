"""Which generations stay, and how the others go without pulling a file from under a reader."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from harbor_search.errors import OperationalError
from harbor_search.store.generations.durability import beside
from harbor_search.store.generations.generation import Generation, load_generation
from harbor_search.store.generations.layout import Layout, built_numbers, current_number
from harbor_search.store.generations.lock import try_exclusive
from harbor_search.store.generations.manifest import MANIFEST

__all__ = ["load_if_sound", "predecessors", "prune", "sweep", "workshop_name"]

_WORKSHOP = re.compile(r"([1-9][0-9]*)-[0-9a-f]+", re.ASCII)


def workshop_name(number: int) -> str:
    """A folder name for building `number`, never used before: an orphan of a killed build may still write into its."""
    return f"{number}-{secrets.token_hex(4)}"


def load_if_sound(layout: Layout, number: int) -> Generation | None:
    """The generation, or None where it is gone or its manifest is unreadable."""
    try:
        return load_generation(layout.generation(number))
    except OperationalError:
        return None


def predecessors(layout: Layout, live: int | None) -> Iterator[Generation]:
    """The generations that were live before `live`, newest first, leaving out the abandoned and the damaged.

    After a rollback from 5 to 4 the next build is 6 and its manifest names 4 as its previous one: 5 was abandoned for a
    reason and is nobody's predecessor. `live` None (CURRENT is lost) stands for something newer than all.
    """
    newest_first = built_numbers(layout)
    limit = newest_first[0] if newest_first else 0
    if live is not None:
        generation = load_if_sound(layout, live)
        limit = int(generation.manifest.previous or 0) if generation else live - 1
    for number in newest_first:
        generation = load_if_sound(layout, number) if number <= limit else None
        if generation:
            yield generation
            limit = int(generation.manifest.previous or 0)


def prune(layout: Layout, *, live: int, keep: int) -> None:
    """Remove all generations but `live` and the `keep - 1` before it; those in use stay until a later call.

    Raises:
        OSError: one could not be removed.
    """
    before = [int(each.name) for each in islice(predecessors(layout, live), keep - 1)]
    for number in built_numbers(layout):
        if number not in (live, *before):
            discard(layout, number)


def discard(layout: Layout, number: int) -> None:
    """Remove generation `number` unless a reader holds it.

    It leaves under its own name in one step, so that a kill half-way leaves no half generation. The lock on its
    manifest is held until it is gone: a reader that opened the manifest meanwhile cannot pin it.
    """
    folder = layout.generation(number)
    outgoing = layout.staging / f"old-{workshop_name(number)}"
    try:
        stream = (folder / MANIFEST).open("r+b")
    except FileNotFoundError:
        # Without a manifest nobody can pin it.
        os.rename(folder, outgoing)
    else:
        with stream:
            if not try_exclusive(stream.fileno()):
                return
            os.rename(folder, outgoing)
    remove_tree(outgoing)


def sweep(layout: Layout) -> None:
    """Remove what dead builds left behind; only the holder of the writer lock may call it.

    A workshop beside a generation of its number is a build that died while publishing: unless CURRENT names that
    generation, it never was live, and goes too.

    Raises:
        OSError: something could not be removed.
    """
    try:
        live = current_number(layout)
    except OperationalError:
        live = None
    for entry in sorted(layout.staging.iterdir()):
        workshop = _WORKSHOP.fullmatch(entry.name)
        number = int(workshop[1]) if workshop else None
        if number is not None and live not in (None, number) and layout.generation(number).is_dir():
            discard(layout, number)
        remove_tree(entry)
    beside(layout.current).unlink(missing_ok=True)


def remove_tree(path: Path) -> None:
    """Remove a folder or file with all below it; what an orphan of a killed build adds meanwhile goes next time."""
    if path.is_dir() and not path.is_symlink():
        try:
            shutil.rmtree(path)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
    else:
        with suppress(FileNotFoundError):
            path.unlink()
