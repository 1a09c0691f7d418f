"""Equality answers: statistics on who took part, not linked to people or their answers.

A row says that somebody in a consultation gave this value to this question. It has no time, no
person, no version and a random id, and nothing in it is shared with any other row or store.
`owner` is a keyed hash, different for each question, under a secret that only erasure uses and
that is destroyed with the key of the consultation: until then the person can have the rows
erased with a receipt, and afterwards nobody can tell whose they were.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, delete, func, insert, select

from consult.people import tables
from consult.people.vault import Vault
from events.errors import Refused

ANSWERS_MAX = 20
LENGTH_MAX = 64

_TABLE = tables.equality_answer


class NotAnEqualityAnswer(Refused):
    """There are too many answers, or a question or value is empty or too long."""

    says = "Choose one of the answers to each question about you, or leave it out."


def keep(
    vault: Vault,
    consultation_id: UUID,
    subject_id: UUID,
    version: int,
    answers: Mapping[str, str],
) -> None:
    """Store one person's answers, replacing earlier ones.

    `subject_id`, `version`: of the receipt. `answers`: value by question, as codes.
    Raises NotAnEqualityAnswer, KeyGone.
    """
    sizes = [len(text) for pair in answers.items() for text in pair]
    if len(answers) > ANSWERS_MAX or any(not 0 < size <= LENGTH_MAX for size in sizes):
        raise NotAnEqualityAnswer
    rows: list[dict[str, Any]] = [
        {
            "id": uuid4(),
            "consultation_id": consultation_id,
            "question": question,
            "value": value,
            "owner": vault.owner(consultation_id, subject_id, version, f"equality/{question}"),
        }
        for question, value in answers.items()
    ]
    with vault.transaction() as connection:
        forget(vault, connection, consultation_id, subject_id, version)
        if rows:
            connection.execute(insert(_TABLE), sorted(rows, key=lambda row: row["id"]))


def counts(vault: Vault, consultation_id: UUID) -> dict[str, dict[str, int]]:
    """Return how many people gave each value, by question.

    For tables of people: hide small numbers before they are shown (I16).
    """
    query = (
        select(_TABLE.c.question, _TABLE.c.value, func.count())
        .where(_TABLE.c.consultation_id == consultation_id)
        .group_by(_TABLE.c.question, _TABLE.c.value)
        .order_by(_TABLE.c.question, _TABLE.c.value)
    )
    found: dict[str, dict[str, int]] = {}
    with vault.transaction() as connection:
        for question, value, number in connection.execute(query):
            found.setdefault(question, {})[value] = number
    return found


def forget(
    vault: Vault, connection: Connection, consultation_id: UUID, subject_id: UUID, version: int
) -> int:
    """Delete one person's answers up to a version; return the number of rows.

    Raises KeyGone.
    """
    mine = _TABLE.c.consultation_id == consultation_id
    asked = connection.execute(select(_TABLE.c.question).where(mine).distinct()).scalars().all()
    deleted = 0
    for question in asked:
        owners = [
            vault.owner(consultation_id, subject_id, each, f"equality/{question}")
            for each in range(1, version + 1)
        ]
        deleted += connection.execute(delete(_TABLE).where(_TABLE.c.owner.in_(owners))).rowcount
    return deleted


def consultations(vault: Vault) -> list[UUID]:
    """Return the consultations that have equality answers."""
    with vault.transaction() as connection:
        return list(connection.execute(select(_TABLE.c.consultation_id).distinct()).scalars())


def mix(vault: Vault, consultation_id: UUID) -> None:
    """Rewrite all rows of a consultation in random order and with new ids.

    On PostgreSQL a row's location and transaction id reveal when it was written, and so which
    answers it belongs to. Done daily while answers come in, and once more afterwards.
    """
    mine = _TABLE.c.consultation_id == consultation_id
    with vault.transaction() as connection:
        rows: list[dict[str, Any]] = [
            {**row._mapping, "id": uuid4()}  # noqa: SLF001  its public name for a mapping
            for row in connection.execute(select(_TABLE).where(mine).with_for_update())
        ]
        if rows:
            connection.execute(delete(_TABLE).where(mine))
            connection.execute(insert(_TABLE), sorted(rows, key=lambda row: row["id"]))
