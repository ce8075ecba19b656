"""Where the server listens."""

from __future__ import annotations

import os
import socket
from collections.abc import MutableMapping

from harbor_search.errors import OperationalError, UserError

__all__ = ["BACKLOG", "handed_over", "listen"]

_FIRST = 3
"""The descriptor at which sockets that are handed over begin (sd_listen_fds of systemd)."""

BACKLOG = 1024
"""Connections that may wait to be accepted: a burst, or the second that a first worker takes to be ready."""


def handed_over(environment: MutableMapping[str, str]) -> socket.socket | None:
    """The socket that systemd opened for this process (`deploy/harbor-search.socket`); None where it opened none.

    It stays open while one server ends and the next one starts, so that nobody who connects meanwhile is refused. What
    says so is taken out of `environment`, as it is not meant for processes that this one starts.

    Raises:
        OperationalError: there are several sockets, or it does not listen for TCP.
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
