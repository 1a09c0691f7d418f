"""Return codes, with which a person continues a draft on another device.

The draft moves to that device with its code, so that it is not sent twice. Only a keyed hash of
a code is stored.
"""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from consult.people import tables
from consult.people.answers import attachments, drafts
from consult.people.answers.drafts import Content, draft_id
from consult.people.vault import Vault, read_receipt_code, written_code

CODE_BYTES = 10
MAILS_MAX = 3
"""The most mails with one code."""


def make(vault: Vault, secret: str, consultation_id: UUID, *, now: datetime) -> str:
    """Return a new code for a browser's draft, 80 bits in groups of four; delete earlier ones."""
    code = written_code(secrets.token_bytes(CODE_BYTES))
    table = tables.return_code
    row = {
        "code_hash": _hashed(vault, code),
        "draft_id": draft_id(secret),
        "consultation_id": consultation_id,
        "mails": 0,
        "made_at": now,
    }
    with vault.transaction() as connection:
        connection.execute(
            delete(table).where(
                table.c.draft_id == row["draft_id"], table.c.consultation_id == consultation_id
            )
        )
        connection.execute(insert(table), [row])
    return code


def leads_to(vault: Vault, code: str, secret: str, consultation_id: UUID) -> bool:
    """Return whether a code belongs to this browser's draft."""
    return _draft_of(vault, code, consultation_id) == draft_id(secret)


def saved_at(vault: Vault, code: str, consultation_id: UUID) -> datetime | None:
    """Return when the draft of a code was last changed; None if there is none."""
    found = _draft_of(vault, code, consultation_id)
    query = select(tables.draft.c.changed_at).where(
        tables.draft.c.id == found, tables.draft.c.consultation_id == consultation_id
    )
    with vault.transaction() as connection:
        at: datetime | None = connection.execute(query).scalar() if found else None
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at


def content(vault: Vault, code: str, consultation_id: UUID) -> Content:
    """Return the draft of a code, or an empty one."""
    found = _draft_of(vault, code, consultation_id)
    return drafts.load_by_id(vault, found, consultation_id) if found else {}


def come_back(vault: Vault, code: str, secret: str, consultation_id: UUID) -> bool:
    """Move the draft of a code to this browser, replacing its own; False if there is none."""
    here, table = draft_id(secret), tables.draft
    there = _draft_of(vault, code, consultation_id)
    if there is None or saved_at(vault, code, consultation_id) is None:
        return False
    if there == here:
        return True
    of_consultation = table.c.consultation_id == consultation_id
    codes = tables.return_code
    with vault.transaction() as connection:
        connection.execute(delete(table).where(table.c.id == here, of_consultation))
        moved = connection.execute(
            update(table).where(table.c.id == there, of_consultation).values(id=here)
        )
        same = codes.c.consultation_id == consultation_id
        connection.execute(delete(codes).where(codes.c.draft_id == here, same))
        connection.execute(
            update(codes).where(codes.c.draft_id == there, same).values(draft_id=here)
        )
    attachments.move_draft(vault, there, consultation_id, here)
    return bool(moved.rowcount)


def may_mail(vault: Vault, code: str) -> bool:
    """Count one more mail with a code; return False if MAILS_MAX is reached."""
    table = tables.return_code
    query = (
        update(table)
        .where(table.c.code_hash == _hashed(vault, code), table.c.mails < MAILS_MAX)
        .values(mails=table.c.mails + 1)
    )
    with vault.transaction() as connection:
        return bool(connection.execute(query).rowcount)


def sweep(vault: Vault, *, older_than: datetime) -> int:
    """Delete codes made before `older_than` whose draft is deleted; return how many."""
    codes, drafts = tables.return_code, tables.draft
    there = select(drafts.c.id).where(
        drafts.c.id == codes.c.draft_id, drafts.c.consultation_id == codes.c.consultation_id
    )
    old = delete(codes).where(codes.c.made_at < older_than, ~there.exists())
    with vault.transaction() as connection:
        return connection.execute(old).rowcount


def _draft_of(vault: Vault, code: str, consultation_id: UUID) -> str | None:
    table = tables.return_code.c
    query = select(table.draft_id).where(
        table.code_hash == _hashed(vault, code), table.consultation_id == consultation_id
    )
    with vault.transaction() as connection:
        return connection.execute(query).scalar()


def _hashed(vault: Vault, code: str) -> str:
    key = vault.site_key("return")
    return hmac.new(key, read_receipt_code(code).encode(), hashlib.sha256).hexdigest()
