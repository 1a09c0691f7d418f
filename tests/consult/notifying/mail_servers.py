"""Real mail servers on this machine: plain, with STARTTLS, with TLS; patient, rude or broken."""

import ipaddress
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TAKEN = "250 Taken"


class Box:
    """What a server was given. `answers`: what it says to each mail, in turn, then "taken"."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []
        self.refused: set[str] = set()
        self.users: list[str] = []
        self.encrypted: list[bool] = []
        self.before: Callable[[], None] = lambda: None

    async def handle_RCPT(  # noqa: N802  the name that the server calls
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address in self.refused:
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  as aiosmtpd calls it
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.before()
        answer = self.answers.pop(0) if self.answers else TAKEN
        if answer == TAKEN:
            content = envelope.content
            assert isinstance(content, bytes)
            self.mails.append(message_from_bytes(content, policy=policy.default))
            self.recipients += envelope.rcpt_tos
            self.encrypted.append(session.ssl is not None)
        return answer

    def sign_in(
        self, _server: object, _session: object, _envelope: object, _how: str, data: object
    ):
        user, password = data.login.decode(), data.password.decode()
        self.users.append(user)
        return AuthResult(success=password == "pa:ss@word", handled=False)


def certificate(folder: Path, host: str) -> ssl.SSLContext:
    """Make a certificate for an address of this machine; `folder`/trusted.pem says to trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, private = folder / "trusted.pem", folder / "private.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    return context


@contextmanager
def running(
    box: Box,
    *,
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    signs_in: bool = False,
) -> Iterator[int]:
    """Run a server; gives its port."""
    controller = Controller(
        box,
        hostname=host,
        port=_free_port(host),
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        authenticator=box.sign_in if signs_in else None,
        auth_required=signs_in and starttls is not None,
        auth_require_tls=tls is None,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _free_port(host: str) -> int:
    import socket

    with socket.socket() as free:
        free.bind((host, 0))
        return int(free.getsockname()[1])
