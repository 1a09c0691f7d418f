"""The front door passes requests and answers on whole, and lends threads to nobody who is slow."""

import asyncio
import hashlib
import os
import socket
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from consult.serving.front_door import FrontDoor
from tests.consult.serving.doors import FILE_BYTES, STREAM_BYTES, ask, door


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with door() as port:
        yield port


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "large"
    path.write_bytes(os.urandom(FILE_BYTES))
    return path


def test_a_request_arrives_as_it_was_sent(port: int):
    headers = {"Host": "have.your.say", "X-Twice": "a"}
    _status, _headers, said = ask(
        port, "/%C3%A9/b%20c?q=%25", "POST", body=b"x" * 1_000, headers=headers
    )
    assert said.decode() == "POST /é/b c 1000 1000 http 127.0.0.1 have.your.say a q=%25"


def test_a_file_is_sent_whole_with_its_headers_once(port: int, file: Path):
    status, headers, content = ask(port, f"/file?{file}")
    assert status == 200
    assert headers.get_all("Content-Length") == [str(FILE_BYTES)]
    assert headers["ETag"] == '"x"'
    assert hashlib.sha256(content).digest() == hashlib.sha256(file.read_bytes()).digest()


def test_an_answer_without_an_end_in_sight_goes_over_the_disk(port: int):
    status, _headers, content = ask(port, "/stream")
    assert status == 200
    assert content == b"0123456789" * (STREAM_BYTES // 10)


def test_an_application_that_breaks_is_answered_for(port: int):
    status, _headers, content = ask(port, "/broken")
    assert (status, b"Sorry" in content) == (500, True)
    assert ask(port, "/x")[0] == 200


def test_whoever_reads_a_large_file_slowly_holds_up_nobody(port: int, file: Path):
    with ExitStack() as stack:
        for path in (f"/file?{file}", "/stream"):
            for _ in range(24):
                client = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                client.recv(100)
        began_at = time.monotonic()
        for _ in range(20):
            assert ask(port, "/x")[0] == 200
        assert time.monotonic() - began_at < 20


def on_a_loop_of_its_own(what: Coroutine[Any, Any, None]) -> None:
    """In a thread: where a browser was driven before, this one has a loop that runs."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, what).result(60)


def test_a_server_that_ends_while_a_page_is_made_ends_without_an_error(monkeypatch):
    """The answer was handed over; the loop that is told so may have ended before."""
    raised: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    let_go, answered = threading.Event(), []
    door = FrontDoor(lambda *_: [], bytes_max=10, threads=1)

    def answer(work: Any) -> None:
        let_go.wait(20)
        answered.append(work)

    monkeypatch.setattr(door, "_answer", answer)
    scope: Any = SimpleNamespace(proto="http", headers={})

    async def asked() -> None:
        request = asyncio.ensure_future(door.__rsgi__(scope, SimpleNamespace()))
        await asyncio.sleep(0.05)
        request.cancel()
        assert await asyncio.gather(request, return_exceptions=True) == [None]

    on_a_loop_of_its_own(asked())
    let_go.set()

    async def asked_again() -> None:
        await asyncio.wait_for(door.__rsgi__(scope, SimpleNamespace()), timeout=20)

    on_a_loop_of_its_own(asked_again())
    assert len(answered) == 2, "the thread went on"
    assert not raised
