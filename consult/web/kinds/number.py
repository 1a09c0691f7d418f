"""A number: a field, with its unit."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from msgspec.structs import replace

from consult.web.forms.reader import Reader, typed_words
from consult.web.kinds import tables
from consult.web.kinds.choosing import plain_text
from consult.web.kinds.form import Form, QuestionForm, Row, field_name, form
from consult.web.kinds.tables import Line, Tally, View
from consult.web.kinds.values import between, limits_of
from consult.wording import figures, pasted_words
from consult.wording.hidden_numbers import shown_cell
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused
from events.kinds import pasted
from events.kinds.answer_values import DECIMALS_MAX, scaled
from events.question import Question

UNIT_LENGTH_MAX = 40


@form("number")
class Number(QuestionForm):
    """A number within limits."""

    is_kept = True

    def read(self, question: Question, form: Form) -> Any:
        given = [_shortest(question, each) for each in form.getlist(field_name(question.id))]
        return given[0].replace("\r\n", "\n") if given else ""

    def shown(self, asked: ShownConsultation, question: Question, typed: Any) -> dict[str, Any]:
        return {
            "value": plain_text(typed),
            "unit": said(question.unit) if question.unit else None,
            "inputmode": _inputmode(question),
        }

    def limits(self, asked: ShownConsultation, question: Question) -> str:
        """Return the unit, which screen readers do not read beside the field, and the limits."""
        unit = _("In %(unit)s.", unit=said(question.unit)) if question.unit else ""
        limits = between(question, _figure, _("%(least)s or more."), _("%(most)s or less."))
        return " ".join(filter(None, (unit, limits)))

    def said_values(
        self, asked: ShownConsultation, question: Question, refused: Refused
    ) -> dict[str, Any]:
        return limits_of(refused, partial(_words, question))

    def lines(self, asked: ShownConsultation, question: Question, typed: Any) -> Row:
        return {"value": _words(question, typed)}

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        decimals = form.number("decimals", _("The number of decimals"), most=DECIMALS_MAX)
        limits = {name: _limit(form, name, decimals) for name in ("least", "most")}
        least, most = (scaled(text, decimals) for text in limits.values())
        if least is not None and most is not None and most < least:
            form.wrong("most", _("This is less than the least number."))
        unit = form.words("unit", languages, most=UNIT_LENGTH_MAX)
        return replace(question, decimals=decimals, unit=unit, **limits)

    def typed(self, question: Question) -> dict[str, str]:
        return {
            "decimals": str(question.decimals),
            "least": question.least,
            "most": question.most,
            **typed_words("unit", question.unit),
        }

    def views(
        self, asked: ShownConsultation, question: Question, tally: Tally, least: int
    ) -> list[View]:
        """Return median and spread; the most extreme answers are never shown."""
        if tally["middle"] is None:
            return [tables.view(said(question.title), numbers=[])]
        few = max(least, 1)
        lower, upper = (_words(question, value) for value in tally["middle"])
        both = lower if lower == upper else _("%(lower)s and %(upper)s", lower=lower, upper=upper)
        facts = [
            (_("Answers"), shown_cell(tally["answered"], least)),
            (_("The middle: half gave this or less, half this or more"), both),
        ]
        if tally["low"] is not None:
            low, high = (_words(question, tally[end]) for end in ("low", "high"))
            facts += [
                (_("Low: at least %(few)s answers are this or less", few=few), low),
                (_("High: at least %(few)s answers are this or more", few=few), high),
            ]
        return [tables.view(said(question.title), numbers=facts, facts=facts)]

    def rows(
        self, asked: ShownConsultation, question: Question, tally: Tally, least: int
    ) -> Iterator[Line]:
        """Yield how many answered, and the median, low and high in their unit."""
        answered = tally["answered"]
        if tally["middle"] is None:
            yield tables.answered(question, answered, tables.too_small(answered, least))
            return
        yield tables.answered(question, answered, None)
        lower, upper = tally["middle"]
        values = [("middle", _("The middle: half gave this or less, half this or more"), lower)]
        if lower != upper:
            values = [
                ("middle-lower", _("The middle: half gave this or less"), lower),
                ("middle-upper", _("The middle: half gave this or more"), upper),
            ]
        few = max(least, 1)
        if tally["low"] is not None:
            low = _("Low: at least %(few)s answers are this or less", few=few)
            high = _("High: at least %(few)s answers are this or more", few=few)
            values += [("low", low, tally["low"]), ("high", high, tally["high"])]
        unit, title = said(question.unit) if question.unit else _("Answer"), said(question.title)
        for id, words, value in values:
            yield Line(question.id, title, id, words, Fraction(value), unit, exact=value)


def _words(question: Question, value: Any) -> str:
    """Return a number with thousands separators and its unit: "1,200 miles"."""
    if not isinstance(value, str) or not value:
        return ""
    unit = said(question.unit) if question.unit else ""
    return f"{_figure(value)} {unit}".strip()


def _figure(value: str) -> str:
    whole, point, behind = value.partition(".")
    bare = whole.removeprefix("-")
    if bare.isascii() and bare.isdigit():
        whole = whole.removesuffix(bare) + figures.number(int(bare))
    return f"{whole}{point}{behind}"


def _shortest(question: Question, text: str) -> str:
    """Return a number in its shortest form; the input itself if it cannot be parsed."""
    try:
        value = pasted.number(text, question.decimals, units=question.unit.values())
    except pasted.Unread:
        return text.strip() if pasted.plain(text) else ""
    return pasted.shortest(value, question.decimals)


def _inputmode(question: Question) -> str | None:
    """Return the inputmode; the digit keypads of phones have no minus sign."""
    if not question.least or question.least.startswith("-"):
        return None
    return "decimal" if question.decimals else "numeric"


def _limit(form: Reader, name: str, decimals: int) -> str:
    """Parse a limit of a number in its stored form; "" without one."""
    text = form.raw(name)
    if not pasted.plain(text):
        return ""
    try:
        return pasted.shortest(pasted.number(text, decimals), decimals)
    except pasted.Unread as unread:
        form.wrong(name, pasted_words.says(unread))
    return ""
