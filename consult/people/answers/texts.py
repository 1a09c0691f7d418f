"""Free text, stored erasably."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, insert, or_, select

from consult.people import tables
from consult.people.vault import Vault
from events.errors import Refused
from events.kinds.answer_refusals import AnswerMissing, NotAnAnswer, OtherUnwritten, title
from events.log.commitment import SALT_BYTES, commit
from events.question import Question

CLASS = "T"
PARAMETERS_MAX = 500
OTHER_LENGTH_MAX = 200


class Kept(NamedTuple):
    """The submission of a commitment to a text, and when the text was stored."""

    commitment: str
    subject_id: UUID
    kept_at: datetime


class TextTooLong(Refused):
    """The text is longer than its limit."""

    says = "Your answer to “{question}” is too long. Characters too many: {over}. Shorten it."


def check(question: Question, words: Any) -> str:
    """Return the text in its stored form: stripped, at most length_max characters.

    Raises NotAnAnswer, AnswerMissing, TextTooLong.
    """
    if not isinstance(words, str) or "\0" in words:
        raise NotAnAnswer(question=title(question))
    written = words.replace("\r\n", "\n").strip()
    if not written and question.required:
        raise AnswerMissing(question=title(question))
    over = len(written) - question.length_max
    if over > 0:
        raise TextTooLong(question=title(question), over=over)
    return written


def check_other(question: Question, words: Any) -> str:
    """Return the text of "other" in its stored form.

    Raises NotAnAnswer, OtherUnwritten, TextTooLong.
    """
    if not isinstance(words, str) or "\0" in words:
        raise NotAnAnswer(question=title(question))
    written = words.replace("\r\n", "\n").strip()
    if not written:
        raise OtherUnwritten(question=title(question))
    if len(written) > OTHER_LENGTH_MAX:
        raise TextTooLong(question=title(question), over=len(written) - OTHER_LENGTH_MAX)
    return written


def keep(
    vault: Vault,
    consultation_id: UUID,
    subject_id: UUID,
    words: Mapping[str, str],
    *,
    now: datetime,
) -> dict[str, str]:
    """Store one person's texts; return their commitments by question, each with its own salt."""
    rows = []
    for question_id, written in words.items():
        salt = secrets.token_bytes(SALT_BYTES)
        rows.append(
            {
                "commitment": commit(salt, CLASS, written.encode()),
                "consultation_id": consultation_id,
                "subject_id": subject_id,
                "question_id": question_id,
                "words": written,
                "salt": salt,
                "kept_at": now,
            }
        )
    if rows:
        with vault.transaction() as connection:
            connection.execute(insert(tables.free_text), rows)
    return {str(row["question_id"]): str(row["commitment"]) for row in rows}


def words_of(vault: Vault, subject_id: UUID) -> dict[str, str]:
    """Return one person's texts, by commitment."""
    query = select(tables.free_text.c.commitment, tables.free_text.c.words).where(
        tables.free_text.c.subject_id == subject_id
    )
    with vault.transaction() as connection:
        return {row.commitment: row.words for row in connection.execute(query)}


def openings_of(vault: Vault, subject_id: UUID) -> dict[str, tuple[bytes, str]]:
    """Return salt and text of one person's texts that are not erased, by commitment."""
    table = tables.free_text.c
    query = select(table.commitment, table.salt, table.words).where(table.subject_id == subject_id)
    with vault.transaction() as connection:
        return {row.commitment: (bytes(row.salt), row.words) for row in connection.execute(query)}


def kept_until(vault: Vault, until: datetime, after: Kept | None, limit: int) -> list[Kept]:
    """Return texts stored until a time, oldest first; `after`: the last one of the page before."""
    table = tables.free_text.c
    query = select(table.commitment, table.subject_id, table.kept_at).where(table.kept_at <= until)
    if after is not None:
        same = (table.kept_at == after.kept_at) & (table.commitment > after.commitment)
        query = query.where(or_(table.kept_at > after.kept_at, same))
    with vault.transaction() as connection:
        rows = connection.execute(query.order_by(table.kept_at, table.commitment).limit(limit))
        return [Kept(row.commitment, row.subject_id, row.kept_at) for row in rows]


def forget(vault: Vault, commitments: Sequence[str]) -> int:
    """Delete texts by their commitments; return how many existed."""
    table = tables.free_text
    gone = 0
    if not commitments:
        return gone
    with vault.transaction() as connection:
        for at in range(0, len(commitments), PARAMETERS_MAX):
            some = commitments[at : at + PARAMETERS_MAX]
            gone += connection.execute(delete(table).where(table.c.commitment.in_(some))).rowcount
    return gone
