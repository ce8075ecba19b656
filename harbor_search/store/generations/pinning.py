"""Pinning a generation, so that retention does not remove it while it is being read."""

from __future__ import annotations

import os
from io import FileIO
from types import TracebackType

from harbor_search.errors import OperationalError
from harbor_search.store.generations.durability import disk_faults
from harbor_search.store.generations.generation import Generation, load_generation
from harbor_search.store.generations.lock import try_shared
from harbor_search.store.generations.manifest import MANIFEST
from harbor_search.store.generations.ownership import require_private, require_private_tree
from harbor_search.store.generations.paths import IndexPaths, is_number

__all__ = ["GenerationVanished", "Pin", "take_pin"]


class GenerationVanished(OperationalError):
    """The generation was removed before it could be pinned; by now another one is live."""


class Pin:
    """A pinned generation, until `release`, the end of a `with` block or of the process.

    Pinning checks every file's owner and mode: pin once for each opened reader, not for each request.
    """

    def __init__(self, generation: Generation, manifest: FileIO) -> None:
        self.generation = generation
        self.name = generation.name
        self.path = generation.path
        self._manifest = manifest

    def release(self) -> None:
        """Allow retention to remove the generation; idempotent."""
        # Closing instead of unlocking: forked workers share the lock and must keep it.
        self._manifest.close()

    def __enter__(self) -> Pin:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


def take_pin(paths: IndexPaths, name: str) -> Pin:
    """Pin generation `name`.

    Raises:
        GenerationVanished: it does not exist (any more).
        OperationalError: it is damaged, or others could have written it.
    """
    if not is_number(name):
        raise OperationalError(f"{name[:40]!r} is not the number of a generation")
    path = paths.generations / name
    with disk_faults("read the index", path):
        require_private(paths.root)
        try:
            manifest = FileIO(path / MANIFEST)
        except (FileNotFoundError, NotADirectoryError):
            raise GenerationVanished(f"generation {name} is not in {paths.generations}") from None
        try:
            _hold(paths, name, manifest)
            require_private(paths.generations)
            require_private_tree(path)
            return Pin(load_generation(path), manifest)
        except BaseException:
            manifest.close()
            raise


def _hold(paths: IndexPaths, name: str, manifest: FileIO) -> None:
    # The locked file may just have been moved away: only the file at the path counts.
    path = paths.generations / name / MANIFEST
    locked = try_shared(manifest.fileno())
    try:
        stands = locked and os.path.samestat(os.stat(path), os.fstat(manifest.fileno()))
    except FileNotFoundError:
        stands = False
    if not stands:
        raise GenerationVanished(f"generation {name} is being removed from {paths.generations}")
