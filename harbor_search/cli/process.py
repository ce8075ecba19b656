"""The process of a command that answers one question and is over.

Such a command is asked again and again, and what the interpreter does around it counts: collecting garbage
that the end of the process removes anyway, and taking half a thousand modules apart one by one.
"""

from __future__ import annotations

import gc
import os
import sys

from harbor_search.cli.faults import INTERRUPTED

__all__ = ["Process", "process"]


class Process:
    """This process, as far as the program may treat it as its own: not where a test or another program runs a command.

    A command that says it is brief must have closed, when it returns, whatever has to be closed.
    """

    def __init__(self) -> None:
        self._ours = False
        self._brief = False

    def take(self) -> None:
        """Say that this process has no other purpose than one command."""
        self._ours = True

    def be_brief(self) -> None:
        """Say that the command is over soon, and holds nothing that needs to be tidied up at the end."""
        if self._ours:
            self._brief = True
            gc.disable()

    def leave(self, ending: SystemExit) -> None:
        """End the process at once if the command was brief or interrupted; else return, to end as processes do.

        Where an interrupt came while Python ran a source text, as it does to make a dataclass, `python -m` would
        raise the signal once more at the end.
        """
        at_once = self._brief or (self._ours and ending.code == INTERRUPTED)
        if at_once and isinstance(ending.code, int):
            self.drop_unwritten()
            os._exit(ending.code)

    def drop_unwritten(self) -> None:
        """Flush what is printed; what cannot be written was reported, and the interpreter would do so once more."""
        for stream in (sys.stdout, sys.stderr):
            try:
                if stream:  # not where the caller closed it
                    stream.flush()
            except OSError:
                if self._ours:
                    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


process = Process()
