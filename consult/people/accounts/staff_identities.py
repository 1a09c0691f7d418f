"""Which account elsewhere is whose here: a keyed hash of issuer and subject, and nothing more."""

import hashlib
import hmac
from uuid import UUID

from sqlalchemy import delete, func, select

from consult.people import tables
from consult.people.vault import Vault, url64

_TABLE = tables.staff_identity.c


def find(vault: Vault, issuer: str, subject: str) -> UUID | None:
    """Return the account here that an account elsewhere is linked to, or None."""
    query = select(_TABLE.staff_id).where(_TABLE.who_hash == _hash(vault, issuer, subject))
    with vault.transaction() as connection:
        found: UUID | None = connection.execute(query).scalar()
    return found


def link(vault: Vault, issuer: str, subject: str, staff_id: UUID) -> UUID:
    """Link an account elsewhere, unless it is linked; return the account that it is linked to."""
    fresh = vault.insert(tables.staff_identity).values(
        who_hash=_hash(vault, issuer, subject), staff_id=staff_id
    )
    with vault.transaction() as connection:
        connection.execute(fresh.on_conflict_do_nothing())
    linked = find(vault, issuer, subject)
    assert linked is not None, "it was linked just now, or before"
    return linked


def is_linked(vault: Vault, staff_id: UUID) -> bool:
    """Return whether an account here is linked to one elsewhere."""
    query = select(func.count()).where(_TABLE.staff_id == staff_id)
    with vault.transaction() as connection:
        return connection.execute(query).scalar_one() > 0


def unlink(vault: Vault, staff_id: UUID) -> None:
    """Forget every account elsewhere that is linked to an account."""
    with vault.transaction() as connection:
        connection.execute(delete(tables.staff_identity).where(_TABLE.staff_id == staff_id))


def _hash(vault: Vault, issuer: str, subject: str) -> str:
    key = vault.site_key("staff identities")
    return url64(hmac.digest(key, f"{issuer}\0{subject}".encode(), hashlib.sha256))
