"""Free text: what people write, kept where it can be erased."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from consult.people import tables
from consult.people.vault import Vault
from events.ballot_kinds import AnswerMissing, NotAnAnswer, title
from events.errors import Refused
from events.question import Question


class TextTooLong(Refused):
    """More was written than there is room for."""

    says = "Your answer to “{question}” is {over} characters too long. Shorten it."


def check(question: Question, words: Any) -> str:
    """Return the words as they are kept: without spaces at the ends, at most length_max."""
    if not isinstance(words, str) or "\0" in words:
        raise NotAnAnswer(question=title(question))
    written = words.replace("\r\n", "\n").strip()
    if not written and question.required:
        raise AnswerMissing(question=title(question))
    over = len(written) - question.length_max
    if over > 0:
        raise TextTooLong(question=title(question), over=over)
    return written


def keep(vault: Vault, **row: Any) -> None:
    """Store what one person wrote to one question, with the salt of its commitment."""
    with vault.transaction() as connection:
        connection.execute(vault.insert(tables.free_text).values(**row))


def words_of(vault: Vault, subject_id: UUID) -> dict[str, str]:
    """Return what one person wrote, by commitment."""
    query = select(tables.free_text.c.commitment, tables.free_text.c.words).where(
        tables.free_text.c.subject_id == subject_id
    )
    with vault.transaction() as connection:
        return {row.commitment: row.words for row in connection.execute(query)}
