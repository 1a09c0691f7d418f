"""Drafts: answers that are not sent yet, stored so that a person can continue later."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete as sql_delete
from sqlalchemy import select

from consult.people import tables
from consult.people.vault import Vault

KEPT_DAYS = 30
"""Drafts unchanged for so long are deleted."""
CONTENT_BYTES_MAX = 400_000

Content = dict[str, Any]
"""JSON-native: the data that the page needs to show the answers again."""


def draft_id(secret: str) -> str:
    """Return the id of a browser's drafts: a hash, so the vault does not identify a browser."""
    return hashlib.sha256(f"folkmoot/draft/v1\0{secret}".encode()).hexdigest()


def load(vault: Vault, secret: str, consultation_id: UUID) -> Content:
    """Return this browser's draft for a consultation, or an empty one."""
    return load_by_id(vault, draft_id(secret), consultation_id)


def load_by_id(vault: Vault, id: str, consultation_id: UUID) -> Content:
    """Return the draft with this id for a consultation, or an empty one."""
    query = select(tables.draft.c.content).where(
        tables.draft.c.id == id, tables.draft.c.consultation_id == consultation_id
    )
    with vault.transaction() as connection:
        content = connection.execute(query).scalar()
    return msgspec.json.decode(content, type=Content) if content else {}


def save(
    vault: Vault, secret: str, consultation_id: UUID, content: Content, *, now: datetime
) -> bool:
    """Store a draft, replacing the one before; return False if it is too large."""
    written = msgspec.json.encode(content)
    if len(written) > CONTENT_BYTES_MAX:
        return False
    row = {"content": written.decode(), "changed_at": now}
    put = vault.insert(tables.draft).values(
        id=draft_id(secret), consultation_id=consultation_id, **row
    )
    with vault.transaction() as connection:
        connection.execute(
            put.on_conflict_do_update(index_elements=["id", "consultation_id"], set_=row)
        )
    return True


def delete(vault: Vault, secret: str, consultation_id: UUID) -> None:
    """Delete a draft, its files and its return code; idempotent."""
    attachment, code = tables.attachment.c, tables.return_code.c
    id = draft_id(secret)
    with vault.transaction() as connection:
        connection.execute(sql_delete(tables.draft).where(*_place(secret, consultation_id)))
        connection.execute(
            sql_delete(tables.attachment).where(
                attachment.draft_id == id,
                attachment.consultation_id == consultation_id,
                attachment.subject_id.is_(None),
            )
        )
        connection.execute(
            sql_delete(tables.return_code).where(
                code.draft_id == id, code.consultation_id == consultation_id
            )
        )


def sweep(vault: Vault, *, older_than: datetime) -> int:
    """Delete drafts last changed before `older_than`; return how many."""
    with vault.transaction() as connection:
        swept = connection.execute(
            sql_delete(tables.draft).where(tables.draft.c.changed_at < older_than)
        )
    return swept.rowcount


def _place(secret: str, consultation_id: UUID) -> tuple[Any, ...]:
    table = tables.draft.c
    return (table.id == draft_id(secret), table.consultation_id == consultation_id)
