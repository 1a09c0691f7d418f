"""Rate limits: how often a connection, mailbox, browser or desk may ask for something.

Counts are kept in the vault, shared by all processes and surviving restarts, under a keyed hash
and for an hour: no network address is stored.
"""

import ipaddress
import math
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import Flask, current_app, request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from consult.commands.tries import VaultStorage
from consult.people.proving.attempts import DeskTooFast, TooManyTries
from consult.services import Services

NETWORKS = ((64, 1), (56, 3), (48, 10))
"""For IPv6: prefix length of a network, and the factor of its limit.

Providers assign a household a /64, a /56 or a /48; a larger network contains many of these.
"""

CODES_BY_NETWORK = RateLimitItemPerHour(60)
"""Many people share the connection of a library or a school."""
CODES_BY_MAILBOX = RateLimitItemPerHour(5)
TRIES_BY_NETWORK = RateLimitItemPerHour(300)
LETTERS_BY_NETWORK = RateLimitItemPerHour(60)
LETTERS_BY_BROWSER = RateLimitItemPerHour(5)
"""Letter codes typed in; at a shared device each person counts as another browser."""
DESK_IN_A_MINUTE = 3
"""Answers that one account may send for others per minute; the limit per hour is configured."""
SIGN_INS_BY_NETWORK = RateLimitItemPerHour(60)


RECOVERIES = RateLimitItemPerHour(10)
"""Recovery codes that one account may try."""
CONFIRMATIONS_BY_MAILBOX = RateLimitItemPerHour(30)
"""Codes that confirm what somebody does: adding ten colleagues takes ten."""


def install(app: Flask, services: Services) -> None:
    """Create the rate limiter."""
    app.extensions["limits"] = MovingWindowRateLimiter(VaultStorage(services))


def count_network(what: str, limit: RateLimitItem) -> None:
    """Count a request by its connection. Raises TooManyTries."""
    for name, times in networks(request.remote_addr or ""):
        _count(what, name, limit if times == 1 else type(limit)(limit.amount * times))


def count_mailbox(what: str, mailbox: str, limit: RateLimitItem) -> None:
    """Count a request by its mailbox. Raises TooManyTries."""
    _count(what, mailbox, limit)


def count_browser(what: str, secret: str, limit: RateLimitItem) -> None:
    """Count a request by the secret of its browser. Raises TooManyTries."""
    _count(what, secret, limit)


@contextmanager
def desk_pace(staff_id: UUID, most: int) -> Iterator[None]:
    """Count an answer that an account sends for somebody, once it is recorded.

    `most`: limit per hour. Raises DeskTooFast.
    """
    counted: MovingWindowRateLimiter = current_app.extensions["limits"]
    name = f"desk\0{staff_id.hex}"
    paces = (RateLimitItemPerMinute(DESK_IN_A_MINUTE), RateLimitItemPerHour(most))
    for limit in paces:
        if not counted.test(limit, name):
            raise DeskTooFast(most=limit.amount, minutes=_minutes_to_wait(limit, name))
    yield
    for limit in paces:
        counted.hit(limit, name)


def networks(address: str) -> list[tuple[str, int]]:
    """Return the networks that contain an address, smallest first, with the limit's factor."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return [("", 1)]
    if isinstance(known, ipaddress.IPv4Address):
        return [(str(known), 1)]
    if known.ipv4_mapped:
        return [(str(known.ipv4_mapped), 1)]
    plain = known.packed  # without the scope id of a link-local address
    return [
        (str(ipaddress.ip_network((plain, bits), strict=False)), times) for bits, times in NETWORKS
    ]


def _count(what: str, whose: str, limit: RateLimitItem) -> None:
    counted: MovingWindowRateLimiter = current_app.extensions["limits"]
    name = f"{what}\0{whose}"
    if not counted.hit(limit, name):
        raise TooManyTries(minutes=_minutes_to_wait(limit, name))


def _minutes_to_wait(limit: RateLimitItem, name: str) -> int:
    counted: MovingWindowRateLimiter = current_app.extensions["limits"]
    services: Services = current_app.extensions["services"]
    seconds = counted.get_window_stats(limit, name).reset_time - services.clock().timestamp()
    return max(1, math.ceil(seconds / 60))
