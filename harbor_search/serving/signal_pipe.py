"""Signals that a selector waits for, as it waits for sockets."""

from __future__ import annotations

import signal
import socket
from collections import deque
from contextlib import suppress

__all__ = ["SignalPipe"]


class SignalPipe:
    """A context manager that makes SIGTERM, SIGINT and SIGHUP selectable (the self-pipe trick)."""

    _NUMBERS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def __init__(self, into: deque[int]) -> None:
        """The numbers of the signals go `into` a queue."""
        self._into = into
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)

    def fileno(self) -> int:
        """The descriptor that can be read when a signal has come."""
        return self._reader.fileno()

    def drain(self) -> None:
        """Read what signals have written, so that the selector waits for the next one."""
        with suppress(BlockingIOError):
            while self._reader.recv(64):
                pass

    def __enter__(self) -> SignalPipe:
        self._before = {number: signal.signal(number, self._note) for number in self._NUMBERS}
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def _note(self, number: int, _: object) -> None:
        self._into.append(number)
