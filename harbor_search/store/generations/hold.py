"""Holding a generation, so that retention does not remove it while it is being read."""

from __future__ import annotations

import os
from io import FileIO
from types import TracebackType

from harbor_search.errors import OperationalError
from harbor_search.store.generations.durability import disk_faults
from harbor_search.store.generations.generation import Generation, load_generation
from harbor_search.store.generations.layout import Layout, is_number
from harbor_search.store.generations.lock import try_shared
from harbor_search.store.generations.manifest import MANIFEST
from harbor_search.store.generations.ownership import require_private, require_private_tree

__all__ = ["GenerationVanished", "Pin", "take_pin"]


class GenerationVanished(OperationalError):
    """The generation was removed between learning its name and pinning it; the live one has another name by now."""


class Pin:
    """A hold on one generation, until `release` or the end of a `with` block; dies with the process.

    Taking one looks at every file's owner and mode: take one for every opened reader, not for every request.
    """

    def __init__(self, generation: Generation, manifest: FileIO) -> None:
        self.generation = generation
        self.name = generation.name
        self.path = generation.path
        self._manifest = manifest

    def release(self) -> None:
        """Let retention remove the generation; may be called again."""
        # Closing, not unlocking: forked workers share the lock, and theirs must outlast ours.
        self._manifest.close()

    def __enter__(self) -> Pin:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


def take_pin(layout: Layout, name: str) -> Pin:
    """Pin generation `name`.

    Raises:
        GenerationVanished: it is not there (any more).
        OperationalError: it is damaged, or others could have written it.
    """
    if not is_number(name):
        raise OperationalError(f"{name[:40]!r} is not the number of a generation")
    path = layout.generations / name
    with disk_faults("read the index", path):
        require_private(layout.root)
        try:
            manifest = FileIO(path / MANIFEST)
        except (FileNotFoundError, NotADirectoryError):
            raise GenerationVanished(f"generation {name} is not in {layout.generations}") from None
        try:
            _hold(layout, name, manifest)
            require_private(layout.generations)
            require_private_tree(path)
            return Pin(load_generation(path), manifest)
        except BaseException:
            manifest.close()
            raise


def _hold(layout: Layout, name: str, manifest: FileIO) -> None:
    # The lock may have been got on a file that has just been moved out: only what still stands there counts.
    path = layout.generations / name / MANIFEST
    locked = try_shared(manifest.fileno())
    try:
        stands = locked and os.path.samestat(os.stat(path), os.fstat(manifest.fileno()))
    except FileNotFoundError:
        stands = False
    if not stands:
        raise GenerationVanished(f"generation {name} is being removed from {layout.generations}")
