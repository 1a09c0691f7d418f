"""RSGI adapter of the WSGI application: buffer whole requests, then run a worker thread.

Worker threads are expensive, so there are few (`consult.connections`). A request gets one only
when it has arrived completely, and does not keep it while the client reads the response slowly. The
server (granian, RSGI interface) reads and writes all connections in one thread of its own.
"""

import asyncio
import io
import logging
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

from consult.connections import THREADS
from consult.serving.whole_request import (
    GONE,
    Body,
    Refusal,
    RequestReader,
    environ_of,
)
from consult.wording.language import gettext, in_language, names

LOG = logging.getLogger(__name__)

SERVER_ERROR = 500
MEMORY_BYTES_MAX = 4_000_000
"""The size of a response kept in memory; a larger one is spooled to a temporary file."""

OPEN_SECONDS = 30.0
PLAIN = [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")]

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class FileOnDisk:
    """The application's response for a file (wsgi.file_wrapper): the server sends it itself."""

    def __init__(self, file: Any, _block_size: int = 0) -> None:
        self.file = file
        self.path = str(file.name)

    def __iter__(self) -> Any:
        """Iterate over the content, for servers without support for files."""
        return iter(lambda: self.file.read(1 << 16), b"")

    def close(self) -> None:
        """Close the file."""
        self.file.close()


class Work(NamedTuple):
    """A whole request queued for a worker thread."""

    scope: Any
    protocol: Any
    body: bytes
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[None]


class FrontDoor:
    """An RSGI application around a WSGI one.

    `application`: may be replaced at any time, such as the one that says that the service is
    starting by the real one.
    """

    def __init__(self, application: WsgiApp, *, bytes_max: int, threads: int = THREADS) -> None:
        self.application = application
        self._reader = RequestReader(bytes_max)
        self._waiting: SimpleQueue[Work] = SimpleQueue()
        for number in range(threads):
            threading.Thread(target=self._work, name=f"page {number}", daemon=True).start()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Handle one request."""
        if scope.proto != "http":
            return
        headers = scope.headers
        body = Body(b"")
        if "content-length" in headers or "transfer-encoding" in headers:
            body = await self._reader.read(headers, protocol)
        if body.refusal is not None:
            _refuse(protocol, body.refusal)
            return
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        try:
            self._waiting.put(Work(scope, protocol, body.content, loop, done))
            with suppress(asyncio.CancelledError):  # the server stops; the worker still responds
                await done
        finally:
            self._reader.release(body)

    def _work(self) -> None:
        while True:
            work = self._waiting.get()
            try:
                self._answer(work)
            except Exception:  # the application handles its own errors; this one is ours
                LOG.exception("A request could not be answered.")
                work.protocol.response_bytes(SERVER_ERROR, PLAIN, b"Sorry, that did not work.\n")
            finally:
                with suppress(RuntimeError):  # the loop has stopped with the server
                    work.loop.call_soon_threadsafe(_settle, work.done)

    def _send(self, work: Work, said: list[Any], answer: Iterable[bytes]) -> None:
        """Pass the response to the server, which sends it while this thread is free again."""
        pieces = iter(answer)
        parts: list[bytes] = []
        size = 0
        for piece in pieces:
            parts.append(piece)
            size += len(piece)
            if size > MEMORY_BYTES_MAX:
                path = _spooled(parts, pieces)
                work.protocol.response_file(*said, path)
                # By then the server has opened the file.
                work.loop.call_soon_threadsafe(work.loop.call_later, OPEN_SECONDS, _remove, path)
                return
        work.protocol.response_bytes(*said, b"".join(parts))

    def _answer(self, work: Work) -> None:
        said: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_trouble: Any) -> None:
            said[:] = [int(status[:3]), headers]

        environ = environ_of(work.scope, len(work.body))
        environ["wsgi.input"] = io.BytesIO(work.body)
        environ["wsgi.errors"] = sys.stderr
        environ["wsgi.file_wrapper"] = FileOnDisk
        answer = self.application(environ, start_response)
        try:
            if isinstance(answer, FileOnDisk):
                work.protocol.response_file(*said, answer.path)
            else:
                self._send(work, said, answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()


def _spooled(parts: list[bytes], rest: Iterator[bytes]) -> str:
    """Write a response that is too large for memory to a temporary file; return its path."""
    with tempfile.NamedTemporaryFile(prefix="folkmoot-answer-", delete=False) as file:
        file.writelines(parts)
        file.writelines(rest)
    return file.name


def _remove(path: str) -> None:
    Path(path).unlink(missing_ok=True)


def _settle(done: asyncio.Future[None]) -> None:
    if not done.done():  # the server may have dropped the connection
        done.set_result(None)


def _refuse(protocol: Any, refusal: Refusal) -> None:
    if refusal is GONE:
        return
    said = []
    for language in names():
        with in_language(language):
            said.append(f"{gettext(refusal.says)}\n")
    headers = [*PLAIN, *refusal.headers]
    protocol.response_bytes(refusal.status, headers, "".join(said).encode())
