"""Fast exit of short commands.

The overhead of the interpreter matters for a command that runs often and briefly: collecting garbage that is freed at
exit anyway, and tearing down five hundred modules one by one.
"""

from __future__ import annotations

import gc
import os
import sys

from harbor_search.cli.faults import INTERRUPTED

__all__ = ["Process", "process"]


class Process:
    """This process, if it is dedicated to one command, which is not so when a test or another program runs it.

    A brief command must close everything before it returns.
    """

    def __init__(self) -> None:
        self._ours = False
        self._brief = False

    def take(self) -> None:
        """Declare that this process is dedicated to one command."""
        self._ours = True

    def be_brief(self) -> None:
        """Declare that the command is brief and needs no cleanup at exit; disables garbage collection."""
        if self._ours:
            self._brief = True
            gc.disable()

    def leave(self, ending: SystemExit) -> None:
        """Exit at once if the command was brief or interrupted; otherwise return, for a normal exit.

        If an interrupt came while Python executed generated source, as it does for dataclasses, `python -m` would raise
        the signal again at exit.
        """
        at_once = self._brief or (self._ours and ending.code == INTERRUPTED)
        if at_once and isinstance(ending.code, int):
            self.drop_unwritten()
            os._exit(ending.code)

    def drop_unwritten(self) -> None:
        """Flush the output; drop what cannot be written, as the error was reported and would be reported again."""
        for stream in (sys.stdout, sys.stderr):
            try:
                if stream:  # None if the caller closed it
                    stream.flush()
            except OSError:
                if self._ours:
                    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


process = Process()
