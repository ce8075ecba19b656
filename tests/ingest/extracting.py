"""What reads files in the tests of extraction, in a module that other processes can import."""

from __future__ import annotations

import os
import time
from pathlib import Path

from harbor_search.ingest import Outcome, Skipped
from harbor_search.ingest.sources.files import SourceFile

__all__ = ["EndsWhereItIsRead", "answer"]


def answer(file: SourceFile, *, deadly: str = "", once: Path | None = None, endless: str = "") -> Outcome:
    """Who reads `file`; the process ends at `deadly`, or only until `once` is there, and stays at `endless`."""
    if file.name == deadly and not (once and once.exists()):
        if once:
            once.touch()
        os._exit(1)
    if file.name == endless:
        time.sleep(600)
    return Skipped(file.label, f"read by {os.getpid()}")


class EndsWhereItIsRead:
    """Ends the process that it is sent to."""

    def __call__(self, file: SourceFile) -> Outcome:
        return Skipped(file.label, "read")

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (1,)
