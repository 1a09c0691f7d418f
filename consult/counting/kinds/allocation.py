"""Shares of a budget: how much each option got, the middle, and how many gave it each amount.

What is shown must not give away what a few people gave, not by subtraction either: totals make up
what everybody had, and a total bounds how many can have given something, in whole steps.
"""

from collections import Counter
from collections.abc import Mapping

from consult.counting.kinds.cells import Document, Groups, shown_cells, tally_of
from events.question import Question

Spread = Mapping[int, int]
"""How many people gave an option each amount, by amount, lowest first."""


@tally_of("allocation")
def allocation(question: Question, given: Groups, least: int | None) -> Document:
    answers, few = list(given), max(least or 0, 1)
    spreads = {option.id: _spread(option.id, answers) for option in question.options}
    is_little = any(0 < _total(spread) < few * question.step for spread in spreads.values())
    if is_little or sum(number for _answer, number in answers) < few:
        return {"amounts": None}
    tables = {id: _table(spread, least) for id, spread in spreads.items()}
    is_whole = all(table is not None for table in tables.values())
    has_middle = is_whole or all(_is_open(question, each, few) for each in spreads.values())
    return {
        "amounts": {
            id: {
                "total": _total(spread),
                "middle": _middle(spread) if has_middle else None,
                "people": tables[id] if is_whole else None,
            }
            for id, spread in spreads.items()
        }
    }


def _spread(id: str, given: Groups) -> Spread:
    people: Counter[int] = Counter()
    for answer, number in given:
        people[dict(answer).get(id, 0)] += number
    return {amount: people[amount] for amount in sorted(people)}


def _total(spread: Spread) -> int:
    return sum(amount * number for amount, number in spread.items())


def _middle(spread: Spread) -> list[int]:
    """Return the lower and the upper middle of the sorted amounts."""
    people = sum(spread.values())
    return [_at(spread, (people - 1) // 2), _at(spread, people // 2)]


def _at(spread: Spread, place: int) -> int:
    """Return the amount at a place of the sorted amounts, counted from 0."""
    for amount, number in spread.items():
        if place < number:
            return amount
        place -= number
    raise IndexError(place)


def _table(spread: Spread, least: int | None) -> dict[str, int] | None:
    """Return how many gave each amount; None where one of these numbers would be hidden."""
    cells = shown_cells({str(amount): number for amount, number in spread.items()}, least) or {}
    shown = {amount: cell for amount, cell in cells.items() if isinstance(cell, int)}
    return shown if len(shown) == len(spread) else None


def _is_open(question: Question, spread: Spread, few: int) -> bool:
    """Return whether the middle beside the total leaves open what fewer than `few` people gave.

    At least `few` people are on either side of it, and the total is at least as many steps away
    from the least and the most that are possible with it: fewer steps could be told apart.
    """
    people, total = sum(spread.values()), _total(spread)
    lower, upper = _middle(spread)
    aside = (people - 1) // 2
    middles = lower if people % 2 else lower + upper
    least, most = middles + aside * upper, middles + aside * (lower + (question.pot or 0))
    room = few * question.step
    return not total or (aside >= few and least + room <= total <= most - room)
