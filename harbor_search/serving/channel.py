"""The channel between the first process and a worker: short messages, some with a connection's socket.

A Unix socket pair carries them, so that a file descriptor can travel along (SCM_RIGHTS), and so that each side learns
of the other's end by the end of the stream.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from enum import IntEnum

__all__ = ["Channel", "Kind", "Message"]

_FORMAT = struct.Struct("!BI")


class Kind(IntEnum):
    """What a message says; the number beside it is in brackets."""

    CONNECTION = 1  # here is a connection (with its socket)
    GIVE = 2  # to a worker: hand back so many connections (how many)
    LEAVE = 3  # to a worker: hand back every connection when it is idle, then end
    STOP = 4  # to a worker: answer what was asked, close every connection, then end
    READY = 5  # from a worker: it can take connections
    TAKEN = 6  # from a worker: it has one more of the connections that it was sent
    CLOSED = 7  # from a worker: so many of its connections are closed (how many)


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `descriptor` belongs to the receiver (-1: none came along)."""

    kind: Kind
    number: int = 0
    descriptor: int = -1


class Channel:
    """One end. Nothing here waits: see `fileno` for when to receive."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)
        self._end = end

    def fileno(self) -> int:
        """The descriptor to watch."""
        return self._end.fileno()

    def send(self, kind: Kind, number: int = 0, descriptor: int = -1) -> bool:
        """Send a message, whole or not at all; False where the other side is gone or does not keep up."""
        try:
            socket.send_fds(self._end, [_FORMAT.pack(kind, number)], [] if descriptor < 0 else [descriptor])
        except OSError:
            return False
        return True

    def receive(self) -> Message:
        """The next message.

        Raises:
            BlockingIOError: there is none now.
            EOFError: the other side is gone.
        """
        try:
            data, descriptors, _, _ = socket.recv_fds(self._end, _FORMAT.size, 1)
        except BlockingIOError:
            raise
        except OSError as error:
            raise EOFError from error
        if len(data) < _FORMAT.size:
            raise EOFError
        kind, number = _FORMAT.unpack(data)
        return Message(Kind(kind), number, descriptors[0] if descriptors else -1)

    def close(self) -> None:
        """Close this end."""
        self._end.close()
