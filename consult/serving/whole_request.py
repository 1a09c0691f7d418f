"""Read a whole request within limits of size and time, and build its WSGI environment."""

import asyncio
from typing import Any, NamedTuple

from consult.wording.language import N_

GRACE_SECONDS = 15.0
"""How long a body may take at any rate."""

LEAST_BYTES_PER_SECOND = 4_000
"""The minimum rate after that: half of that of a very slow telephone line."""

SMALL_BYTES = 60_000
"""Bodies that arrive within the grace period at the minimum rate, so are read in one piece."""

HELD_BYTES_MAX = 256_000_000
"""The memory that one process reserves for bodies."""

SPOKEN = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "folkmoot",
    "GATEWAY_INTERFACE": "CGI/1.1",
    "wsgi.version": (1, 0),
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
}
BARE = frozenset(("CONTENT_TYPE", "CONTENT_LENGTH"))
DROPPED = frozenset(("CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING"))


class Refusal(NamedTuple):
    """The error response for a request that is not passed on."""

    status: int
    says: str
    headers: tuple[tuple[str, str], ...] = ()


GONE = Refusal(0, "")
"""The connection is closed, so there is no response."""

TOO_SLOW = Refusal(
    408, N_("What you sent came too slowly, so nothing was recorded. Go back and send it again.")
)
TOO_LARGE = Refusal(
    413, N_("That was too much to send at once, so nothing was recorded. Go back and shorten it.")
)
NO_ROOM = Refusal(
    503,
    N_("Too many people are sending files at this moment, so nothing was recorded. Try again."),
    (("Retry-After", "15"),),
)
UNREADABLE = Refusal(400, N_("We could not read what your browser sent"))


class Body(NamedTuple):
    """A request body. `held`: the bytes of memory reserved for it."""

    content: bytes
    refusal: Refusal | None = None
    held: int = 0


class RequestReader:
    """Reads bodies, in one event loop."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._held = 0

    async def read(self, headers: Any, protocol: Any) -> Body:
        """Read one body; one that is too large, too slow or incomplete has a refusal."""
        length = _length(headers)
        if length is None:
            return Body(b"", UNREADABLE)
        if length > self._bytes_max:
            return Body(b"", TOO_LARGE)
        # A body without a length may have up to the maximum.
        reserved = length if length >= 0 else self._bytes_max
        if self._held + reserved > HELD_BYTES_MAX:
            return Body(b"", NO_ROOM)
        self._held += reserved
        body = Body(b"", GONE)
        try:
            content = await self._take(length, protocol)
            body = Body(content, None if length in {-1, len(content)} else GONE, reserved)
        except TimeoutError:
            body = Body(b"", TOO_SLOW)
        except ValueError:
            body = Body(b"", TOO_LARGE)
        except RuntimeError:  # raised by the server when the connection is closed
            body = Body(b"", GONE)
        finally:
            if body.refusal is not None:
                self._held -= reserved
        return body

    def release(self, body: Body) -> None:
        """Release the reserved memory of a body."""
        self._held -= body.held

    async def _take(self, length: int, protocol: Any) -> bytes:
        loop = asyncio.get_running_loop()
        began_at = loop.time()
        async with asyncio.timeout_at(began_at + GRACE_SECONDS) as deadline:
            if 0 <= length <= SMALL_BYTES:
                return bytes(await protocol())
            parts = []
            came = 0
            async for part in protocol:
                came += len(part)
                if came > self._bytes_max:
                    raise ValueError
                parts.append(part)
                deadline.reschedule(began_at + GRACE_SECONDS + came / LEAST_BYTES_PER_SECOND)
            return b"".join(parts)


def _length(headers: Any) -> int | None:
    """Return the Content-Length of a request; -1 if there is none, None if it is invalid."""
    given = headers.get("content-length")
    if given is None:
        return -1
    return int(given) if given.isascii() and given.isdigit() and len(given) < 20 else None  # noqa: PLR2004  more digits than any size has


def environ_of(scope: Any, length: int) -> dict[str, Any]:
    """Return the WSGI environment of a request whose body has this length."""
    environ: dict[str, Any] = dict(SPOKEN)
    for name, value in scope.headers.items():
        if "_" in name:  # would be taken for a proxy's header with a hyphen
            continue
        key = name.upper().replace("-", "_")
        if key not in BARE:
            key = f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    for key in DROPPED:
        environ.pop(key, None)
    host, _, port = scope.server.rpartition(":")
    client, _, client_port = scope.client.rpartition(":")
    if length:
        environ["CONTENT_LENGTH"] = str(length)
    environ["REQUEST_METHOD"] = scope.method
    environ["PATH_INFO"] = scope.path.encode().decode("latin-1")
    environ["QUERY_STRING"] = scope.query_string
    environ["SERVER_NAME"] = host.strip("[]")
    environ["SERVER_PORT"] = port
    environ["SERVER_PROTOCOL"] = f"HTTP/{scope.http_version}"
    environ["REMOTE_ADDR"] = client.strip("[]")
    environ["REMOTE_PORT"] = client_port
    environ["wsgi.url_scheme"] = scope.scheme
    return environ
