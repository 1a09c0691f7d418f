"""Points: how many people gave each option some, and how many it got."""

from consult.counting.kinds.cells import (
    Document,
    Groups,
    counts,
    marked,
    shown_cells,
    tally_of,
)
from events.question import Question


@tally_of("points")
def points(question: Question, given: Groups, least: int | None) -> Document:
    ids = [option.id for option in question.options]
    people = shown_cells(counts(ids, given, marked), least)
    total = dict.fromkeys(ids, 0)
    for answer, number in given:
        for id in marked(answer):
            total[id] = total.get(id, 0) + answer[id] * number
    shown = people and {id: total[id] if isinstance(people[id], int) else people[id] for id in ids}
    return {"options": people, "points": shown}
