"""A progress bar on standard error, for people only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int | None], None]]:
    """A `Progress` that draws one bar a stage (documents, rate, time left); silent where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    bars = _Bars()
    try:
        yield bars.advance
    finally:
        bars.close()


class _Bars:
    """The bar of the stage that is under way."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: tqdm[Never] | None = None

    def advance(self, stage: str, done: int, total: int | None) -> None:
        from tqdm import tqdm

        if self._bar is None or stage != self._stage:
            self.close()
            self._stage = stage
            self._bar = tqdm(
                total=total,
                desc=f"{STAGES.get(stage, stage):10}",
                unit=" articles",
                bar_format=UNKNOWN_TOTAL if total is None else KNOWN_TOTAL,
                file=sys.stderr,
                leave=False,
                dynamic_ncols=True,
            )
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
