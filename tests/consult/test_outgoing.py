"""What we ask of other servers ends in time, stays small, and does not reach the local network."""

import gzip
import socket
import subprocess
import time
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path

import pytest

from consult import outgoing
from consult.outgoing import Answer, Limits, NotAnsweredError, ask, may_connect
from tests.consult.other_servers import Act, leads, says, server
from tests.tools import openssl

LIMITS = Limits(seconds_max=20, bytes_max=1_000)
HURRY = Limits(seconds_max=0.5, bytes_max=1_000)


def refused(address: str, limits: Limits = LIMITS, **given: bytes) -> str:
    """Return why there was no answer, which has to be known soon."""
    began = time.monotonic()
    with pytest.raises(NotAnsweredError) as raised:
        ask(address, limits, body=given.get("body"))
    assert time.monotonic() - began < limits.seconds_max + 5
    return str(raised.value)


def test_an_answer_is_its_status_and_its_body():
    with server(says(b"yes", 200)) as address:
        assert ask(address, LIMITS) == Answer(200, b"yes")
    with server(says(b"no", 409)) as address:
        assert ask(address, LIMITS, body=b"well?") == Answer(409, b"no")


def test_nobody_there_is_said_plainly():
    assert refused("http://127.0.0.1:9/") == "[Errno 111] Connection refused"
    assert "not known" in refused("http://nobody.invalid/")
    for address in ("ftp://127.0.0.1/", "file:///etc/passwd", "nowhere"):
        assert refused(address)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://localhost:{port}/",
        "http://127.0.0.2:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://0.0.0.0:{port}/",
        "http://2130706433:{port}/",
        "http://10.1.2.3/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/",
        "http://[64:ff9b::a9fe:a9fe]/",
    ],
)
def test_a_redirect_does_not_lead_to_this_machine_or_the_local_network(elsewhere: str):
    seen: list[str] = []

    def act(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.path)
        port = handler.server.server_address[1]
        leads(elsewhere.format(port=port))(handler)

    with server(act) as address:
        assert "leads to a private address" in refused(f"{address}/begin")
    assert seen == ["/begin"]


def test_a_host_in_the_settings_may_be_private_and_may_redirect_to_itself():
    def act(handler: BaseHTTPRequestHandler) -> None:
        (says(b"here") if handler.path == "/b" else leads("/b"))(handler)

    with server(act) as address:
        assert ask(f"{address}/a", LIMITS).body == b"here"


def test_redirects_end():
    with server(leads("/again")) as address:
        assert "Exceeded 3 redirects" in refused(address)


@pytest.mark.parametrize("status", [302, 303, 307, 308])
def test_what_is_sent_is_sent_nowhere_else(status: int):
    seen: list[str] = []

    def act(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.path)
        leads("/other", status)(handler)

    with server(act) as address:
        assert ask(f"{address}/one", LIMITS, body=b"secret").status == status
    assert seen == ["/one"]


PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
PRIVATE = (
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "224.0.0.1",
    "0.0.0.0",  # noqa: S104  to be refused
    "255.255.255.255", "::1", "::", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "2002:a00:1::",
    "64:ff9b::a00:1",
)  # fmt: skip
LINK_LOCAL = ("169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe")


def test_which_addresses_may_be_connected_to():
    for text in PUBLIC:
        assert may_connect(ip_address(text), "some.example", "other.example"), text
    for text in PRIVATE:
        assert not may_connect(ip_address(text), "some.example", "other.example"), text
        assert may_connect(ip_address(text), "some.example", "some.example"), text
    for text in LINK_LOCAL:
        assert not may_connect(ip_address(text), "some.example", "some.example"), text
    assert may_connect(ip_address("169.254.1.1"), "169.254.1.1", "169.254.1.1")


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(monkeypatch):
    """Also where the name server says something else the second time."""
    asked: list[object] = []
    looked_up = socket.getaddrinfo

    def rebinding(host: object, *given: object, **more: object) -> list[object]:
        if host != "rebinds.example":
            return list(looked_up(host, *given, **more))  # type: ignore[arg-type]  # passed on
        asked.append(host)
        where = "203.0.113.1" if len(asked) % 2 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (where, 80))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(outgoing, "may_connect", lambda address, *_: not address.is_loopback)
    with server(says(b"inside")) as address:
        port = address.rpartition(":")[2]
        refused(f"http://rebinds.example:{port}/", HURRY)
    assert len(asked) == 1


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65_536)


def endless_redirect(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/")
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65_536)


@pytest.mark.parametrize("act", [endless, endless_redirect])
def test_a_body_without_an_end_is_read_up_to_the_limit(act: Act):
    with server(act) as address:
        assert refused(address) == "it sends more than 1000 bytes"


def test_a_body_of_the_limit_is_whole_and_one_byte_more_is_refused():
    with server(says(b"x" * 1_000)) as address:
        assert len(ask(address, LIMITS).body) == 1_000
    with server(says(b"x" * 1_001)) as address:
        assert "more than 1000 bytes" in refused(address)


def test_a_small_body_that_expands_is_counted_as_it_expands():
    packed = gzip.compress(b"x" * 50_000_000)
    with server(says(packed, **{"Content-Encoding": "gzip"})) as address:
        assert "more than 1000 bytes" in refused(address)


def silent(_: BaseHTTPRequestHandler) -> None:
    time.sleep(30)


def slow_head(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.05)


def slow_body(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "900")
    handler.end_headers()
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.05)


def slow_body_without_length(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.05)


SLOW = (silent, slow_head, slow_body, slow_body_without_length)


@pytest.mark.parametrize("act", SLOW)
def test_whatever_comes_slowly_ends_in_time(act: Act):
    with server(act) as address:
        assert refused(address, HURRY) == "it takes too long to answer"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 alone, that no authority has signed."""
    path = tmp_path_factory.mktemp("certificate") / "own.pem"
    subprocess.run(
        [openssl(), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
         path.with_suffix(".key"), "-out", path],
        check=True, capture_output=True,
    )  # fmt: skip
    return path


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path):
    with server(says(b"yes"), certificate=certificate) as address:
        assert "certificate verify failed" in refused(address)


def test_a_town_may_vouch_for_its_own_certificates_and_only_for_their_names(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with server(says(b"yes"), certificate=certificate) as address:
        assert ask(address, LIMITS).body == b"yes"
        assert "Hostname mismatch" in refused(address.replace("127.0.0.1", "localhost"))


@pytest.mark.parametrize("act", SLOW)
def test_what_is_encrypted_ends_in_time_too(
    act: Act, certificate: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with server(act, certificate=certificate) as address:
        assert refused(address, HURRY) == "it takes too long to answer"


def test_nothing_goes_from_encrypted_to_plain(certificate: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with (
        server(says(b"plain")) as plain,
        server(leads(plain), certificate=certificate) as address,
    ):
        assert ask(address, LIMITS).status == 302


def test_a_proxy_that_the_environment_names_connects_for_us(monkeypatch: pytest.MonkeyPatch):
    seen: list[str] = []

    def act(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.path)
        says(b"through")(handler)

    with server(act) as address:
        monkeypatch.setenv("HTTP_PROXY", address)
        monkeypatch.setenv("http_proxy", address)
        assert ask("http://relay.example/round", LIMITS).body == b"through"
    assert seen == ["http://relay.example/round"]
