"""Attached files: stored erasably; the record has only a commitment to each."""

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
"""The class of these commitments, whose value is the SHA-256 of the file's bytes."""

FILES_BYTES_MAX = 20_000_000
"""The total size of one person's files in one consultation."""

NAME_LENGTH_MAX = 100


class FileGone(Refused):
    """An attached file no longer exists."""

    says = "The file for “{question}” is no longer here. Attach it again."


class TooMuchAttached(Refused):
    """The files of a person exceed FILES_BYTES_MAX together."""

    says = "Your files are larger than {most} together. Attach a smaller file."


class Attached(NamedTuple):
    """The metadata of a file. `scan`: clean, or unscanned."""

    commitment: str
    question_id: str
    name: str
    kind: Kind
    size_bytes: int
    scan: Scan
    kept_at: datetime


class Bound(NamedTuple):
    """A file taken from a draft, with the draft and time it had before."""

    commitment: str
    consultation_id: UUID
    question_id: str
    draft_id: str
    kept_at: datetime


def check(question: Question, file: Any) -> str:
    """Return the commitment of an attached file; "" if none is given. Raises AnswerMissing."""
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
    """Store a file for a question of a draft, replacing an earlier one; return its metadata.

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
    """Assign files to a submission that is about to be recorded; return those it changed.

    A file can be taken once, so nobody can take another's file by its public commitment.
    `questions`: those of the consultation. Raises FileGone.
    """
    if not files:
        return []  # most people attach nothing, and need no transaction
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
    """Return files to their drafts, because the submission was not recorded.

    If another file was attached in the meantime, that one stays instead.
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
    """Return the files of a draft, by question."""
    with vault.transaction() as connection:
        rows = connection.execute(_about().where(_of_draft(draft_id, consultation_id)))
        return {row.question_id: Attached(*row) for row in rows}


def forget_draft(vault: Vault, draft_id: str, consultation_id: UUID, question_id: str = "") -> None:
    """Delete the files of a draft: for one question, or for all."""
    table = tables.attachment
    query = delete(table).where(_of_draft(draft_id, consultation_id))
    with vault.transaction() as connection:
        connection.execute(
            query.where(table.c.question_id == question_id) if question_id else query
        )


def move_draft(vault: Vault, draft_id: str, consultation_id: UUID, to: str) -> None:
    """Move the files of a draft to another device's draft."""
    table = tables.attachment
    with vault.transaction() as connection:
        connection.execute(delete(table).where(_of_draft(to, consultation_id)))
        mine = _of_draft(draft_id, consultation_id)
        connection.execute(update(table).where(mine).values(draft_id=to))


def of_consultation(vault: Vault, consultation_id: UUID) -> list[Attached]:
    """Return every submitted file of a consultation, by question, oldest first."""
    table = tables.attachment.c
    query = _about().where(table.consultation_id == consultation_id, table.subject_id.is_not(None))
    with vault.transaction() as connection:
        rows = connection.execute(query.order_by(table.question_id, table.kept_at))
        return [Attached(*row) for row in rows]


def of_person(vault: Vault, subject_id: UUID) -> list[Attached]:
    """Return the submitted files of one person."""
    query = _about().where(tables.attachment.c.subject_id == subject_id)
    with vault.transaction() as connection:
        return [Attached(*row) for row in connection.execute(query)]


def content_of(vault: Vault, consultation_id: UUID, commitment: str) -> bytes | None:
    """Return the bytes of a submitted file; None if it is deleted."""
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
    """Return (commitment, submission) of every file with `after` < submission time <= `until`."""
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
    """Delete files attached before `older_than` and never submitted; return how many."""
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
