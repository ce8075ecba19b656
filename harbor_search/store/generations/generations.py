"""All generations of one index folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from harbor_search.errors import OperationalError
from harbor_search.store.generations.current import LiveGeneration, set_current
from harbor_search.store.generations.durability import disk_faults, is_disk_fault, sync_folder, to_operational_error
from harbor_search.store.generations.generation import Generation, load_generation
from harbor_search.store.generations.lock import WriterLock
from harbor_search.store.generations.ownership import make_folder, make_private, require_private
from harbor_search.store.generations.paths import IndexPaths, built_numbers, current_number
from harbor_search.store.generations.pinning import GenerationVanished, Pin, take_pin
from harbor_search.store.generations.retention import load_if_sound, predecessors, sweep
from harbor_search.store.generations.staged_generation import StagedGeneration

__all__ = ["Generations"]


class Generations:
    """The index folder `root`: the live generation, up to `keep - 1` before it, and at most one being built.

    Thread-safe. Every method may raise `OperationalError`, whose message names the cure.
    """

    def __init__(self, root: Path, *, keep: int) -> None:
        if keep < 1:
            raise ValueError(f"keep must be at least 1, not {keep}")
        self._paths = IndexPaths(root.absolute())
        self._keep = keep
        self._live_generation = LiveGeneration(self._paths)
        self.recent_identity = self._live_generation.recent_identity
        """The live generation's `identity`, at most a millisecond old and never older than what this process has
        published; cheaper than `live_identity`."""

    def live_name(self) -> str:
        """The name of the live generation; costs about one system call."""
        return self._live_generation.get()

    def live_identity(self) -> str:
        """The live generation's `identity`; costs about one system call."""
        return self._live_generation.identity()

    def live(self) -> Generation:
        """The live generation; use `pin_live` to read its files."""
        with self.pin_live() as pin:
            return pin.generation

    def kept(self) -> tuple[Generation, ...]:
        """All built generations, newest first, including the live one and without damaged ones."""
        with disk_faults("read the index", self._paths.root):
            found = (load_if_sound(self._paths, number) for number in built_numbers(self._paths))
            return tuple(generation for generation in found if generation)

    def pin(self, name: str) -> Pin:
        """Pin generation `name`.

        Raises:
            GenerationVanished: it was removed meanwhile; ask `live_name` again.
        """
        return take_pin(self._paths, name)

    def pin_live(self) -> Pin:
        """Pin the live generation, whatever a writer publishes and removes meanwhile."""
        name = self.live_name()
        while True:
            try:
                return self.pin(name)
            except GenerationVanished:
                # Only generations that are no longer live are removed: if the name is unchanged, it is damage, no race.
                vanished, name = name, self.live_name()
                if name == vanished:
                    load_generation(self._paths.generations / name)
                    raise

    @contextmanager
    def stage(self, *, replacing: bool = False) -> Iterator[StagedGeneration]:
        """A new generation to fill, under the writer lock: no other process can publish one meanwhile.

        With `replacing`, it takes over the predecessor of the live generation, so that `rollback` skips both; other
        writers wait for the lock, as this takes only a moment.

        If the block ends without `publish`, nothing of it remains and the live generation is unchanged. Disk errors
        while the block writes become an `OperationalError`.
        """
        with self._writing(brief=replacing):
            with disk_faults("write the index", self._paths.root):
                number, previous = self._next()
                if replacing and (live := load_if_sound(self._paths, int(previous or 0))):
                    previous = live.manifest.previous
            staged = StagedGeneration(self._paths, number=number, previous=previous, keep=self._keep)
            try:
                with disk_faults("write the index", staged.path):
                    staged.begin()
                yield staged
            except OSError as error:
                if is_disk_fault(error, self._paths.root):
                    raise to_operational_error("write the index", staged.path, error) from error
                raise
            finally:
                staged.close()

    def rollback(self, check: Callable[[Path], object] | None = None) -> Generation:
        """Make the predecessor of the live generation live again.

        Its checksums are verified first; then its folder is passed to `check`, which raises OperationalError if it
        cannot be used. The abandoned generation stays until the next publishing, but no rollback returns to it.

        Raises:
            OperationalError: no older generation is sound; the message says what is wrong with each.
        """
        with self._writing(), disk_faults("roll the index back", self._paths.root):
            live = self._current()
            faults: list[str] = []
            for generation in predecessors(self._paths, live):
                fault = _fault_of(generation, check)
                if fault is None:
                    set_current(self._paths, int(generation.name))
                    return generation
                faults.append(fault)
        raise OperationalError(
            "there is no older generation to roll back to"
            + "".join(f"; {fault}" for fault in faults)
            + "; `harbor-search rebuild` makes a new one"
        )

    @contextmanager
    def _writing(self, *, brief: bool = False) -> Iterator[None]:
        """Hold the writer lock, with private folders and without leftovers of builds that were killed."""
        paths = self._paths
        with ExitStack() as stack:
            with disk_faults("write the index", paths.root):
                self._make_root()
                stack.enter_context(WriterLock(paths.lock, brief=brief))
                for folder in (paths.generations, paths.staging):
                    make_folder(folder)
                    require_private(folder)
                sync_folder(paths.root)
                sweep(paths)
            yield

    def _make_root(self) -> None:
        root = self._paths.root
        if not root.exists():
            make_folder(root)
            sync_folder(root.parent)
        if not self._paths.generations.exists() and not self._paths.current.exists():
            # A fresh checkout under umask 002; it holds nothing yet that others could have written.
            make_private(root)
        require_private(root)

    def _current(self) -> int | None:
        try:
            return current_number(self._paths)
        except OperationalError:
            return None

    def _next(self) -> tuple[int, str]:
        """The number of the next generation, never one that exists or is live, and the name of its predecessor."""
        built, live = built_numbers(self._paths), self._current()
        newest = max((*built, live or 0))
        previous = live or newest
        return newest + 1, str(previous) if previous else ""


def _fault_of(generation: Generation, check: Callable[[Path], object] | None) -> str | None:
    """Why a generation cannot be made live; None if it can."""
    found = generation.verify()
    if found:
        return f"generation {generation.name} is damaged ({found[0]})"
    try:
        if check:
            check(generation.path)
    except OperationalError as error:
        return f"generation {generation.name} cannot be used ({error})"
    return None
