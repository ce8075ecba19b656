"""All generations of one index folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from harbor_search.errors import OperationalError
from harbor_search.store.generations.building import Building
from harbor_search.store.generations.current import LiveName, switch
from harbor_search.store.generations.durability import disk_faults, is_disk_fault, operational, sync_folder
from harbor_search.store.generations.generation import Generation, load_generation
from harbor_search.store.generations.hold import GenerationVanished, Pin, take_pin
from harbor_search.store.generations.layout import Layout, built_numbers, current_number
from harbor_search.store.generations.lock import WriterLock
from harbor_search.store.generations.ownership import make_folder, make_private, require_private
from harbor_search.store.generations.retention import load_if_sound, predecessors, sweep

__all__ = ["Generations"]


class Generations:
    """The index folder `root`: one live generation, up to `keep - 1` before it, and at most one in the making.

    Threads may share it. Every method may raise `OperationalError`, whose message names the cure.
    """

    def __init__(self, root: Path, *, keep: int) -> None:
        if keep < 1:
            raise ValueError(f"keep must be at least 1, not {keep}")
        self._layout = Layout(root.absolute())
        self._keep = keep
        self._live_name = LiveName(self._layout)
        self.recent_identity = self._live_name.recent_identity
        """The live generation's `identity` as it was at most a millisecond ago, and after all that this process has
        published, for less."""

    def live_name(self) -> str:
        """The name of the live generation, for about the price of one system call."""
        return self._live_name.get()

    def live_identity(self) -> str:
        """The live generation's `identity`, for the same price."""
        return self._live_name.identity()

    def live(self) -> Generation:
        """The live generation; hold it with `pin_live` where its files are to be read."""
        with self.pin_live() as pin:
            return pin.generation

    def kept(self) -> tuple[Generation, ...]:
        """All generations that stand built, newest first, the live one included; damaged ones left out."""
        with disk_faults("read the index", self._layout.root):
            found = (load_if_sound(self._layout, number) for number in built_numbers(self._layout))
            return tuple(generation for generation in found if generation)

    def pin(self, name: str) -> Pin:
        """Hold generation `name`; `GenerationVanished` where it was removed meanwhile: ask `live_name` again."""
        return take_pin(self._layout, name)

    def pin_live(self) -> Pin:
        """Hold the live generation, whatever a writer publishes and removes meanwhile."""
        name = self.live_name()
        while True:
            try:
                return self.pin(name)
            except GenerationVanished:
                # Only what is no longer live is removed, so a name that stays is damage and not a race.
                vanished, name = name, self.live_name()
                if name == vanished:
                    load_generation(self._layout.generations / name)
                    raise

    @contextmanager
    def building(self, *, replacing: bool = False) -> Iterator[Building]:
        """A new generation to fill. Nobody else can publish one meanwhile, so what is live stays so.

        One that is made `replacing` the live one comes after what that one came after: `rollback` passes over both.
        Others wait for it, as it is made in a moment.

        Whatever ends the block without `publish`, nothing of it stays and the live generation is as it was. A full or
        forbidding disk, met by the block's own writing, becomes an `OperationalError`.
        """
        with self._writing(brief=replacing):
            with disk_faults("write the index", self._layout.root):
                number, previous = self._next()
                if replacing and (live := load_if_sound(self._layout, int(previous or 0))):
                    previous = live.manifest.previous
            building = Building(self._layout, number=number, previous=previous, keep=self._keep)
            try:
                with disk_faults("write the index", building.path):
                    building.begin()
                yield building
            except OSError as error:
                if is_disk_fault(error, self._layout.root):
                    raise operational("write the index", building.path, error) from error
                raise
            finally:
                building.close()

    def rollback(self, check: Callable[[Path], object] | None = None) -> Generation:
        """Make the generation that was live before the live one live again.

        Its checksums are verified first, and then it is handed to `check`, if any, which raises OperationalError where
        it cannot be used. What is abandoned stays until the next publishing, but no rollback returns to it.

        Raises:
            OperationalError: no older generation is sound; it says what is wrong with each.
        """
        with self._writing(), disk_faults("roll the index back", self._layout.root):
            live = self._current()
            faults: list[str] = []
            for generation in predecessors(self._layout, live):
                fault = _fault_of(generation, check)
                if fault is None:
                    switch(self._layout, int(generation.name))
                    return generation
                faults.append(fault)
        raise OperationalError(
            "there is no older generation to roll back to"
            + "".join(f"; {fault}" for fault in faults)
            + "; `harbor-search rebuild` makes a new one"
        )

    @contextmanager
    def _writing(self, *, brief: bool = False) -> Iterator[None]:
        """Hold the right to write, in folders that only we can write, without leftovers of the dead."""
        layout = self._layout
        with ExitStack() as stack:
            with disk_faults("write the index", layout.root):
                self._make_root()
                stack.enter_context(WriterLock(layout.lock, brief=brief))
                for folder in (layout.generations, layout.staging):
                    make_folder(folder)
                    require_private(folder)
                sync_folder(layout.root)
                sweep(layout)
            yield

    def _make_root(self) -> None:
        root = self._layout.root
        if not root.exists():
            make_folder(root)
            sync_folder(root.parent)
        if not self._layout.generations.exists() and not self._layout.current.exists():
            # A fresh checkout under umask 002; nothing is here yet that others could have put.
            make_private(root)
        require_private(root)

    def _current(self) -> int | None:
        try:
            return current_number(self._layout)
        except OperationalError:
            return None

    def _next(self) -> tuple[int, str]:
        """The number of the next generation, never one that stands or is live, and the one it comes after."""
        built, live = built_numbers(self._layout), self._current()
        newest = max((*built, live or 0))
        previous = live or newest
        return newest + 1, str(previous) if previous else ""


def _fault_of(generation: Generation, check: Callable[[Path], object] | None) -> str | None:
    """What keeps a generation from being live, None where nothing does."""
    found = generation.verify()
    if found:
        return f"generation {generation.name} is damaged ({found[0]})"
    try:
        if check:
            check(generation.path)
    except OperationalError as error:
        return f"generation {generation.name} cannot be used ({error})"
    return None
