"""Watermarks: the position in the record, or the time, up to which something was done here."""

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from consult.people import tables
from consult.people.vault import Vault

_TABLE = tables.mark


def position(vault: Vault, name: str) -> int:
    """Return the position of the record up to which this was done, 0 if never."""
    query = select(_TABLE.c.position).where(_TABLE.c.name == name)
    with vault.transaction() as connection:
        return connection.execute(query).scalar() or 0


def move(vault: Vault, connection: Connection, name: str, position: int) -> None:
    """Store the position up to which this was done."""
    row = {"position": position}
    put = vault.insert(_TABLE).values(name=name, **row)
    connection.execute(put.on_conflict_do_update(index_elements=["name"], set_=row))


def moment(vault: Vault, name: str) -> datetime | None:
    """Return when this was last done, or None."""
    query = select(_TABLE.c.at).where(_TABLE.c.name == name)
    with vault.transaction() as connection:
        at: datetime | None = connection.execute(query).scalar()
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at


def note(vault: Vault, connection: Connection, name: str, at: datetime) -> None:
    """Store when this was done."""
    put = vault.insert(_TABLE).values(name=name, position=0, at=at)
    connection.execute(put.on_conflict_do_update(index_elements=["name"], set_={"at": at}))
