"""The channel between supervisor and worker: short messages, some with the socket of a connection.

It is a Unix socket pair, over which file descriptors can be passed (SCM_RIGHTS); each side notices the other's death by
the end of the stream.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from enum import IntEnum

__all__ = ["Channel", "Kind", "Message"]

_FORMAT = struct.Struct("!BI")


class Kind(IntEnum):
    """The kind of a message; the meaning of its number is in brackets."""

    CONNECTION = 1  # a connection (with its socket)
    HAND_BACK = 2  # to a worker: hand back so many connections (how many)
    LEAVE = 3  # to a worker: hand back every connection once it is idle, then exit
    STOP = 4  # to a worker: answer pending requests, close every connection, then exit
    READY = 5  # from a worker: it can take connections
    ACCEPTED = 6  # from a worker: it has one more of the connections that it was sent
    CLOSED = 7  # from a worker: so many of its connections are closed (how many)


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `descriptor` is owned by the receiver (-1: none)."""

    kind: Kind
    number: int = 0
    descriptor: int = -1


class Channel:
    """One end of the channel. It never blocks; use `fileno` with a selector."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)
        self._end = end

    def fileno(self) -> int:
        """The descriptor to select on."""
        return self._end.fileno()

    def send(self, kind: Kind, number: int = 0, descriptor: int = -1) -> bool:
        """Send a message; False if the other side is gone or its buffer is full."""
        try:
            socket.send_fds(self._end, [_FORMAT.pack(kind, number)], [] if descriptor < 0 else [descriptor])
        except OSError:
            return False
        return True

    def receive(self) -> Message:
        """Receive the next message.

        Raises:
            BlockingIOError: there is none.
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
