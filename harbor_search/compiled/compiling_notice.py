"""Telling that functions are being compiled, for people who wait for it the first time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import event

__all__ = ["watching"]


class _Counter(event.Listener):  # type: ignore[misc]
    """Counts functions as their compiling begins: kernels, and the parts that they are made of."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell, self._begun = tell, 0

    def on_start(self, _: Any) -> None:
        """One more has begun."""
        self._begun += 1
        self._tell(self._begun)

    def on_end(self, _: Any) -> None:
        """Nothing to tell: the next one begins soon, or none does."""


@contextmanager
def watching(tell: Callable[[int], None]) -> Iterator[None]:
    """Within this, `tell` is called with how many functions this process has begun to compile, by whatever thread."""
    with event.install_listener("numba:compile", _Counter(tell)):
        yield
