"""The listening socket of the server."""

from __future__ import annotations

import os
import socket
from collections.abc import MutableMapping

from harbor_search.errors import OperationalError, UserError

__all__ = ["BACKLOG", "handed_over", "listen"]

_FIRST = 3
"""The first descriptor of sockets passed by systemd (SD_LISTEN_FDS_START)."""

BACKLOG = 1024
"""Connections that may wait to be accepted: a burst, or those of the second until the first worker is ready."""


def handed_over(environment: MutableMapping[str, str]) -> socket.socket | None:
    """The socket that systemd opened for this process (`deploy/harbor-search.socket`); None if there is none.

    It stays open between the end of one server and the start of the next, so that no connection is refused. Its
    variables are removed from `environment`, as they are not meant for child processes.

    Raises:
        OperationalError: there are several sockets, or it is not a listening TCP socket.
    """
    given = [environment.pop(name, "") for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")]
    if given[0] != str(os.getpid()) or not given[1]:
        return None
    if given[1] != "1":
        raise OperationalError(f"{given[1]} sockets were handed over, and the server listens on one; list one address")
    listener = socket.socket(fileno=_FIRST)
    tcp = listener.family in (socket.AF_INET, socket.AF_INET6) and listener.type == socket.SOCK_STREAM
    if not tcp or not listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        raise OperationalError("the socket that was handed over does not listen for TCP; ListenStream= takes host:port")
    listener.setblocking(False)
    return listener


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on `port` of `host`; port 0 chooses a free one.

    Raises:
        UserError: the host is not an address of this machine.
        OperationalError: the port is in use or not permitted.
    """
    try:
        family, kind, _, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise UserError(f"{host!r} is no address of this machine: {error.strerror}", where="host") from error
    listener = socket.socket(family, kind)
    if os.name == "posix":
        # Closed connections of a previous server (TIME_WAIT) do not block the port.
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
