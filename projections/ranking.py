"""Live tallies of votes: updated incrementally as answers arrive."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Integer, String, Table, Uuid, func, select

from projections.engine.projection import Batch, counter


def columns() -> list[Column[Any]]:
    """Return the columns of a tally.

    `place`: the rank of an option, from 1; the grade of a rating; 0 for everything else. Picks
    without an order also have places, of which only the sum is meaningful. `ballots`: people
    who put it there; `amount`: the points they gave. For a number or a date, the value is the
    option; for a matrix, "row/column".
    """
    return [
        Column("consultation_id", Uuid, primary_key=True),
        Column("question_id", String(64), primary_key=True),
        Column("option_id", String(64), primary_key=True),
        Column("place", Integer, primary_key=True),
        counter("ballots"),
        counter("amount"),
    ]


def tally(
    batch: Batch, table: Table, consultation_id: UUID, answers: Mapping[str, Any], people: int
) -> None:
    """Add the answers of a number of people; subtract them if the number is negative."""
    for question_id, answer in answers.items():
        for option_id, place, amount in marks(answer):
            key = {
                "consultation_id": consultation_id,
                "question_id": question_id,
                "option_id": option_id,
                "place": place,
            }
            batch.add(table, key, ballots=people, amount=people * amount)


def marks(answer: Any) -> Iterator[tuple[str, int, int]]:
    """Yield (option, place, amount) for everything an answer names."""
    if isinstance(answer, str):
        yield answer, 0, 0
    elif isinstance(answer, list):
        for place, named in enumerate(answer, start=1):
            for option in named if isinstance(named, list) else (named,):
                yield option, place, 0
    else:
        for option, number in answer.items():
            if isinstance(number, str):  # a matrix
                yield f"{option}/{number}", 0, 0
            else:
                yield option, number if number <= GRADE_MAX else 0, number


GRADE_MAX = 20
"""Points up to this have a row for each number, so that a distribution can be shown."""


def places(
    db: Connection, table: Table, consultation_id: UUID, question_id: str
) -> dict[str, dict[int, int]]:
    """Return the number of people by option and place."""
    query = select(table.c.option_id, table.c.place, table.c.ballots).where(
        table.c.consultation_id == consultation_id,
        table.c.question_id == question_id,
        table.c.ballots > 0,
    )
    found: dict[str, dict[int, int]] = {}
    for row in db.execute(query):
        found.setdefault(row.option_id, {})[row.place] = row.ballots
    return found


def totals(
    db: Connection, table: Table, consultation_id: UUID, question_id: str
) -> dict[str, tuple[int, int]]:
    """Return (people, points) for each option."""
    query = (
        select(table.c.option_id, func.sum(table.c.ballots), func.sum(table.c.amount))
        .where(table.c.consultation_id == consultation_id, table.c.question_id == question_id)
        .group_by(table.c.option_id)
    )
    return {option: (int(ballots), int(amount)) for option, ballots, amount in db.execute(query)}
