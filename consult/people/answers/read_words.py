"""Read free text and files, verified against commitments, and mark them as read."""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select

from consult.people import tables
from consult.people.answers import attachments, texts
from consult.people.vault import Vault
from events.log.commitment import commit

PARAMETERS_MAX = 500


class Words(NamedTuple):
    """The text of a commitment in the vault. `is_true`: whether the commitment verifies."""

    written: str
    is_true: bool


def words_for(vault: Vault, commitments: Sequence[str]) -> dict[str, Words]:
    """Return the texts of commitments; missing ones are left out."""
    table = tables.free_text.c
    query = select(table.commitment, table.salt, table.words)
    found: dict[str, Words] = {}
    with vault.transaction() as connection:
        for some in _parts(commitments):
            for row in connection.execute(query.where(table.commitment.in_(some))):
                made = commit(bytes(row.salt), texts.CLASS, row.words.encode())
                is_true = hmac.compare_digest(made, row.commitment)
                found[row.commitment] = Words(row.words, is_true)
    return found


def files_for(vault: Vault, commitments: Sequence[str]) -> dict[str, attachments.Attached]:
    """Return the metadata of files, by commitment."""
    table = tables.attachment.c
    query = select(*(table[name] for name in attachments.Attached._fields))
    found: dict[str, attachments.Attached] = {}
    with vault.transaction() as connection:
        for some in _parts(commitments):
            for row in connection.execute(query.where(table.commitment.in_(some))):
                found[row.commitment] = attachments.Attached(*row)
    return found


def is_file_true(vault: Vault, commitment: str, content: bytes) -> bool:
    """Return whether the commitment to a file verifies."""
    table = tables.attachment.c
    with vault.transaction() as connection:
        salt = connection.execute(select(table.salt).where(table.commitment == commitment)).scalar()
    if salt is None:
        return False
    made = commit(bytes(salt), attachments.CLASS, sha256(content).digest())
    return hmac.compare_digest(made, commitment)


def marked(vault: Vault, consultation_id: UUID) -> set[str]:
    """Return the commitments marked as read in a consultation."""
    table = tables.read_mark.c
    query = select(table.commitment).where(table.consultation_id == consultation_id)
    with vault.transaction() as connection:
        return set(connection.execute(query).scalars())


def marked_among(vault: Vault, commitments: Sequence[str]) -> set[str]:
    """Return those of the commitments that are marked as read."""
    table = tables.read_mark.c
    found: set[str] = set()
    with vault.transaction() as connection:
        for some in _parts(commitments):
            query = select(table.commitment).where(table.commitment.in_(some))
            found.update(connection.execute(query).scalars())
    return found


def mark(
    vault: Vault,
    consultation_id: UUID,
    commitments: Iterable[str],
    *,
    staff_id: UUID,
    now: datetime,
) -> None:
    """Mark as read; existing marks are left unchanged."""
    rows = [
        {
            "commitment": commitment,
            "consultation_id": consultation_id,
            "staff_id": staff_id,
            "at": now,
        }
        for commitment in commitments
    ]
    if rows:
        with vault.transaction() as connection:
            put = vault.insert(tables.read_mark).on_conflict_do_nothing()
            connection.execute(put, rows)


def unmark(vault: Vault, consultation_id: UUID, commitments: Sequence[str]) -> None:
    """Remove marks."""
    table = tables.read_mark
    with vault.transaction() as connection:
        for some in _parts(commitments):
            connection.execute(
                delete(table).where(
                    table.c.consultation_id == consultation_id, table.c.commitment.in_(some)
                )
            )


def _parts(commitments: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(commitments), PARAMETERS_MAX):
        yield commitments[at : at + PARAMETERS_MAX]
