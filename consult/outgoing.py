"""Every HTTP request that we make: within limits of size and time, and to public addresses only.

A private address (of this machine, of the local network) is connected to only under the host that
the settings name; a redirect, or what a provider's metadata names, does not lead there. Link-local
addresses, where clouds keep credentials, are connected to only when the settings give the address
itself. What is checked is the address that is then connected to, so an answer of the name server
that changes in between does not matter.
"""

import socket
import ssl
import threading
import time
from functools import partial
from io import BytesIO
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.util.connection import create_connection

RequestError = requests.RequestException
"""What a `Session` raises, an OSError."""

REDIRECTS_MAX = 3
PIECE_BYTES = 16_384
NAT64 = IPv6Network("64:ff9b::/96")
PORTS = {"http": 80, "https": 443}


class NotAnsweredError(OSError):
    """There was no answer within the limits. Its text is the reason."""


class PrivateAddressError(RequestError):
    """The host has no address that may be connected to."""


class BeyondLimitError(RequestError):
    """The answer takes too long or is too large."""


class Limits(NamedTuple):
    """How long one answer may take, after the name of its host is known, and how large it may be.

    A redirect that is followed leads to an answer of its own.
    """

    seconds_max: float
    bytes_max: int


class Answer(NamedTuple):
    """An HTTP response, of any status."""

    status: int
    body: bytes


def ask(address: str, limits: Limits, *, body: bytes | None = None, media_type: str = "") -> Answer:
    """Send a GET, or a POST if there is a body, to an address whose host the settings name.

    Raises NotAnsweredError.
    """
    with Session() as session:
        try:
            session.stay_within(limits, address)
            response = session.request(
                "GET" if body is None else "POST",
                address,
                data=body,
                headers={"Content-Type": media_type} if media_type else None,
            )
        except RequestError as error:
            raise NotAnsweredError(_reason(error)) from None
    return Answer(response.status_code, response.content)


class Limiting(requests.Session):
    """Lets a session follow redirects of GET only, and never from HTTPS to HTTP."""

    def stay_within(self, limits: Limits, named: str) -> None:
        """Set the limits. `named`: the URL in the settings, whose host may be private."""
        self.max_redirects = REDIRECTS_MAX
        self.headers["Accept-Encoding"] = "identity"
        self.adapters.clear()
        for scheme in PORTS:
            self.mount(f"{scheme}://", _Adapter(limits, _host(named)))

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where to go from here; without it the redirect itself is the answer."""
        target = super().get_redirect_target(resp)
        if target is None or resp.request.method != "GET":
            return None
        is_encrypted = urljoin(resp.url, target).startswith("https:")
        return target if is_encrypted or not resp.url.startswith("https:") else None


class Session(Limiting):
    """A session for requests of our own."""

    def __init__(self) -> None:
        super().__init__()
        self.headers["User-Agent"] = "folkmoot"


def may_connect(address: IPv4Address | IPv6Address, host: str, named: str) -> bool:
    """Return whether an address of `host` may be connected to; the settings name host `named`."""
    inner = _inner(address)
    if inner.is_global and not inner.is_multicast:
        return True
    return host == named and (not inner.is_link_local or str(address) == named)


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


class _Exchange:
    """One request and its answer: the addresses it may connect to, and its end."""

    def __init__(self, addresses: list[str], seconds_max: float) -> None:
        self.addresses = addresses
        self._ends = time.monotonic() + seconds_max
        self._hold: socket.socket | None = None
        self._timer = threading.Timer(seconds_max, self._end)
        self._timer.daemon = True
        self._timer.start()

    def seconds_left(self) -> float:
        return self._ends - time.monotonic()

    def connect(self, connection: HTTPConnection) -> socket.socket:
        """Connect to the first address that answers."""
        failed: OSError | None = None
        for address in self.addresses:
            if (left := self.seconds_left()) <= 0:
                break
            try:
                made = create_connection(
                    (address, connection.port), left, None, connection.socket_options
                )
            except OSError as error:
                failed = error
            else:
                self._hold = made.dup()  # the same connection, also once TLS has taken the socket
                if self.seconds_left() <= 0:
                    self._end()
                return made
        if failed is None or isinstance(failed, TimeoutError):
            raise ConnectTimeoutError(connection, "it cannot be connected to") from failed
        raise NewConnectionError(connection, str(failed)) from failed

    def _end(self) -> None:
        """Wake whoever reads from the connection, however slowly something comes."""
        if self._hold is not None:
            try:
                self._hold.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # the other side was faster

    def close(self) -> None:
        self._timer.cancel()
        if self._hold is not None:
            self._hold.close()


class _Plain(HTTPConnection):
    """A connection that goes where its exchange may."""

    def __init__(self, *, exchange: _Exchange, **given: Any) -> None:
        super().__init__(**given)
        self._exchange = exchange

    def _new_conn(self) -> socket.socket:
        return self._exchange.connect(self)


class _Encrypted(HTTPSConnection):
    """The same with TLS."""

    def __init__(self, *, exchange: _Exchange, **given: Any) -> None:
        super().__init__(**given)
        self._exchange = exchange

    def _new_conn(self) -> socket.socket:
        return self._exchange.connect(self)


class _Adapter(HTTPAdapter):
    """Sends each request over a connection of its own, and reads the answer within the limits.

    Certificates are those of the machine's store and of certifi. Where the environment names a
    proxy (HTTPS_PROXY), the proxy connects, and decides where to.
    """

    def __init__(self, limits: Limits, named: str) -> None:
        super().__init__()
        self._limits = limits
        self._named = named
        self._exchange: _Exchange

    def send(self, request: requests.PreparedRequest, *_: Any, **given: Any) -> requests.Response:
        """Send one request. Raises RequestError."""
        proxies = given.get("proxies")
        is_direct = not select_proxy(str(request.url), proxies)
        addresses = self._addresses(str(request.url)) if is_direct else []
        exchange = self._exchange = _Exchange(addresses, self._limits.seconds_max)
        given |= {"stream": True, "timeout": max(0.001, exchange.seconds_left())}
        try:
            response = super().send(request, **given)
            response.raw = BytesIO(self._read(response, exchange))
        except (OSError, HTTPError) as error:
            if exchange.seconds_left() <= 0:
                raise BeyondLimitError("it takes too long to answer") from None
            if isinstance(error, RequestError):
                raise
            raise requests.ConnectionError(error, request=request) from error
        finally:
            exchange.close()
        return response

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """Return a pool of one connection, which is used once."""
        if select_proxy(str(request.url), proxies):
            return super().get_connection_with_tls_context(request, verify, proxies, cert)
        url = urlsplit(str(request.url))
        exchange = self._exchange
        pool: HTTPConnectionPool
        if url.scheme == "https":
            context = ssl.create_default_context()
            pool = HTTPSConnectionPool(str(url.hostname), url.port, ssl_context=context)
            pool.ConnectionCls = partial(_Encrypted, exchange=exchange)  # type: ignore[assignment]  # called, never a base
        else:
            pool = HTTPConnectionPool(str(url.hostname), url.port)
            pool.ConnectionCls = partial(_Plain, exchange=exchange)  # type: ignore[assignment]  # called, never a base
        return pool

    def _addresses(self, url: str) -> list[str]:
        """Return the addresses of a URL's host that may be connected to."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        try:
            port = parts.port or PORTS[parts.scheme]
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise requests.ConnectionError(f"{host} is not found: {error}") from error
        texts = dict.fromkeys(str(each[4][0]) for each in found)
        allowed = [
            text
            for text in texts
            if may_connect(ip_address(text.partition("%")[0]), host, self._named)
        ]
        if not allowed:
            raise PrivateAddressError(f"{host} leads to a private address")
        return allowed

    def _read(self, response: requests.Response, exchange: _Exchange) -> bytes:
        """Return the body, and end the connection."""
        body = bytearray()
        try:
            for piece in response.raw.stream(PIECE_BYTES, decode_content=True):
                body += piece
                if len(body) > self._limits.bytes_max:
                    raise BeyondLimitError(f"it sends more than {self._limits.bytes_max} bytes")
                if exchange.seconds_left() <= 0:
                    break
        finally:
            response.raw.close()
        if exchange.seconds_left() <= 0:
            raise BeyondLimitError("it takes too long to answer")
        return bytes(body)


def _host(url: str) -> str:
    """Return the host of a URL as requests have it: lower case, IDNA."""
    return urlsplit(requests.Request("GET", url).prepare().url or "").hostname or ""


def _reason(error: BaseException) -> str:
    """Return the text of the error that was first, which is the plain one."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return (str(error) or type(error).__name__) if before is None else _reason(before)
