"""Limits: how often one connection, or one mailbox, may ask for something.

They are counted in memory, by each web process for itself, under a hash whose key is made when
the process starts: no network address is ever written down.
"""

import hashlib
import hmac
import ipaddress
import math
import secrets
import time

from flask import Flask, current_app, request
from limits import RateLimitItem, RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.middleware.proxy_fix import ProxyFix

from events.errors import Refused

NETWORK_BITS = 64
"""Of an IPv6 address: what a provider gives to one household."""

CODES_BY_NETWORK = RateLimitItemPerHour(60)
"""Many people share the connection of a library or a school."""
CODES_BY_MAILBOX = RateLimitItemPerHour(5)
TRIES_BY_NETWORK = RateLimitItemPerHour(300)
LETTERS_BY_NETWORK = RateLimitItemPerHour(60)
LETTERS_BY_BROWSER = RateLimitItemPerHour(5)
"""Codes by letter that are typed in; everybody at a shared device is another browser here."""
SIGN_INS_BY_NETWORK = RateLimitItemPerHour(60)


class TooManyTries(Refused):
    """Somebody has to wait."""

    says = (
        "There were too many tries in a short time. What you have answered so far is kept. "
        "Minutes to wait before you try again: {minutes}."
    )

    @property
    def seconds(self) -> int:
        """For how long."""
        return int(self.values["minutes"]) * 60


def install(app: Flask, proxies: int) -> None:
    """Begin to count. `proxies`: how many of ours pass requests on, each adding from whom.

    Anybody can write such an addition, so those of others are not believed.
    """
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0)
    app.extensions["limits"] = MovingWindowRateLimiter(MemoryStorage())
    app.extensions["limits key"] = secrets.token_bytes(32)


def count_network(what: str, limit: RateLimitItem) -> None:
    """Count a request of this connection. Raises TooManyTries."""
    _count(what, network(request.remote_addr or ""), limit)


def count_mailbox(what: str, mailbox: str, limit: RateLimitItem) -> None:
    """Count a request for a mailbox. Raises TooManyTries."""
    _count(what, mailbox, limit)


def count_browser(what: str, secret: str, limit: RateLimitItem) -> None:
    """Count a request of a browser, by its secret. Raises TooManyTries."""
    _count(what, secret, limit)


def network(address: str) -> str:
    """Return what an address shares with the others of its household."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, NETWORK_BITS), strict=False))


def _count(what: str, whose: str, limit: RateLimitItem) -> None:
    key = current_app.extensions["limits key"]
    hidden = hmac.digest(key, f"{what}\0{whose}".encode(), hashlib.sha256).hex()
    counted: MovingWindowRateLimiter = current_app.extensions["limits"]
    if not counted.hit(limit, hidden):
        seconds = counted.get_window_stats(limit, hidden).reset_time - time.time()
        raise TooManyTries(minutes=max(1, math.ceil(seconds / 60)))
