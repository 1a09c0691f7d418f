"""Sign-in links: each works once, for a day, and only for whoever asked for it.

A link that was asked for on the page is confirmed in the browser that asked, or with the code that
this browser shows: the link alone, in a mail that others read, signs nobody in. A link that was
handed over by the person who made it has no code. Only hashes are stored.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from consult.people import tables
from consult.people.vault import Vault, url64
from events.errors import Refused
from events.kinds.pasted import plain

LINK_DAYS = 1
DIGITS = 6
TRIES_MAX = 5
"""Wrong codes that a link takes; then it is of no use."""
_TABLE = tables.sign_in_link.c


class LinkUsedOrOld(Refused):
    """The sign-in link is used, expired or unknown, or had too many wrong codes."""

    says = "This sign-in link has been used or is too old. Ask for a new one."


class SignInCodeWrong(Refused):
    """Another browser asked for the link, and these are not the digits that it shows."""

    says = (
        "This is not the code that is shown where you asked for the link. Nobody was signed in. "
        "Check it, and type it again."
    )


def make_sign_in_token(
    vault: Vault, staff_id: UUID | None, now: datetime, *, asked_in: str = ""
) -> str:
    """Return the secret of a new link, which works once, for LINK_DAYS.

    `staff_id` None: the link never works, but takes as long to create. `asked_in`: the secret of
    the browser that asked; "" for a link that is handed over.
    """
    token = secrets.token_urlsafe(24)
    with vault.transaction() as connection:
        connection.execute(delete(tables.sign_in_link).where(_TABLE.expires_at < now))
        connection.execute(
            vault.insert(tables.sign_in_link).values(
                token_hash=_hash(token),
                staff_id=staff_id or uuid4(),
                expires_at=now + timedelta(days=LINK_DAYS) if staff_id else now,
                used=0 if staff_id else 1,
                asked_in=_hash(asked_in) if asked_in else None,
                code_hash=_code_hash(vault, token, code_of(vault, asked_in)) if asked_in else None,
                tries=0,
            )
        )
    return token


def code_of(vault: Vault, asked_in: str) -> str:
    """Return the digits that confirm, in any browser, what the browser with this secret asked."""
    digest = hmac.digest(vault.site_key("sign-in codes"), asked_in.encode(), hashlib.sha256)
    return f"{int.from_bytes(digest[:16]) % 10**DIGITS:0{DIGITS}}"


def needs_code(vault: Vault, token: str, now: datetime, *, asked_in: str) -> bool:
    """Return whether a link that still works needs the code, because another browser asked."""
    query = select(_TABLE.asked_in).where(_usable(token, now))
    with vault.transaction() as connection:
        bound: str | None = connection.execute(query).scalar()
    return bound is not None and bound != _hash(asked_in)


def use_sign_in_token(
    vault: Vault, token: str, now: datetime, *, asked_in: str = "", typed: str = ""
) -> UUID:
    """Mark a link as used and return its account's id. Raises LinkUsedOrOld, SignInCodeWrong.

    `asked_in`: the secret of this browser, if it asked for a link; `typed`: the code, if not. A
    try is counted before it is checked, so that concurrent tries count too.
    """
    digits = "".join(letter for letter in plain(typed) if letter.isdigit())
    link, usable = tables.sign_in_link, _usable(token, now)
    own = _TABLE.asked_in.is_(None) | (_TABLE.asked_in == _hash(asked_in))
    take = update(link).values(used=1).returning(_TABLE.staff_id)
    costs = int(len(digits) == DIGITS)  # an incomplete code cannot be a guess
    count = update(link).where(usable).values(tries=_tries() + costs)
    with vault.transaction() as connection:
        used: UUID | None = connection.execute(take.where(usable, own)).scalar()
        if used is not None:
            return used
        tried = connection.execute(count.returning(_TABLE.code_hash, _TABLE.tries)).one_or_none()
        if tried is None:
            raise LinkUsedOrOld
        if hmac.compare_digest(tried.code_hash, _code_hash(vault, token, digits)):
            mine = _TABLE.token_hash == _hash(token)
            right: UUID = connection.execute(take.where(mine)).scalar_one()
            return right
    raise LinkUsedOrOld if tried.tries >= TRIES_MAX else SignInCodeWrong


def _usable(token: str, now: datetime) -> ColumnElement[bool]:
    mine = _TABLE.token_hash == _hash(token)
    return and_(mine, _TABLE.used == 0, _TABLE.expires_at >= now, _tries() < TRIES_MAX)


def _tries() -> ColumnElement[int]:
    """Return the tries; none for a link that an earlier version made."""
    return func.coalesce(_TABLE.tries, 0)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _code_hash(vault: Vault, token: str, digits: str) -> str:
    key = vault.site_key("sign-in code hashes")
    return url64(hmac.digest(key, f"{token}\0{digits}".encode(), hashlib.sha256))
