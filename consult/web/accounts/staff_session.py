"""Who is signed in: the browser holds a token, the vault who it belongs to and since when."""

from datetime import datetime
from uuid import UUID

from flask import session

from consult.people.accounts import staff_sessions
from consult.people.accounts.staff import Member, find_member
from consult.services import Services

_STAFF = "staff"
VISITS = "assist"
"""Of people whom staff help at a desk or by telephone."""
OF_STAFF = frozenset({_STAFF, VISITS})
"""What in a cookie belongs to somebody who works here, and not to the person at the browser."""
# What a browser carries for the person as a resident outlives their signing in and out.
_RESIDENTS_OWN = ("device", "drafts", "sent", "changing", "return", "proven")


def begin(services: Services, staff_id: UUID, now: datetime) -> None:
    """Sign somebody in, under a new form token: nothing from before can act for them."""
    end(services)
    session[_STAFF] = staff_sessions.begin(services.vault, staff_id, now)


def end(services: Services) -> None:
    """Sign out here and on the server, and forget everything but what belongs to a resident."""
    token = _token()
    if token is not None:
        staff_sessions.end(services.vault, token)
    for name in list(session):
        if name not in _RESIDENTS_OWN:
            session.pop(name)


def end_everywhere(services: Services) -> None:
    """Sign the person who is signed in here out, in every browser they are signed in with."""
    found = member(services)
    if found is not None:
        staff_sessions.end_all(services.vault, found.id)
    end(services)


def has_begun() -> bool:
    """Say whether somebody has signed in here, be it too long ago."""
    return _STAFF in session


def member(services: Services) -> Member | None:
    """Return who is signed in; nobody after too long, after signing out, or once removed."""
    token = _token()
    if token is None:
        return None
    staff_id = staff_sessions.find(services.vault, token, services.clock())
    return find_member(services.vault, staff_id) if staff_id else None


def _token() -> str | None:
    """Return the token of the cookie; one of an earlier version, which held none, is nobody's."""
    held = session.get(_STAFF)
    return held if isinstance(held, str) else None
