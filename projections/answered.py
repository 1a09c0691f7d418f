"""Aggregate the answers of the ballot box: distinct answers with counts, and who wrote text."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Table, func, select

Groups = tuple[tuple[Any, int], ...]
"""Each distinct answer with the number of people who gave it."""


class Answered(NamedTuple):
    """The aggregated answers of a consultation.

    `groups`: by question id. `wrote`: people who wrote or attached something, by question id.
    `respondents`: responses by kind of respondent. `members`: people they represent, by kind of
    respondent, as far as stated.
    """

    groups: dict[str, Groups]
    wrote: dict[str, int]
    respondents: dict[str, int]
    members: dict[str, int]


class Standing(NamedTuple):
    """A response that counts now, with how it was given."""

    subject_id: UUID
    day: date
    channel: str
    area: str
    respondent: str
    assurance: str
    campaign: str
    answers: dict[str, Any]
    people: int
    members: int


def read(db: Connection, ballot: Table, conditions: Sequence[Any]) -> Answered:
    """Return the aggregated answers of the rows that meet the conditions."""
    column = ballot.c.respondent
    kinds = select(column, func.sum(ballot.c.people), func.sum(ballot.c.members))
    rows = list(db.execute(kinds.where(*conditions).group_by(column)))
    return Answered(
        grouped(db, ballot, conditions),
        _wrote(db, ballot, conditions),
        {kind: int(people) for kind, people, _members in rows},
        {kind: int(members) for kind, _people, members in rows},
    )


def grouped(
    db: Connection, ballot: Table, conditions: Sequence[Any], *, only: str | None = None
) -> dict[str, Groups]:
    """Return the distinct answers to each question, or to one, in the order of their bytes."""
    people = func.sum(ballot.c.people)  # an import groups equal ballots in one row
    query = select(ballot.c.answers, people).where(*conditions).group_by(ballot.c.answers)
    found: dict[str, dict[bytes, tuple[Any, int]]] = {}
    for text, number in db.execute(query):
        answers = msgspec.json.decode(text)
        for question_id in answers if only is None else (only,):
            answer = answers.get(question_id)
            if answer is None:
                continue
            mine = found.setdefault(question_id, {})
            key = msgspec.json.encode(answer)
            known = mine.get(key)
            mine[key] = (answer, int(number) + (known[1] if known else 0))
    return {id: tuple(mine[key] for key in sorted(mine)) for id, mine in found.items()}


def _wrote(db: Connection, ballot: Table, conditions: Sequence[Any]) -> dict[str, int]:
    column = ballot.c.wrote
    people = func.sum(ballot.c.people)
    query = select(column, people).where(*conditions, column != "").group_by(column)
    found: Counter[str] = Counter()
    for ids, number in db.execute(query):
        for id in msgspec.json.decode(ids):
            found[id] += int(number)
    return dict(found)
