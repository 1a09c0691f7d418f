"""Who is signed in: begun anew at each sign-in, over after eight hours without a page."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import session

from consult.people.staff import Member, find_member
from consult.services import Services

IDLE_MAX = timedelta(hours=8)
NOTED_EVERY = timedelta(minutes=1)
"""How often use is written down; the cookie need not change with every page."""

_STAFF = "staff"
VISITS = "assist"
"""Of people whom staff help at a desk or by telephone."""
OF_STAFF = frozenset({_STAFF, VISITS})
"""What in a cookie belongs to somebody who works here, and not to the person at the browser."""
# What a browser carries for the person as a resident outlives their signing in and out.
_RESIDENTS_OWN = ("device", "drafts", "sent", "changing", "return", "proven")


def begin(staff_id: UUID, now: datetime) -> None:
    """Sign somebody in, under a new form token: nothing from before can act for them."""
    end()
    session[_STAFF] = {"id": staff_id.hex, "seen": int(now.timestamp())}


def end() -> None:
    """Sign out, and forget everything but what belongs to a resident."""
    for name in list(session):
        if name not in _RESIDENTS_OWN:
            session.pop(name)


def has_begun() -> bool:
    """Say whether somebody has signed in here, be it too long ago."""
    return _STAFF in session


def member(services: Services) -> Member | None:
    """Return who is signed in; nobody after too long without a page, or without an account."""
    held = session.get(_STAFF)
    if not isinstance(held, dict):
        return None
    now, seen = int(services.clock().timestamp()), int(held["seen"])
    if now - seen > IDLE_MAX.total_seconds():
        return None
    if now - seen >= NOTED_EVERY.total_seconds():
        session[_STAFF] = {**held, "seen": now}
    return find_member(services.vault, UUID(hex=held["id"]))
