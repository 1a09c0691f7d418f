"""Attached files: kept where they can be erased; the record holds only a commitment to each."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update

from consult import sizes
from consult.people import tables
from consult.people.answers.file_kinds import Kind, Scan
from consult.people.vault import Vault
from events.errors import Refused
from events.kinds.answer_refusals import AnswerMissing, title
from events.log.commitment import SALT_BYTES, commit
from events.question import Question

CLASS = "F"
"""The value of such a commitment is the SHA-256 of the file's bytes."""

FILES_BYTES_MAX = 20_000_000
"""What one person may attach to one consultation altogether."""

NAME_LENGTH_MAX = 100


class FileGone(Refused):
    """A file that was attached is not there any more."""

    says = "The file for “{question}” is no longer here. Attach it again."


class TooMuchAttached(Refused):
    """All files of a person together take too much room."""

    says = "Your files are larger than {most} together. Attach a smaller file."


class Attached(NamedTuple):
    """What is known of a file without reading it. `scan`: clean, or unscanned."""

    commitment: str
    question_id: str
    name: str
    kind: Kind
    size_bytes: int
    scan: Scan
    kept_at: datetime


class Bound(NamedTuple):
    """A file that was taken from a draft: whose it was, and since when."""

    commitment: str
    consultation_id: UUID
    question_id: str
    draft_id: str
    kept_at: datetime


def check(question: Question, file: Any) -> str:
    """Return the commitment of an attached file; "" where none is needed."""
    if not isinstance(file, str) or not file:
        if question.required:
            raise AnswerMissing(question=title(question))
        return ""
    return file


def keep(
    vault: Vault,
    consultation_id: UUID,
    question_id: str,
    draft_id: str,
    *,
    name: str,
    kind: Kind,
    content: bytes,
    scan: Scan,
    now: datetime,
) -> Attached:
    """Store a file for a draft, in place of the one before; returns what is known of it.

    Raises TooMuchAttached.
    """
    table = tables.attachment
    salt = secrets.token_bytes(SALT_BYTES)
    row: dict[str, Any] = {
        "commitment": commit(salt, CLASS, sha256(content).digest()),
        "question_id": question_id,
        "name": name[-NAME_LENGTH_MAX:],
        "kind": kind,
        "size_bytes": len(content),
        "scan": scan,
        "kept_at": now,
    }
    mine = _of_draft(draft_id, consultation_id)
    with vault.transaction() as connection:
        connection.execute(delete(table).where(mine, table.c.question_id == question_id))
        held = connection.execute(select(func.sum(table.c.size_bytes)).where(mine)).scalar() or 0
        if held + len(content) > FILES_BYTES_MAX:
            raise TooMuchAttached(most=sizes.limit(FILES_BYTES_MAX))
        whose = {"consultation_id": consultation_id, "draft_id": draft_id}
        connection.execute(insert(table), [{**row, **whose, "content": content, "salt": salt}])
    return Attached(**row)


def bind(
    vault: Vault,
    consultation_id: UUID,
    subject_id: UUID,
    files: Mapping[str, str],
    *,
    questions: Mapping[str, Question],
    now: datetime,
) -> list[Bound]:
    """Make files those of a submission that is about to be recorded; returns what it changed.

    A file is taken once: by whoever attached it, and by nobody who read its commitment in the
    public log. `questions`: those of the consultation. Raises FileGone.
    """
    if not files:
        return []  # most people attach nothing, and should not wait for the vault
    table = tables.attachment
    bound: list[Bound] = []
    with vault.transaction() as connection:
        for question_id, commitment in files.items():
            mine = and_(
                table.c.commitment == commitment,
                table.c.consultation_id == consultation_id,
                table.c.question_id == question_id,
                or_(table.c.subject_id.is_(None), table.c.subject_id == subject_id),
            )
            before = select(table.c.subject_id, table.c.draft_id, table.c.kept_at).where(mine)
            row = connection.execute(before.with_for_update()).one_or_none()
            taken = update(table).where(mine)
            found = connection.execute(
                taken.values(subject_id=subject_id, draft_id="", kept_at=now)
            )
            if row is None or not found.rowcount:
                raise FileGone(question=title(questions[question_id]))
            if row.subject_id is None:
                whose = (consultation_id, question_id, row.draft_id)
                bound.append(Bound(commitment, *whose, row.kept_at))
    return bound


def unbind(vault: Vault, bound: Sequence[Bound]) -> None:
    """Give files back to their drafts: what they were bound to will never be recorded.

    Where another file was attached in the meantime, that one stays instead.
    """
    if not bound:
        return
    table = tables.attachment
    with vault.transaction() as connection:
        for file in bound:
            mine = table.c.commitment == file.commitment
            place = _of_draft(file.draft_id, file.consultation_id)
            other = select(table.c.commitment).where(place, table.c.question_id == file.question_id)
            if connection.execute(other).first() is None:
                before = {"draft_id": file.draft_id, "kept_at": file.kept_at}
                connection.execute(update(table).where(mine).values(subject_id=None, **before))


def of_draft(vault: Vault, draft_id: str, consultation_id: UUID) -> dict[str, Attached]:
    """Return what is attached to a draft, by question."""
    with vault.transaction() as connection:
        rows = connection.execute(_about().where(_of_draft(draft_id, consultation_id)))
        return {row.question_id: Attached(*row) for row in rows}


def forget_draft(vault: Vault, draft_id: str, consultation_id: UUID, question_id: str = "") -> None:
    """Delete what is attached to a draft: to one question, or to all."""
    table = tables.attachment
    query = delete(table).where(_of_draft(draft_id, consultation_id))
    with vault.transaction() as connection:
        connection.execute(
            query.where(table.c.question_id == question_id) if question_id else query
        )


def move_draft(vault: Vault, draft_id: str, consultation_id: UUID, to: str) -> None:
    """Let what is attached to a draft go with it to another device."""
    table = tables.attachment
    with vault.transaction() as connection:
        connection.execute(delete(table).where(_of_draft(to, consultation_id)))
        mine = _of_draft(draft_id, consultation_id)
        connection.execute(update(table).where(mine).values(draft_id=to))


def of_consultation(vault: Vault, consultation_id: UUID) -> list[Attached]:
    """Return every file that was sent with answers, by question, the earliest first."""
    table = tables.attachment.c
    query = _about().where(table.consultation_id == consultation_id, table.subject_id.is_not(None))
    with vault.transaction() as connection:
        rows = connection.execute(query.order_by(table.question_id, table.kept_at))
        return [Attached(*row) for row in rows]


def of_person(vault: Vault, subject_id: UUID) -> list[Attached]:
    """Return the files one person sent."""
    query = _about().where(tables.attachment.c.subject_id == subject_id)
    with vault.transaction() as connection:
        return [Attached(*row) for row in connection.execute(query)]


def content_of(vault: Vault, consultation_id: UUID, commitment: str) -> bytes | None:
    """Return the bytes of a file that was sent; None when it is gone."""
    table = tables.attachment.c
    query = select(table.content).where(
        table.commitment == commitment,
        table.consultation_id == consultation_id,
        table.subject_id.is_not(None),
    )
    with vault.transaction() as connection:
        found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def sent_until(vault: Vault, until: datetime, *, after: datetime | None) -> list[tuple[str, UUID]]:
    """Return commitment and submission of every file that was handed in between two moments."""
    table = tables.attachment.c
    query = select(table.commitment, table.subject_id).where(
        table.subject_id.is_not(None), table.kept_at <= until
    )
    if after is not None:
        query = query.where(table.kept_at > after)
    with vault.transaction() as connection:
        return [(row[0], row[1]) for row in connection.execute(query)]


def forget(vault: Vault, commitments: Sequence[str]) -> None:
    """Delete files by their commitments."""
    table = tables.attachment
    with vault.transaction() as connection:
        for commitment in commitments:
            connection.execute(delete(table).where(table.c.commitment == commitment))


def sweep(vault: Vault, *, older_than: datetime) -> int:
    """Delete files of drafts that were attached before and never sent; return how many."""
    table = tables.attachment
    old = and_(table.c.subject_id.is_(None), table.c.kept_at < older_than)
    with vault.transaction() as connection:
        return connection.execute(delete(table).where(old)).rowcount


def _of_draft(draft_id: str, consultation_id: UUID) -> ColumnElement[bool]:
    table = tables.attachment.c
    return and_(
        table.draft_id == draft_id,
        table.consultation_id == consultation_id,
        table.subject_id.is_(None),
    )


def _about() -> Any:
    table = tables.attachment.c
    return select(*(table[name] for name in Attached._fields))
