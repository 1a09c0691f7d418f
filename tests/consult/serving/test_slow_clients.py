"""People who are slow, whatever they are slow at, keep nobody else waiting."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.consult.serving.sites import Site, running

SLOW = 200


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with running(f"sqlite:///{folder}/folkmoot.db", folder) as site:
        yield site.ready()


def connected(site: Site, stack: ExitStack, sends: bytes) -> socket.socket:
    client = stack.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=60))
    client.sendall(sends)
    return client


FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
HEADS = b"POST /receipt HTTP/1.1\r\nHost: 127.0.0.1\r\n" + FORM
SLOWNESS = {
    "at the head": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "at the body": HEADS + b"Content-Length: 500\r\n\r\ncode=",
    "at a body without a length": HEADS + b"Transfer-Encoding: chunked\r\n\r\n5\r\ncode=\r\n",
    "at a large body": HEADS + b"Content-Length: 500000\r\n\r\ncode=",
    "at reading": b"GET /privacy HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20,
    "at anything": b"",
}


Waited = tuple[bytes, float]
TOO_SLOW = ("at the head", "at the body", "at a body without a length", "at anything")


@pytest.fixture(scope="module", autouse=True)
def too_slow(site: Site) -> Iterator[dict[str, Future[Waited]]]:
    """What clients are told that never go on, and after how many seconds.

    The site gives them a quarter of a minute, in which the other tests are run.
    """
    with ExitStack() as stack, ThreadPoolExecutor(len(TOO_SLOW)) as threads:
        yield {
            how: threads.submit(answer_of, connected(site, stack, SLOWNESS[how]))
            for how in TOO_SLOW
        }


def answer_of(client: socket.socket) -> Waited:
    began_at = time.monotonic()
    client.settimeout(90)
    answer = b""
    while part := client.recv(65_536):
        answer += part
    return answer, time.monotonic() - began_at


@pytest.mark.parametrize("how", SLOWNESS)
def test_others_are_served_while_200_are_slow(site: Site, how: str):
    usual = sorted(_seconds(site) for _ in range(10))[5]
    with ExitStack() as stack:
        clients = [connected(site, stack, SLOWNESS[how]) for _ in range(SLOW)]
        time.sleep(0.5)
        waits = []
        for client in clients[:10]:
            if "body" in how:
                client.sendall(b"x" if "without" not in how else b"1\r\nx\r\n")
            waits.append(_seconds(site))
    assert sorted(waits)[5] < max(1.0, 10 * usual)


def _seconds(site: Site) -> float:
    began_at = time.perf_counter()
    status, _page = site.get("/")
    assert status == 200
    return time.perf_counter() - began_at


def test_a_body_that_is_too_large_is_refused_before_it_comes(site: Site):
    with ExitStack() as stack:
        client = connected(site, stack, HEADS + b"Content-Length: 900000000\r\n\r\ncode=")
        assert client.recv(4_096).startswith(b"HTTP/1.1 413")


def test_a_body_that_comes_in_pieces_arrives_whole(site: Site):
    with ExitStack() as stack:
        client = connected(site, stack, HEADS + b"Transfer-Encoding: chunked\r\n\r\n")
        for part in (b"code=", b"AAAA-BBBB", b"-CCCC-DDDD"):
            client.sendall(b"%x\r\n%s\r\n" % (len(part), part))
            time.sleep(0.05)
        client.sendall(b"0\r\n\r\n")
        answer = client.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 400"), answer[:100]  # no form was opened before: no token


@pytest.mark.parametrize(
    "path",
    ["/no%20such%C3%A9", "/%ff%fe", "/c/%2e%2e/x", "/c/a%2Fb", "//x", "/?q=%ff", "/cy/nid"],
)
def test_odd_addresses_are_answered_with_a_page(site: Site, path: str):
    status, page = site.get(path)
    assert status in {200, 404}
    assert "<h1" in page


def test_a_header_with_an_underscore_does_not_pass_for_one_of_a_proxy(site: Site):
    with ExitStack() as stack:
        client = connected(
            site, stack, b"GET /cy/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent_Length: 12\r\n\r\n"
        )
        assert client.recv(4_096).startswith(b"HTTP/1.1 200")


def test_who_is_too_slow_is_told_so_and_the_connection_ends(
    site: Site, too_slow: dict[str, Future[Waited]]
):
    """It stands last, so that the others have been run meanwhile."""
    answers = {how: told.result() for how, told in too_slow.items()}
    assert all(seconds < 60 for _answer, seconds in answers.values())
    for how in ("at the body", "at a body without a length"):
        answer, _seconds = answers[how]
        assert answer.startswith(b"HTTP/1.1 408"), answer
        assert b"came too slowly" in answer
        assert b"yn rhy araf" in answer
    assert site.get("/")[0] == 200
