"""Passkeys of staff: the public half of each, under the name that its owner gave it.

How often one was used is counted where its device counts: a copy of a device is then noticed.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Row, and_, delete, func, select, update

from consult.people import tables
from consult.people.vault import Vault
from events.errors import Refused

NAME_LENGTH_MAX = 100
EACH_MAX = 20
"""Passkeys of one account."""
_TABLE = tables.passkey.c


class PasskeyKnown(Refused):
    """The passkey is registered already."""

    says = "This passkey is known here already, so nothing was changed."


class TooManyPasskeys(Refused):
    """The account has as many passkeys as it may have."""

    says = "You have as many passkeys as one account can have. Remove one that you do not use."


@dataclass(frozen=True)
class Passkey:
    """A passkey. `credential_id`: base64url, as browsers have it; `public_key`: COSE."""

    credential_id: str
    staff_id: UUID
    public_key: bytes
    counter: int
    name: str
    made_at: datetime
    used_at: datetime | None


def add(vault: Vault, passkey: Passkey) -> None:
    """Store a new passkey. Raises PasskeyKnown, TooManyPasskeys."""
    mine = _TABLE.staff_id == passkey.staff_id
    fresh = vault.insert(tables.passkey).values(
        credential_id=passkey.credential_id,
        staff_id=passkey.staff_id,
        public_key=passkey.public_key,
        counter=passkey.counter,
        name=passkey.name[:NAME_LENGTH_MAX],
        made_at=passkey.made_at,
        used_at=passkey.used_at,
    )
    with vault.transaction() as connection:
        if not connection.execute(fresh.on_conflict_do_nothing()).rowcount:
            raise PasskeyKnown
        number = connection.execute(select(func.count()).where(mine)).scalar_one()
        if number > EACH_MAX:
            raise TooManyPasskeys


def of_person(vault: Vault, staff_id: UUID) -> list[Passkey]:
    """Return the passkeys of an account, oldest first."""
    query = select(tables.passkey).where(_TABLE.staff_id == staff_id)
    with vault.transaction() as connection:
        rows = connection.execute(query.order_by(_TABLE.made_at, _TABLE.credential_id)).all()
    return [_passkey(row) for row in rows]


def find(vault: Vault, credential_id: str) -> Passkey | None:
    """Return the passkey with an id, or None."""
    query = select(tables.passkey).where(_TABLE.credential_id == credential_id)
    with vault.transaction() as connection:
        row = connection.execute(query).one_or_none()
    return _passkey(row) if row is not None else None


def note_use(vault: Vault, credential_id: str, counter: int, now: datetime) -> bool:
    """Note that a passkey was used, with the count of its device; 0 where that does not count.

    Return False if it is gone, or was used with that count meanwhile.
    """
    is_later = _TABLE.counter < counter if counter else _TABLE.counter == 0
    mine = and_(_TABLE.credential_id == credential_id, is_later)
    used = update(tables.passkey).where(mine).values(counter=counter, used_at=now)
    with vault.transaction() as connection:
        return connection.execute(used).rowcount == 1


def remove(vault: Vault, staff_id: UUID, credential_id: str) -> bool:
    """Remove a passkey of an account; return whether it had it."""
    mine = and_(_TABLE.staff_id == staff_id, _TABLE.credential_id == credential_id)
    with vault.transaction() as connection:
        return connection.execute(delete(tables.passkey).where(mine)).rowcount == 1


def remove_all(vault: Vault, staff_id: UUID) -> int:
    """Remove every passkey of an account; return how many it had."""
    with vault.transaction() as connection:
        mine = delete(tables.passkey).where(_TABLE.staff_id == staff_id)
        return connection.execute(mine).rowcount


def _passkey(row: Row[tuple[object, ...]]) -> Passkey:
    return Passkey(
        credential_id=row.credential_id,
        staff_id=row.staff_id,
        public_key=bytes(row.public_key),
        counter=row.counter,
        name=row.name,
        made_at=_utc(row.made_at),
        used_at=_utc(row.used_at) if row.used_at else None,
    )


def _utc(at: datetime) -> datetime:
    """Return a time in UTC; SQLite returns it without its zone."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
