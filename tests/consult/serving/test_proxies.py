"""The documented reverse proxies, as they stand in docs/proxy, before a real `consult serve`."""

import os
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.consult.serving.sites import Site, free_port, running, until
from tests.tools import CADDY, NGINX, need

DOCS = Path(__file__).parents[3] / "docs" / "proxy"
NAME = "haveyoursay.example.gov.uk"
PROXIES = {"nginx": NGINX, "caddy": CADDY}


class Proxy:
    def __init__(self, site: Site, port: int, certificate: Path) -> None:
        self.site = site
        self.port = port
        self.context = ssl.create_default_context(cafile=str(certificate))

    def get(self, path: str = "/", method: str = "GET", **more: object) -> HTTPResponse:
        connection = HTTPSConnection("127.0.0.1", self.port, timeout=90, context=self.context)
        connection.request(method, path, **more)
        answer = connection.getresponse()
        answer.content = answer.read()
        connection.close()
        return answer


def make_certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "fullchain.pem", folder / "privkey.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private


def nginx(folder: Path, ports: dict[str, int], certificate: Path, key: Path) -> list[str]:
    text = (DOCS / "nginx.conf").read_text()
    for old, new in {
        "listen 443 ": f"listen 127.0.0.1:{ports['https']} ",
        "listen 80;": f"listen 127.0.0.1:{ports['http']};",
        "127.0.0.1:8000": f"127.0.0.1:{ports['site']}",
        "/etc/ssl/haveyoursay/fullchain.pem": str(certificate),
        "/etc/ssl/haveyoursay/privkey.pem": str(key),
        f"server_name {NAME};": "server_name 127.0.0.1;",
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "logs").mkdir()
    (folder / "nginx.conf").write_text(text)
    where = f"daemon off; pid {folder}/pid; error_log stderr;"
    return ["-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", where]


def caddy(folder: Path, ports: dict[str, int], certificate: Path, key: Path) -> list[str]:
    text = (DOCS / "Caddyfile").read_text()
    for old, new in {
        "\nhaveyoursay.example.gov.uk {\n": (
            f"\nhttps://127.0.0.1:{ports['https']} {{\n\ttls {certificate} {key}\n"
        ),
        "{\n\tadmin off\n": f"{{\n\tadmin off\n\thttp_port {ports['http']}\n",
        "127.0.0.1:8000": f"127.0.0.1:{ports['site']}",
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "Caddyfile").write_text(text)
    return ["run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@contextmanager
def before(site: Site, program: str, folder: Path) -> Iterator[Proxy]:
    folder.mkdir()
    certificate, key = make_certificate(folder)
    ports = {"https": site.https_port, "http": free_port(), "site": site.port}
    run = need(PROXIES[program]) / PROXIES[program].runs[0]
    words = {"nginx": nginx, "caddy": caddy}[program](folder, ports, certificate, key)
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [run, *words], stdout=said, stderr=said, env=os.environ | {"HOME": str(folder)}
        )
        proxy = Proxy(site, ports["https"], certificate)
        proxy.plain = ports["http"]

        def answers() -> bool:
            assert process.poll() is None, (folder / "said").read_text()
            try:
                return bool(proxy.get("/").status)
            except OSError:
                return False

        try:
            until(answers)
            yield proxy
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    https_port = free_port()
    settings = {"FOLKMOOT_PUBLIC_URL": f"https://127.0.0.1:{https_port}", "FOLKMOOT_PROXIES": "1"}
    with running(f"sqlite:///{folder}/folkmoot.db", folder, **settings) as site:
        site.https_port = https_port
        yield site.ready()


@pytest.fixture(scope="module", params=PROXIES)
def proxy(
    request: pytest.FixtureRequest, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    with before(site, request.param, tmp_path_factory.mktemp("proxy") / "run") as proxy:
        yield proxy


def test_pages_come_over_tls_with_hsts_said_once(proxy: Proxy):
    answer = proxy.get("/cy/")
    assert answer.status == 200
    assert answer.headers.get_all("Strict-Transport-Security") == [
        "max-age=63072000; includeSubDomains"
    ]
    form = proxy.get("/receipt")
    assert "Secure" in form.headers["Set-Cookie"]
    assert form.headers["Set-Cookie"].startswith("__Host-")


def test_plain_http_leads_to_tls(proxy: Proxy):
    connection = HTTPConnection("127.0.0.1", proxy.plain, timeout=60)
    connection.request("GET", "/results?x=1", headers={"Host": "127.0.0.1"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status in {301, 308}
    assert answer.headers["Location"].startswith("https://127.0.0.1")
    assert answer.headers["Location"].endswith("/results?x=1")


def test_too_large_a_body_is_refused_and_a_form_gets_through(proxy: Proxy):
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert proxy.get("/receipt", "POST", body="code=x", headers=kind).status == 400
    large = f"POST /receipt HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {30_000_000}\r\n\r\n"
    with (
        socket.create_connection(("127.0.0.1", proxy.port), timeout=60) as plain,
        proxy.context.wrap_socket(plain, server_hostname="127.0.0.1") as client,
    ):
        client.sendall(large.encode())
        with suppress(OSError):  # the proxy may hang up before it has all of it
            for _ in range(30):
                client.sendall(bytes(1_000_000))
        assert b" 413 " in client.recv(100)


def test_others_are_served_while_many_are_slow(proxy: Proxy):
    head = b"POST /receipt HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500\r\n\r\ncode="
    with ExitStack() as stack:
        for _ in range(100):
            plain = stack.enter_context(socket.create_connection(("127.0.0.1", proxy.port)))
            client = stack.enter_context(
                proxy.context.wrap_socket(plain, server_hostname="127.0.0.1")
            )
            client.sendall(head)
        assert [proxy.get("/").status for _ in range(10)] == [200] * 10


@pytest.mark.parametrize("program", PROXIES)
def test_while_folkmoot_is_not_there_people_are_told_when_to_come_again(
    program: str, tmp_path: Path
):
    class Nobody:
        port = free_port()
        https_port = free_port()

    with before(Nobody(), program, tmp_path / "run") as proxy:
        answer = proxy.get("/")
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "15"
    assert b"Nothing was recorded" in answer.content
