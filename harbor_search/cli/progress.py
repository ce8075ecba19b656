"""A progress bar on standard error, if that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Never

if TYPE_CHECKING:
    from tqdm import tqdm

__all__ = ["progress_bar"]

STAGES = {
    "index": "Indexing",
    "merge": "Merging",
    "embed": "Embedding",
    "tune": "Tuning",
    "verify": "Verifying",
    "publish": "Publishing",
}

KNOWN_TOTAL = "{desc} {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} [{rate_fmt}, {remaining} left]"
UNKNOWN_TOTAL = "{desc} {n_fmt} [{rate_fmt}, {elapsed}]"
COMPILING = "Compiling for this processor, the first time only: {n_fmt} functions [{elapsed}]"

REFRESH_INTERVAL = 0.5
"""Seconds between refreshes without progress, which update the elapsed time: compiling a function may take long."""


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int | None], None]]:
    """A `Progress` that draws one bar per stage (documents, rate, time left); silent if there is no terminal.

    While kernels are compiled, the first time on a machine, it shows that.
    """
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from harbor_search.compiled import watching

    bars = _Bars()
    try:
        with watching(lambda begun: bars.advance("compile", begun, None)):
            yield bars.advance
    finally:
        bars.end()


class _Bars:
    """The bar of the current stage. Thread-safe."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: tqdm[Never] | None = None
        self._lock = Lock()
        self._ended = Event()
        Thread(target=self._tick, daemon=True).start()

    def advance(self, stage: str, done: int, total: int | None) -> None:
        from tqdm import tqdm

        with self._lock:
            if self._bar is None or stage != self._stage:
                self._close()
                self._stage = stage
                self._bar = tqdm(
                    total=total,
                    desc=f"{STAGES.get(stage, stage):10}",
                    unit=" articles",
                    bar_format=_format_of(stage, total),
                    file=sys.stderr,
                    leave=False,
                    dynamic_ncols=True,
                )
            self._bar.update(done - self._bar.n)

    def end(self) -> None:
        self._ended.set()
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _tick(self) -> None:
        while not self._ended.wait(REFRESH_INTERVAL):
            with self._lock:
                if self._bar is not None:
                    self._bar.refresh()


def _format_of(stage: str, total: int | None) -> str:
    if stage == "compile":
        return COMPILING
    return UNKNOWN_TOTAL if total is None else KNOWN_TOTAL
