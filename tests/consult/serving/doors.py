"""A front door in a process of its own, before a small application that needs no database."""

import multiprocessing
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from consult.serving.front_door import FrontDoor
from consult.serving.listening import listen
from consult.serving.web_process import serve_behind

FILE_BYTES = 20_000_000
STREAM_BYTES = 9_000_000


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/broken":
        raise RuntimeError("the application itself is broken")
    if path == "/file":
        file = Path(environ["QUERY_STRING"]).open("rb")  # noqa: SIM115  closed by the server
        start_response("200 OK", [("Content-Length", str(FILE_BYTES)), ("ETag", '"x"')])
        return environ["wsgi.file_wrapper"](file)
    if path == "/stream":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (b"0123456789" * 100 for _ in range(STREAM_BYTES // 1_000))
    body = environ["wsgi.input"].read()
    said = f"{environ['REQUEST_METHOD']} {path} {len(body)} {environ.get('CONTENT_LENGTH')}"
    said += f" {environ['wsgi.url_scheme']} {environ['REMOTE_ADDR']} {environ['HTTP_HOST']}"
    said += f" {environ.get('HTTP_X_TWICE')} {environ['QUERY_STRING']}"
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [said.encode("latin-1")]


def run(listening: socket.socket) -> None:
    serve_behind(FrontDoor(application, bytes_max=1_000_000), listening)


@contextmanager
def door() -> Iterator[int]:
    """Give the port of a door while a test lasts."""
    with listen("127.0.0.1", 0) as listening:
        process = multiprocessing.get_context("spawn").Process(target=run, args=(listening,))
        process.start()
        try:
            yield listening.getsockname()[1]
        finally:
            process.terminate()
            process.join(60)
            process.kill()
            process.close()


def ask(port: int, path: str, method: str = "GET", **more: Any) -> tuple[int, Any, bytes]:
    """Status, headers and content of an answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, **more)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers, content
