"""Sentences about a number, date or time that could not be parsed, in the page's language."""

from consult.wording import figures
from consult.wording.language import N_, current, gettext
from consult.wording.refusals import says as refusal_says
from events.kinds.pasted import DateIncomplete, DayNotInMonth, Unread

_MISSING = {
    ("day",): N_("day"),
    ("month",): N_("month"),
    ("year",): N_("year"),
    ("day", "month"): N_("day and no month"),
    ("day", "year"): N_("day and no year"),
    ("month", "year"): N_("month and no year"),
    ("day", "month", "year"): N_("day, no month and no year"),
}
NO_SUCH_DAY = N_("{month} {year} has {days} days, so there is no day {day}.")


def says(unread: Unread) -> str:
    """Return the sentence about what could not be parsed."""
    if isinstance(unread, DateIncomplete):
        return refusal_says(unread, missing=gettext(_MISSING[unread.values["parts"]]))
    if isinstance(unread, DayNotInMonth):
        month = figures.month(unread.values["month"], current())
        return gettext(NO_SUCH_DAY).format(**{**unread.values, "month": month})
    return refusal_says(unread)
