"""One web process: the server, the front door and the application."""

import asyncio
import resource
import signal
import socket
import sys
import threading
from typing import Any

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from consult.config import Config
from consult.connections import THREADS
from consult.people.answers.attachments import FILES_BYTES_MAX
from consult.serving.front_door import FrontDoor
from consult.serving.listening import BACKLOG
from consult.serving.opening import Opening
from consult.web.answering.answer_files import MORE_BYTES

CONNECTIONS_MAX = 2_000
"""Connections of one process: each costs some memory, but no thread."""

SPARE_FILES = 500
HEAD_MILLISECONDS_MAX = 10_000
"""The timeout for the head of a request, also between two requests of a connection."""

HEAD_BYTES_MAX = 65_536
OPEN_SECONDS_MAX = 60.0
"""How long a process opens its application before it shows the starting page."""

SWITCH_SECONDS = 0.002
"""The switch interval: the server's thread needs the interpreter lock at every request."""


class SharedSocketServer(Server):
    """The server in this process, on a socket bound by its parent."""

    def __init__(self, door: FrontDoor, listening: socket.socket) -> None:
        super().__init__(
            target=door,
            interface=Interfaces.RSGI,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(
                header_read_timeout=HEAD_MILLISECONDS_MAX, max_buffer_size=HEAD_BYTES_MAX
            ),
            websockets=False,
            backlog=BACKLOG,
            backpressure=connections_max(),
            log_level=LogLevels.error,
        )
        self._listening = listening

    def _init_shared_socket(self) -> None:
        # As the server does without SO_REUSEPORT: all processes accept from one socket.
        descriptor = self._listening.fileno()
        holder: Any = SocketHolder  # its type stubs declare another constructor
        self._ssp: Any = None
        self._shd: Any = holder(descriptor, False, BACKLOG)
        self._sfd: Any = descriptor


def connections_max() -> int:
    """Raise the limit of open files as far as allowed; return how many connections fit."""
    wanted = CONNECTIONS_MAX + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS_MAX if soft == resource.RLIM_INFINITY else min(CONNECTIONS_MAX, soft // 2)


def run(config: Config, listening: socket.socket, threads: int = THREADS) -> None:
    """Serve pages with so many threads until SIGTERM."""
    bytes_max = max(config.request_bytes_max, FILES_BYTES_MAX + MORE_BYTES)
    opening = Opening(
        config, lambda application: setattr(door, "application", application), threads
    )
    door = FrontDoor(opening, bytes_max=bytes_max, threads=threads)
    threading.Thread(target=opening.run, name="opening", daemon=True).start()
    # Until then other processes accept connections, or these wait in the backlog.
    opening.is_known.wait(OPEN_SECONDS_MAX)
    serve_behind(door, listening)
    opening.stop.set()
    if opening.services is not None:
        opening.services.close()


def serve_behind(door: FrontDoor, listening: socket.socket) -> None:
    """Serve the application of a front door until SIGTERM."""
    sys.setswitchinterval(SWITCH_SECONDS)
    asyncio.run(_serve(SharedSocketServer(door, listening)))


async def _serve(server: Any) -> None:
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()
