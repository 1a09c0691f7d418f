"""The listening socket that all web processes share, bound once by their parent process."""

import errno
import socket
from contextlib import suppress

from events.errors import Refused

BACKLOG = 2_048
"""Connections that wait until a web process accepts them, also while one restarts."""

UNREAD_SECONDS_MAX = 30
"""How long sent data may stay unacknowledged before the connection is dropped."""


class CannotListen(Refused):
    """The address is in use, or not one of this machine."""


def listen(host: str, port: int) -> socket.socket:
    """Listen on an address exclusively. Raises CannotListen.

    The web processes accept from this one socket: connections do not wait for a process that
    has died, and a second server cannot share the port, as it could with SO_REUSEPORT.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _cannot(host, port, error) from error
    try:
        # Allows binding while connections of an earlier server are in TIME_WAIT.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(AttributeError, OSError):  # accepted connections inherit it on Linux
            milliseconds = UNREAD_SECONDS_MAX * 1_000
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise _cannot(host, port, error) from error
    return listening


def _cannot(host: str, port: int, error: OSError) -> CannotListen:
    if error.errno == errno.EADDRINUSE:
        return CannotListen(
            "Another program already listens on {host}, port {port}; it may be a consult serve "
            "with another database. Nothing was started. Stop it, or choose another --port.",
            host=host,
            port=port,
        )
    return CannotListen(
        "It is not possible to listen on {host}, port {port}: {reason}. Nothing was started.",
        host=host,
        port=port,
        reason=error.strerror or str(error),
    )
