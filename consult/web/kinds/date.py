"""A date: fields for day, month and year."""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from consult.web.forms.reader import Reader
from consult.web.kinds import tables
from consult.web.kinds.form import Form, QuestionForm, Row, field_name, form
from consult.web.kinds.tables import Line, Tally, View
from consult.web.kinds.values import between, limits_of
from consult.wording import figures
from consult.wording.language import current, said
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused
from events.kinds import pasted
from events.kinds.answer_values import read_day
from events.question import Question

PARTS = ("day", "month", "year")
BOX_LENGTH_MAX = 40


@form("date")
class Date(QuestionForm):
    """A day within limits."""

    def parts(self, question: Question) -> set[str]:
        return set(PARTS)

    def read(self, question: Question, form: Form) -> Any:
        name = field_name(question.id)
        boxes = {part: form.get(f"{name}-{part}", "").strip()[:BOX_LENGTH_MAX] for part in PARTS}
        if not any(pasted.plain(text) for text in boxes.values()):
            return None
        try:
            return pasted.day(boxes).isoformat()
        except pasted.Unread:
            return boxes

    def shown(self, asked: ShownConsultation, question: Question, typed: Any) -> dict[str, Any]:
        return {"value": _boxes(typed)}

    def limits(self, asked: ShownConsultation, question: Question) -> str:
        limits = between(
            question,
            _words,
            _("%(least)s or later."),
            _("%(most)s or earlier."),
        )
        return " ".join(filter(None, (_("For example, 27 3 2026."), limits)))

    def said_values(
        self, asked: ShownConsultation, question: Question, refused: Refused
    ) -> dict[str, Any]:
        return limits_of(refused, _words)

    def lines(self, asked: ShownConsultation, question: Question, typed: Any) -> Row:
        return {"value": _words(typed)}

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        least, most = _day(form, "least"), _day(form, "most")
        if least and most and most < least:
            form.wrong("most", _("This is before the first day."))
        return replace(question, least=least, most=most)

    def typed(self, question: Question) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in ("least", "most"):
            day = read_day(getattr(question, name))
            if day is not None:
                boxes = dict(zip(PARTS, (day.day, day.month, day.year), strict=True))
                found |= {f"{name}-{part}": str(value) for part, value in boxes.items()}
        return found

    def views(
        self, asked: ShownConsultation, question: Question, tally: Tally, least: int
    ) -> list[View]:
        periods = tally["periods"] or {}
        in_order = {period: periods[period] for period in sorted(periods)}
        return [tables.table(said(question.title), in_order, least, _month, of="periods")]

    def rows(
        self, asked: ShownConsultation, question: Question, tally: Tally, least: int
    ) -> Iterator[Line]:
        periods = tally["periods"] or {}
        named = {period: _month(period) for period in sorted(periods)}
        yield from tables.lines(question, tally, least, periods, named)


def _words(value: Any) -> str:
    """Return a day in words; the three fields as typed if they are not a date."""
    day = read_day(value)
    return figures.day(day, current()) if day else " ".join(filter(None, _boxes(value)))


def _boxes(typed: Any) -> tuple[str, str, str]:
    """Return day, month and year as shown in three fields."""
    day = read_day(typed)
    if day is not None:
        return str(day.day), str(day.month), str(day.year)
    given = typed if isinstance(typed, dict) else {}
    first, second, third = (str(given.get(part, "")).replace("\0", "") for part in PARTS)
    return first, second, third


def _day(form: Reader, name: str) -> str:
    """Parse three fields as "2026-11-22"; "" if all are empty."""
    found = form.day(name, is_needed=False)
    return found.isoformat() if found else ""


def _month(start: str) -> str:
    """Return "2026-11" in words; a year unchanged."""
    year, _dash, month = start.partition("-")
    return f"{figures.month(int(month), current())} {year}" if month else year
