"""The front door passes requests and answers on whole, and lends threads to nobody who is slow."""

import hashlib
import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

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
