"""Staff sessions: the cookie holds a token, the vault knows its owner and start."""

from flask import session

from consult.commands.accounts import signing_in as commands
from consult.commands.accounts.staff import Member
from consult.jobs import envelopes
from consult.people.accounts import staff_sessions
from consult.services import Services

_STAFF = "staff"
VISITS = "assist"
"""Key of the people whom staff help at a desk or by telephone."""
_ENVELOPES = "envelopes"
_ROLE = "role"
"""Key of the role that somebody with several acts in."""
OF_STAFF = frozenset({_STAFF, VISITS, _ENVELOPES, _ROLE})
"""Keys of the session that belong to staff and not to the resident at the browser."""
# Resident data in the session is kept when staff sign in or out.
_RESIDENTS_OWN = ("device", "drafts", "sent", "changing", "return", "proven")


def begin(services: Services, token: str) -> None:
    """Sign somebody in under a new CSRF token, so that no earlier form can act for them."""
    end(services)
    session[_STAFF] = token


def end(services: Services) -> None:
    """End the session here and on the server, and remove all but the resident's data."""
    token = _token()
    if token is not None:
        commands.sign_out(services, token)
    for name in list(session):
        if name not in _RESIDENTS_OWN:
            session.pop(name)


def end_everywhere(services: Services) -> None:
    """End all sessions of the signed-in person, in every browser."""
    found = member(services)
    if found is not None:
        commands.sign_out_everywhere(services, found.id)
    end(services)


def has_begun() -> bool:
    """Return whether somebody has signed in here, even if the session has expired since."""
    return _STAFF in session


def member(services: Services) -> Member | None:
    """Return who is signed in, in the role they act in; in no role until they have chosen one.

    None if the session has expired or ended, or the account is gone.
    """
    token = _token()
    found = commands.signed_in(services, token) if token is not None else None
    return found.acting_as(_chosen()) if found is not None else None


def choose(role: str) -> None:
    """Act in a role from now on; one that the person does not have lets them do nothing."""
    session[_ROLE] = role


def _chosen() -> str:
    held = session.get(_ROLE, "")
    return held if isinstance(held, str) else ""


def handle() -> str:
    """Return the handle of the session here; "" if nobody has signed in."""
    token = _token()
    return staff_sessions.handle_of(token) if token is not None else ""


def envelope_key() -> str:
    """Return the key of the envelopes that this browser can open, or "" if there is none."""
    held = session.get(_ENVELOPES, "")
    return held if isinstance(held, str) else ""


def envelope_address() -> str:
    """Return the address of this browser's envelopes; its key is made at first use.

    The key is in the cookie and nowhere else, until somebody signs out.
    """
    if not envelope_key():
        session[_ENVELOPES] = envelopes.new_key()
    return envelopes.address_of(envelope_key())


def token() -> str:
    """Return the token of the session here; "" if nobody has signed in."""
    return _token() or ""


def _token() -> str | None:
    """Return the token in the cookie; cookies of earlier versions have no token."""
    held = session.get(_STAFF)
    return held if isinstance(held, str) else None
