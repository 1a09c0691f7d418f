"""One web process: the server, the front door and the application behind it."""

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
from consult.people.answers.attachments import FILES_BYTES_MAX
from consult.serving.front_door import FrontDoor
from consult.serving.listening import BACKLOG
from consult.serving.opening import Opening
from consult.web.answering.forms.answer_files import MORE_BYTES

CONNECTIONS_MAX = 2_000
"""Of one process: each costs some memory, none a thread."""

SPARE_FILES = 500
HEAD_MILLISECONDS_MAX = 10_000
"""How long somebody may take to send the head of a request, or nothing between two requests."""

HEAD_BYTES_MAX = 65_536
OPEN_SECONDS_MAX = 60.0
"""How long a process may open its application before it says that it is starting."""

SWITCH_SECONDS = 0.002
"""The server's thread asks for the interpreter lock at every request: it must not wait long."""


class SharedSocketServer(Server):
    """The server within this process, on a socket that was bound by another."""

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
        # What the server does where it has no SO_REUSEPORT: all processes accept from one socket.
        descriptor = self._listening.fileno()
        holder: Any = SocketHolder  # its types name another constructor than it has
        self._ssp: Any = None
        self._shd: Any = holder(descriptor, False, BACKLOG)
        self._sfd: Any = descriptor


def connections_max() -> int:
    """Return how many connections fit, after asking the system for as many files as it allows."""
    wanted = CONNECTIONS_MAX + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS_MAX if soft == resource.RLIM_INFINITY else min(CONNECTIONS_MAX, soft // 2)


def run(config: Config, listening: socket.socket) -> None:
    """Serve pages until told to end."""
    bytes_max = max(config.request_bytes_max, FILES_BYTES_MAX + MORE_BYTES)
    opening = Opening(config, lambda application: setattr(door, "application", application))
    door = FrontDoor(opening, bytes_max=bytes_max)
    threading.Thread(target=opening.run, name="opening", daemon=True).start()
    # Until then the others take whoever comes, or people wait a moment: nobody is sent away.
    opening.is_known.wait(OPEN_SECONDS_MAX)
    serve_behind(door, listening)
    opening.stop.set()
    if opening.services is not None:
        opening.services.close()


def serve_behind(door: FrontDoor, listening: socket.socket) -> None:
    """Serve what is behind a door until told to end."""
    sys.setswitchinterval(SWITCH_SECONDS)
    asyncio.run(_serve(SharedSocketServer(door, listening)))


async def _serve(server: Any) -> None:
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()
