"""Dates: how many people gave a day in each month, or in each year."""

from collections import Counter

from consult.counting.kinds.cells import Document, Groups, shown_cells, tally_of
from events.question import Question

MONTHS_MAX = 24
MONTH_LENGTH = len("2026-11")
YEAR_LENGTH = len("2026")


@tally_of("date")
def dates(_question: Question, given: Groups, least: int | None) -> Document:
    """Tally by month, or by year if there are more than MONTHS_MAX months."""
    days: Counter[str] = Counter()
    for answer, number in given:
        if isinstance(answer, str):
            days[answer] += number
    length = MONTH_LENGTH
    if len({day[:MONTH_LENGTH] for day in days}) > MONTHS_MAX:
        length = YEAR_LENGTH
    periods: Counter[str] = Counter()
    for day in sorted(days):
        periods[day[:length]] += days[day]
    return {"periods": shown_cells(periods, least)}
