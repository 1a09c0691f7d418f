"""The live tallies behind a priority ranking: updated as answers arrive, never recounted."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Integer, String, Table, Uuid, func, select

from projections.engine.projection import Batch, counter


def columns() -> list[Column[Any]]:
    """Return the columns of a tally.

    `place`: the rank an option was given, from 1; the grade of a rating; 0 for everything
    else. Picks without an order also have places, whose sum is what matters. `ballots`: how
    many people put it there; `amount`: the points they gave. A number or a date stands as the
    option; a grid has row and column there, "row/column".
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
    """Add answers that so many people gave; take them off where the number is below nothing."""
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
            if isinstance(number, str):  # a grid: row and column stand together
                yield f"{option}/{number}", 0, 0
            else:
                yield option, number if number <= GRADE_MAX else 0, number


GRADE_MAX = 20
"""Points up to here keep a row for each number, so that a distribution can be shown."""


def places(
    db: Connection, table: Table, consultation_id: UUID, question_id: str
) -> dict[str, dict[int, int]]:
    """Return how many people put each option at each place."""
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
    """Return for each option how many people named it, and the points they gave it."""
    query = (
        select(table.c.option_id, func.sum(table.c.ballots), func.sum(table.c.amount))
        .where(table.c.consultation_id == consultation_id, table.c.question_id == question_id)
        .group_by(table.c.option_id)
    )
    return {option: (int(ballots), int(amount)) for option, ballots, amount in db.execute(query)}
