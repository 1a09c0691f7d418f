"""Chart of how many people took part in each week."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from consult.clocks.local_time import day_of
from consult.counting import small_numbers
from consult.wording import figures, language
from consult.wording.hidden_numbers import note, shown_number, too_few
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation

WEEKS_MIN = 2
WEEKS_MAX = 30
WEEK = timedelta(days=7)


def chart(asked: ShownConsultation, days: Mapping[date, int]) -> dict[str, Any] | None:
    """Return bars of people by week; None if there are too few or too many weeks.

    Votes from a file came in with the file.

    `days`: of those whose answers stand, how many first answered on each day.
    """
    opened, ended, terms = asked.page.opened_at, asked.page.ended_at, asked.page.terms
    if opened is None or ended is None or terms is None or asked.page.is_import:
        return None
    starts = _starts(opened, ended)
    if not WEEKS_MIN <= len(starts) <= WEEKS_MAX:
        return None
    people = _weekly(starts, days)
    title = _("How many took part in each week")
    shown = small_numbers.protect(people, terms.cell_min)
    if shown is None:
        return too_few(title) if any(people.values()) else None
    names = [_name(number, start) for number, start in enumerate(starts, start=1)]
    numbers = [shown_number(cell, terms.cell_min) for cell in shown.values()]
    values = [cell.people or 0 for cell in shown.values()]
    # A week hidden with small numbers may have had just as many.
    most = [place for place, each in enumerate(people.values()) if each == max(people.values())]
    rows = [
        {"name": name, "value": value, "shown": number, "answer": most == [place]}
        for place, (name, value, number) in enumerate(zip(names, values, numbers, strict=True))
    ]
    return {
        "title": _("Most responses came in week %(number)s", number=most[0] + 1)
        if len(most) == 1
        else title,
        "measure": _(
            "Bars show the responses that are counted, each in the week in which it was first "
            "sent. Those taken back are not among them."
        ),
        "rows": rows,
        "longest": max(values) or 1,
        "hidden": note(shown.values(), terms.cell_min),
        "numbers": (
            [_("Week"), _("Responses")],
            [list(pair) for pair in zip(names, numbers, strict=True)],
            (1,),
        ),
    }


def _starts(opened: datetime, ended: datetime) -> list[date]:
    first, weeks = day_of(opened), (day_of(ended) - day_of(opened)) // WEEK + 1
    return [first + WEEK * number for number in range(weeks)]


def _weekly(starts: list[date], days: Mapping[date, int]) -> dict[str, int]:
    """Sum the days into the weeks that begin on `starts`."""
    people = {start.isoformat(): 0 for start in starts}
    for day, number in days.items():
        within = min(max((day - starts[0]) // WEEK, 0), len(starts) - 1)
        people[starts[within].isoformat()] += number
    return people


def _name(number: int, start: date) -> str:
    day, _space, _year = figures.day(start, language.current()).rpartition(" ")
    return _("Week %(number)s, from %(day)s", number=number, day=day)
