"""The one-time link that sets a new site up: one row, until the first partnership is there.

The secret is in the terminal only; the vault has its hash. The row knows which browser used the
link and whom it made, so that whoever lost a reply goes on, and nobody else does.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from consult.people import tables
from consult.people.vault import Vault
from events.errors import Refused

LASTS = timedelta(days=1)
_ROW = "site"
_TABLE = tables.setting_up
_IS_IT = _TABLE.c.name == _ROW


class LinkUnknown(Refused):
    """The set-up link is unknown, too old, or replaced by a newer one."""

    says = (
        "This set-up link does not work: it is older than a day, or a newer one was made. Whoever "
        "runs the site gets another with: consult setup-link"
    )


class LinkUsedElsewhere(Refused):
    """Another browser used the set-up link first."""

    says = (
        "This set-up link has been used in another browser, and works only there. If that was not "
        "you or a colleague, make a new link at once, which stops the other browser: "
        "consult setup-link"
    )


@dataclass(frozen=True)
class Begun:
    """Who sets the site up, and the short name that its partnership will have, "" if none yet."""

    staff_id: UUID
    slug: str


def make_link(vault: Vault, now: datetime) -> str:
    """Return the secret of a new link; earlier links, and who used one, count no more."""
    token = secrets.token_urlsafe(24)
    fresh = {
        "token_hash": _hash(token),
        "expires_at": now + LASTS,
        "browser_hash": "",
        "staff_id": None,
    }
    row = vault.insert(_TABLE).values(name=_ROW, slug="", **fresh)
    with vault.transaction() as connection:
        connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=fresh))
    return token


def check(vault: Vault, token: str, browser: str, now: datetime) -> None:
    """Check that a browser may use a link. Raises LinkUnknown, LinkUsedElsewhere."""
    with vault.transaction() as connection:
        mine = connection.execute(select(_TABLE.c.name).where(_usable(token, browser, now)))
        if mine.first() is None:
            raise _why_not(connection, token)


def claim(vault: Vault, token: str, browser: str, now: datetime) -> None:
    """Make a link that of a browser; repeating it changes nothing. Of two browsers, one gets it.

    Raises LinkUnknown, LinkUsedElsewhere.
    """
    mine = update(_TABLE).where(_usable(token, browser, now)).values(browser_hash=_hash(browser))
    with vault.transaction() as connection:
        if not connection.execute(mine).rowcount:
            raise _why_not(connection, token)


def note_first(vault: Vault, token: str, browser: str, staff_id: UUID) -> bool:
    """Note whom the browser of a link has made; return whether it still is the browser."""
    is_mine = and_(
        _IS_IT, _TABLE.c.token_hash == _hash(token), _TABLE.c.browser_hash == _hash(browser)
    )
    with vault.transaction() as connection:
        noted = connection.execute(update(_TABLE).where(is_mine).values(staff_id=staff_id))
        return bool(noted.rowcount)


def begun(vault: Vault) -> Begun | None:
    """Return who sets the site up; None while nobody has used the link, or when it is over."""
    query = select(_TABLE.c.staff_id, _TABLE.c.slug).where(_IS_IT, _TABLE.c.staff_id.is_not(None))
    with vault.transaction() as connection:
        row = connection.execute(query).first()
    return Begun(row.staff_id, row.slug) if row else None


def settle_slug(vault: Vault, staff_id: UUID, slug: str) -> str | None:
    """Return the short name of the first partnership: what was settled first, and only once.

    None if somebody else sets the site up by now.
    """
    is_mine = and_(_IS_IT, _TABLE.c.staff_id == staff_id)
    with vault.transaction() as connection:
        connection.execute(update(_TABLE).where(is_mine, _TABLE.c.slug == "").values(slug=slug))
        settled: str | None = connection.execute(select(_TABLE.c.slug).where(is_mine)).scalar()
    return settled


def end(vault: Vault) -> None:
    """Remove the row: the site has its first partnership."""
    with vault.transaction() as connection:
        connection.execute(delete(_TABLE))


def _usable(token: str, browser: str, now: datetime) -> ColumnElement[bool]:
    is_fresh = and_(_TABLE.c.browser_hash == "", _TABLE.c.expires_at >= now)
    return and_(
        _IS_IT,
        _TABLE.c.token_hash == _hash(token),
        or_(is_fresh, _TABLE.c.browser_hash == _hash(browser)),
    )


def _why_not(connection: Any, token: str) -> Refused:
    query = select(_TABLE.c.browser_hash).where(_IS_IT, _TABLE.c.token_hash == _hash(token))
    used_by = connection.execute(query).scalar()
    return LinkUsedElsewhere() if used_by else LinkUnknown()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
