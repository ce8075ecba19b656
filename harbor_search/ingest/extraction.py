"""Extracting articles from files on all processors: HTML and documents take so long that all else waits for them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future

from harbor_search.ingest.outcome import Outcome
from harbor_search.ingest.reading_processes import Awaited, ReadFile, ReadingProcesses
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

_PATIENCE = 64
"""Other outcomes that may come while a batch is filled: files of a mixed folder do not lie side by side."""

_HELD = 512
"""Outcomes that may wait for those of files before them."""

Labelled = tuple[str, Outcome]
"""An outcome after the label of what it comes from."""

_Place = tuple[str, Outcome | Future[Outcome]]
"""The same, or an outcome to come, in the order of the files."""


class Extraction:
    """Reads files with `read`, but for the first few in `processes` others; outcomes come in the order of the files.

    `read` must be picklable. Close it in the end. A file that ends the process that reads it (memory, a fault of a
    library) is refused.
    """

    def __init__(self, read: ReadFile, processes: int) -> None:
        self._read = read
        self._processes = ReadingProcesses(read, processes) if processes > 1 else None
        self._most_in_flight = _AHEAD * _BATCH * processes
        self._in_flight = 0
        self._alone = 0

    def outcomes(self, found: Iterable[SourceFile | Labelled]) -> Iterator[Labelled]:
        """The outcome of each file in `found`, in their places among the outcomes that are there already.

        Raises:
            OperationalError: no process can be started.
        """
        waiting: deque[_Place] = deque()
        for each in self._places(found):
            waiting.append(each)
            while waiting and self._is_due(waiting):
                yield self._settled(*waiting.popleft())
        while waiting:
            yield self._settled(*waiting.popleft())

    def close(self) -> None:
        """End the other processes."""
        if self._processes:
            self._processes.close()

    def _places(self, found: Iterable[SourceFile | Labelled]) -> Iterator[_Place]:
        """Outcomes of what is read here, and places for those of files that are handed over a batch at a time."""
        batch: list[Awaited] = []
        others = 0
        for each in found:
            if isinstance(each, SourceFile) and self._processes and self._alone >= _ALONE:
                outcome: Future[Outcome] = Future()
                batch.append((each, outcome))
                self._in_flight += 1
                yield each.label, outcome
            else:
                others += 1
                yield self._here(each)
            if len(batch) == _BATCH or others >= _PATIENCE:
                self._hand_over(batch)
                batch, others = [], 0
        self._hand_over(batch)

    def _here(self, each: SourceFile | Labelled) -> Labelled:
        if not isinstance(each, SourceFile):
            return each
        self._alone += 1
        return each.label, self._read(each)

    def _hand_over(self, batch: list[Awaited]) -> None:
        if batch and self._processes:
            self._processes.hand_over(batch)

    def _is_due(self, waiting: deque[_Place]) -> bool:
        """Whether the first outcome is there, or has to be waited for lest too many are held or read ahead.

        So many are held only when the first was handed over: a batch is, long before.
        """
        outcome = waiting[0][1]
        if not isinstance(outcome, Future) or outcome.done():
            return True
        return len(waiting) > _HELD or self._in_flight > self._most_in_flight

    def _settled(self, label: str, outcome: Outcome | Future[Outcome]) -> Labelled:
        if not isinstance(outcome, Future):
            return label, outcome
        self._in_flight -= 1
        return label, outcome.result()
