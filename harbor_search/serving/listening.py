"""Where the server listens."""

from __future__ import annotations

import os
import socket

from harbor_search.errors import OperationalError, UserError

__all__ = ["BACKLOG", "listen"]

BACKLOG = 1024
"""Connections that may wait to be accepted: a burst, or the second that a first worker takes to be ready."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on `port` of `host`; port 0 takes a free one.

    Raises:
        UserError: the host is not an address of this machine.
        OperationalError: the port is taken or not permitted.
    """
    try:
        family, kind, _, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise UserError(f"{host!r} is no address of this machine: {error.strerror}", where="host") from error
    listener = socket.socket(family, kind)
    if os.name == "posix":
        # Connections of a server that ended a moment ago do not count as in use.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(target)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise OperationalError(
            f"cannot listen on {host} port {port}: {error.strerror}; choose another with --port (0: a free one)"
        ) from error
    listener.setblocking(False)
    return listener
