"""The configured mail server, and delivery of mails to it."""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from consult.people.mailboxes import addresses
from consult.people.mailboxes.addresses import BadEmail
from consult.people.mailboxes.outbox import Mail

TIMEOUT_SECONDS = 20.0
PORTS = {"smtp": 587, "smtps": 465}
NEARBY = frozenset({"localhost", "127.0.0.1", "::1"})
SENDER_NAME_LENGTH_MAX = 100
PERMANENT = 500


class DeliveryError(Exception):
    """A server did not accept a mail. `is_final`: it never will. `is_gone`: it is unreachable."""

    def __init__(self, reason: str, *, is_final: bool = False, is_gone: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final
        self.is_gone = is_gone


@dataclass(frozen=True)
class Server:
    """A mail server. `is_tls`: implicit TLS, else STARTTLS.

    Only a server on this machine without a password is used unencrypted.
    """

    host: str
    port: int
    is_tls: bool
    user: str = ""
    password: str = ""

    @classmethod
    def parse(cls, url: str) -> Self:
        """Parse `smtp://user:password@host:587` or `smtps://...`. Raises ValueError."""
        parts: SplitResult = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("no smtp address")
        if parts.path not in {"", "/"} or parts.query or parts.fragment:
            raise ValueError("more than an smtp address")
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            is_tls=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


def sender(text: str) -> Address:
    """Parse `Name <name@example.org>` or a bare address. Raises ValueError."""
    name, address = parseaddr(text)
    if not text.isprintable() or len(name) > SENDER_NAME_LENGTH_MAX:
        raise ValueError("no sender")
    try:
        return Address(display_name=name, addr_spec=addresses.written(address))
    except BadEmail:
        raise ValueError("no sender") from None


def message(mail: Mail, by: Address, now: datetime) -> EmailMessage:
    """Return a mail as a message. Its Message-ID is stable, so that clients can drop duplicates."""
    written = EmailMessage()
    written["From"] = by
    written["To"] = Address(addr_spec=mail.to)
    written["Subject"] = mail.subject
    written["Date"] = format_datetime(now)
    written["Message-ID"] = f"<{mail.id}@{by.domain}>"
    written["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers.items():
        written[name] = value
    written.set_content(mail.text, cte="quoted-printable")
    return written


class Delivery:
    """Context manager: one connection to a server, for any number of mails."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Connect, start TLS and log in. Raises DeliveryError."""
        try:
            self._smtp = _connect(self._server)
        except OSError as error:  # smtplib's errors are OSErrors too
            raise DeliveryError(_reason(error), is_gone=True) from error
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Quit the session; a broken connection is only closed."""
        assert self._smtp is not None
        try:
            self._smtp.quit()
        except OSError:
            self._smtp.close()

    def hand_over(self, mail: EmailMessage) -> None:
        """Send a mail; return once the server has accepted it. Raises DeliveryError."""
        assert self._smtp is not None
        try:
            self._smtp.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            [(code, _text)] = error.recipients.values()
            raise DeliveryError(f"code {code}", is_final=code >= PERMANENT) from error
        except OSError as error:
            told = isinstance(error, smtplib.SMTPException)
            is_gone = not told or isinstance(error, smtplib.SMTPServerDisconnected)
            raise DeliveryError(_reason(error), is_gone=is_gone) from error


def _connect(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    smtp: smtplib.SMTP
    if server.is_tls:
        smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        smtp.ehlo()
        if not server.is_tls and (server.user or server.host not in NEARBY):
            smtp.starttls(context=context)
            smtp.ehlo()
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _reason(error: Exception) -> str:
    """Describe an error without the server's message, which may name a person."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
