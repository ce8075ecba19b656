"""Extracting articles from files on all processors: HTML and documents take so long that all else waits for them."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from harbor_search.ingest.outcome import Outcome, Refused
from harbor_search.ingest.sources.files import SourceFile

__all__ = ["SLOW_SUFFIXES", "Extraction", "Labelled"]

SLOW_SUFFIXES = frozenset((".html", ".htm", ".xhtml", ".pdf", ".docx"))
"""Ends of names of files that take milliseconds each; to hand any other over costs more than to read it."""

_ALONE = 64
"""Files read here before other processes are started, which takes as long as reading about so many."""

_BATCH = 8
"""Files handed over together: few enough that all processes end together, enough that the way there costs little."""

_AHEAD = 3
"""Batches in flight for each process, so that none waits and what is read ahead stays small."""

_HELD = 512
"""Outcomes that may wait for those of files before them."""

_RETIRE = 500
"""Batches after which a process gives way to a fresh one: libraries keep some memory of every page."""

Labelled = tuple[str, Outcome]
"""An outcome behind the label of what it comes from."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Files that another process reads."""

    files: Sequence[SourceFile]
    outcomes: Future[list[Outcome]]


class Extraction:
    """Reads files with `read`, but for the first few in `processes` others; outcomes come in the order of the files.

    `read` must be picklable. Close it in the end. A file that ends the process that reads it (memory, a fault of a
    library) is refused.
    """

    def __init__(self, read: Callable[[SourceFile], Outcome], processes: int) -> None:
        self._read = read
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None
        self._alone = 0

    def outcomes(self, found: Iterable[SourceFile | Labelled]) -> Iterator[Labelled]:
        """The outcome of each file in `found`, in their places among the outcomes that are there already."""
        waiting: deque[_Batch | Labelled] = deque()
        for each in self._handed_over(found):
            waiting.append(each)
            while waiting and self._is_due(waiting):
                yield from self._end(waiting.popleft())
        while waiting:
            yield from self._end(waiting.popleft())

    def close(self) -> None:
        """End the other processes."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def _handed_over(self, found: Iterable[SourceFile | Labelled]) -> Iterator[_Batch | Labelled]:
        files: list[SourceFile] = []
        for each in found:
            if isinstance(each, SourceFile) and self._processes > 1 and self._alone >= _ALONE:
                files.append(each)
            elif files:
                yield self._submit(files)
                files = []
                yield self._labelled(each)
            else:
                yield self._labelled(each)
            if len(files) == _BATCH:
                yield self._submit(files)
                files = []
        if files:
            yield self._submit(files)

    def _labelled(self, each: SourceFile | Labelled) -> Labelled:
        if not isinstance(each, SourceFile):
            return each
        self._alone += 1
        return each.label, self._read(each)

    def _submit(self, files: Sequence[SourceFile]) -> _Batch:
        if self._pool is None:
            # Fresh interpreters: a fork would copy locks that this process's threads hold.
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._processes, spawn, max_tasks_per_child=_RETIRE)
        try:
            return _Batch(files, self._pool.submit(_read_all, self._read, files))
        except BrokenProcessPool as error:
            broken: Future[list[Outcome]] = Future()
            broken.set_exception(error)
            return _Batch(files, broken)

    def _is_due(self, waiting: deque[_Batch | Labelled]) -> bool:
        first = waiting[0]
        if not isinstance(first, _Batch) or first.outcomes.done() or len(waiting) > _HELD:
            return True
        return sum(isinstance(each, _Batch) for each in waiting) > _AHEAD * self._processes

    def _end(self, each: _Batch | Labelled) -> Iterator[Labelled]:
        if not isinstance(each, _Batch):
            yield each
            return
        try:
            outcomes = each.outcomes.result()
        except BrokenProcessPool:
            yield from self._one_by_one(each.files)
        else:
            yield from zip((file.label for file in each.files), outcomes, strict=True)

    def _one_by_one(self, files: Sequence[SourceFile]) -> Iterator[Labelled]:
        """The outcomes of a batch whose process died, each file on its own, to find the one that kills."""
        for file in files:
            self._pool = None
            try:
                [outcome] = self._submit([file]).outcomes.result()
            except BrokenProcessPool:
                reason = "reading it ended the process that read it; is it too large for the memory?"
                outcome = Refused(file.label, reason)
            yield file.label, outcome
        self._pool = None


def _read_all(read: Callable[[SourceFile], Outcome], files: Sequence[SourceFile]) -> list[Outcome]:
    return [read(file) for file in files]
