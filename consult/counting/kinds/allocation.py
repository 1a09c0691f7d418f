"""Shares of a budget: how much each option got, the middle, and how many gave it each amount."""

from collections import Counter

from consult.counting.kinds.cells import Document, Groups, shown_cells, tally_of
from events.question import Question


@tally_of("allocation")
def allocation(question: Question, given: Groups, least: int | None) -> Document:
    answers = list(given)
    if sum(number for _answer, number in answers) < max(least or 0, 1):
        return {"amounts": None}
    return {"amounts": {option.id: _of(option.id, answers, least) for option in question.options}}


def _of(id: str, given: Groups, least: int | None) -> Document:
    """Return total, middle and table of one option.

    A table with a hidden number is left out as a whole: the total could give that number away.
    """
    people: Counter[int] = Counter()
    for answer, number in given:
        people[dict(answer).get(id, 0)] += number
    cells = shown_cells({str(amount): people[amount] for amount in sorted(people)}, least) or {}
    spread = sorted(people.elements())
    is_whole = bool(cells) and all(isinstance(cell, int) for cell in cells.values())
    return {
        "total": sum(spread),
        "middle": [spread[(len(spread) - 1) // 2], spread[len(spread) // 2]],
        "people": cells if is_whole else None,
    }
