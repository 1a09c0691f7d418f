"""Rate limits: attempts within a period, shared by all processes and across restarts.

A row has only a keyed hash of who attempted, and is deleted after its period. Somebody with the
vault and its keys could still test addresses against the rows of the last hour.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select

from consult.people import tables
from consult.people.vault import Vault, url64
from events.errors import Refused

_TABLE = tables.attempt


class TooManyTries(Refused):
    """The limit of attempts in a period is reached."""

    says = (
        "There were too many tries in a short time. What you have answered so far is kept. "
        "Minutes to wait before you try again: {minutes}."
    )

    @property
    def seconds(self) -> int:
        """How long to wait, in seconds."""
        return int(self.values["minutes"]) * 60


class DeskTooFast(TooManyTries):
    """A desk account has sent more answers than its limit in a period."""

    says = (
        "Answers that this account has sent in a short time: {most}, which is as many as it "
        "may send. Nothing was recorded, and what you typed is still here. Minutes to wait before "
        "you send it: {minutes}."
    )


class Window(NamedTuple):
    """The attempts of a period that ends now. `first_at`: of the oldest, or None."""

    number: int
    first_at: datetime | None


def note(vault: Vault, whose: str, most: int, period: timedelta, now: datetime) -> bool:
    """Count one more attempt; return False, without counting, if `most` in a period are reached."""
    key = _hashed(vault, whose)
    row = {"id": uuid4(), "whose": key, "at": now, "until": now + period}
    with vault.transaction() as connection:
        # On SQLite this takes the write lock, as the advisory lock does on PostgreSQL.
        connection.execute(delete(_TABLE).where(_TABLE.c.until <= now))
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(key))))
        if _number(connection, _recent(key, period, now)) >= most:
            return False
        connection.execute(insert(_TABLE).values(row))
    return True


def window(vault: Vault, whose: str, period: timedelta, now: datetime) -> Window:
    """Return the attempts in a period that ends now."""
    recent = _recent(_hashed(vault, whose), period, now)
    with vault.transaction() as connection:
        query = select(func.count(), func.min(_TABLE.c.at)).where(recent)
        number, first_at = connection.execute(query).one()
    if first_at is not None and first_at.tzinfo is None:
        first_at = first_at.replace(tzinfo=UTC)
    return Window(number, first_at)


def forget(vault: Vault, whose: str = "") -> int:
    """Delete the attempts of somebody, or of everybody; return the number of rows."""
    query = delete(_TABLE)
    with vault.transaction() as connection:
        mine = query.where(_TABLE.c.whose == _hashed(vault, whose)) if whose else query
        return connection.execute(mine).rowcount


def sweep(vault: Vault, now: datetime) -> int:
    """Delete expired rows; return how many."""
    with vault.transaction() as connection:
        return connection.execute(delete(_TABLE).where(_TABLE.c.until <= now)).rowcount


def _recent(key: str, period: timedelta, now: datetime) -> ColumnElement[bool]:
    return and_(_TABLE.c.whose == key, _TABLE.c.at > now - period)


def _number(connection: Connection, recent: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).where(recent)).scalar_one()


def _hashed(vault: Vault, whose: str) -> str:
    return url64(hmac.digest(vault.site_key("attempts"), whose.encode(), hashlib.sha256))
