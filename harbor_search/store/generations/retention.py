"""Which generations are kept, and removing the others without removing a file that a reader uses."""

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
from harbor_search.store.generations.durability import temporary_path
from harbor_search.store.generations.generation import Generation, load_generation
from harbor_search.store.generations.lock import try_exclusive
from harbor_search.store.generations.manifest import MANIFEST
from harbor_search.store.generations.paths import IndexPaths, built_numbers, current_number

__all__ = ["load_if_sound", "predecessors", "prune", "sweep", "staging_name"]

_STAGING_NAME = re.compile(r"([1-9][0-9]*)-[0-9a-f]+", re.ASCII)


def staging_name(number: int) -> str:
    """A unique folder name for building `number`: an orphan of a killed build may still write to its own."""
    return f"{number}-{secrets.token_hex(4)}"


def load_if_sound(paths: IndexPaths, number: int) -> Generation | None:
    """The generation, or None if it is missing or its manifest unreadable."""
    try:
        return load_generation(paths.generation(number))
    except OperationalError:
        return None


def predecessors(paths: IndexPaths, live: int | None) -> Iterator[Generation]:
    """The generations that were live before `live`, newest first, without abandoned and damaged ones.

    After a rollback from 5 to 4 the next build is 6, and its manifest names 4 as its predecessor: 5 was abandoned and
    is skipped. `live` None (CURRENT is lost) counts as newer than all.
    """
    newest_first = built_numbers(paths)
    limit = newest_first[0] if newest_first else 0
    if live is not None:
        generation = load_if_sound(paths, live)
        limit = int(generation.manifest.previous or 0) if generation else live - 1
    for number in newest_first:
        generation = load_if_sound(paths, number) if number <= limit else None
        if generation:
            yield generation
            limit = int(generation.manifest.previous or 0)


def prune(paths: IndexPaths, *, live: int, keep: int) -> None:
    """Remove all generations except `live` and the `keep - 1` before it; pinned ones stay until a later call.

    Raises:
        OSError: one could not be removed.
    """
    before = [int(each.name) for each in islice(predecessors(paths, live), keep - 1)]
    for number in built_numbers(paths):
        if number not in (live, *before):
            discard(paths, number)


def discard(paths: IndexPaths, number: int) -> None:
    """Remove generation `number` unless it is pinned.

    It is first moved to the staging folder in one step, so that a kill leaves no partial generation. The lock on its
    manifest is held until it is removed: a reader that opened the manifest meanwhile cannot pin it.
    """
    folder = paths.generation(number)
    outgoing = paths.staging / f"old-{staging_name(number)}"
    try:
        stream = (folder / MANIFEST).open("r+b")
    except FileNotFoundError:
        # Without a manifest it cannot be pinned.
        os.rename(folder, outgoing)
    else:
        with stream:
            if not try_exclusive(stream.fileno()):
                return
            os.rename(folder, outgoing)
    remove_tree(outgoing)


def sweep(paths: IndexPaths) -> None:
    """Remove what killed builds left behind; the caller holds the writer lock.

    If a staging folder and a generation of its number both exist, the build died while publishing: unless CURRENT names
    that generation, it was never live and is removed too.

    Raises:
        OSError: something could not be removed.
    """
    try:
        live = current_number(paths)
    except OperationalError:
        live = None
    for entry in sorted(paths.staging.iterdir()):
        staging = _STAGING_NAME.fullmatch(entry.name)
        number = int(staging[1]) if staging else None
        if number is not None and live not in (None, number) and paths.generation(number).is_dir():
            discard(paths, number)
        remove_tree(entry)
    temporary_path(paths.current).unlink(missing_ok=True)


def remove_tree(path: Path) -> None:
    """Remove a folder or file recursively; what an orphan of a killed build adds meanwhile is removed next time."""
    if path.is_dir() and not path.is_symlink():
        try:
            shutil.rmtree(path)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
    else:
        with suppress(FileNotFoundError):
            path.unlink()
