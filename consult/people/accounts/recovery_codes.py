"""Recovery codes: what somebody on the staff wrote down, in case their passkeys are lost.

An account has one, of 80 bits, kept as a keyed hash; it works once, and a new one takes its place.
"""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import and_, delete, select

from consult.people import tables
from consult.people.vault import Vault, read_receipt_code, url64, written_code

CODE_BYTES = 10
_TABLE = tables.recovery_code.c


def make(vault: Vault, staff_id: UUID, now: datetime) -> str:
    """Return a new code of an account, as it is written; an earlier one works no more."""
    code = written_code(secrets.token_bytes(CODE_BYTES))
    row = {"code_hash": _hash(vault, staff_id, code), "made_at": now}
    fresh = vault.insert(tables.recovery_code).values(staff_id=staff_id, **row)
    with vault.transaction() as connection:
        connection.execute(fresh.on_conflict_do_update(index_elements=["staff_id"], set_=row))
    return code


def made_at(vault: Vault, staff_id: UUID) -> datetime | None:
    """Return when the code of an account was made; None if it has none."""
    query = select(_TABLE.made_at).where(_TABLE.staff_id == staff_id)
    with vault.transaction() as connection:
        found: datetime | None = connection.execute(query).scalar()
    if found is None:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def use(vault: Vault, staff_id: UUID, typed: str) -> bool:
    """Use up the code of an account; return whether it was the right one."""
    right = _hash(vault, staff_id, read_receipt_code(typed))
    mine = and_(_TABLE.staff_id == staff_id, _TABLE.code_hash == right)
    with vault.transaction() as connection:
        return connection.execute(delete(tables.recovery_code).where(mine)).rowcount == 1


def remove(vault: Vault, staff_id: UUID) -> None:
    """Remove the code of an account, if it has one."""
    with vault.transaction() as connection:
        connection.execute(delete(tables.recovery_code).where(_TABLE.staff_id == staff_id))


def _hash(vault: Vault, staff_id: UUID, code: str) -> str:
    key = vault.site_key("recovery codes")
    return url64(hmac.digest(key, f"{staff_id.hex}\0{code}".encode(), hashlib.sha256))
