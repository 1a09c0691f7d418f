"""A budget to share out: a field of money for each option, and how much is left."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from msgspec.structs import replace

from consult.counting.kinds.cells import FEW
from consult.web.forms.reader import PENCE_MAX, Reader, typed_pounds
from consult.web.kinds import amounts, tables
from consult.web.kinds.amounts import Amounts
from consult.web.kinds.form import Form, Problem, Row, field_name, form
from consult.web.kinds.tables import Line, Tally, View
from consult.wording import figures
from consult.wording.hidden_numbers import shown_cell
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.refusals import says
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused
from events.kinds import pasted
from events.kinds.allocation import STEPS_MAX, NotInSteps, divides
from events.kinds.answer_refusals import NotAnAnswer
from events.question import Option, Question

MONEY = ("given", "step", "pot", "left", "over")
"""Values of refusals that are amounts of money."""


@form("allocation")
class Allocation(Amounts):
    """Amounts of money that make up the pot together."""

    is_first_bare = True

    def read(self, question: Question, form: Form) -> Any:
        return amounts.by_part(question, form, _pence) or None

    def shown(self, asked: ShownConsultation, question: Question, typed: Any) -> dict[str, Any]:
        written = {id: _written(value) for id, value in amounts.values(typed).items()}
        keys = "decimal" if question.step % 10**asked.decimals else "numeric"
        money = {"unit": asked.unit, "decimals": asked.decimals, "inputmode": keys}
        used, pot = amounts.used(typed), question.pot
        return {"values": written, "used": used, "total": pot, "money": money}

    def limits(self, asked: ShownConsultation, question: Question) -> str:
        pot, step = _money(asked)(question.pot or 0), _money(asked)(question.step)
        return _("Share out all of %(pot)s, in steps of %(step)s.", pot=pot, step=step)

    def where(self, question: Question, typed: Any, refused: Refused) -> list[Problem]:
        """Return which amounts cannot be read, each with the reason at its own field."""
        if isinstance(refused, NotAnAnswer):
            too_small = _("The least that you can give is £0.")
            too_large = _("This is more than there is to share out.")
            return amounts.unread(question, typed, pasted.pence, too_small, too_large)
        if isinstance(refused, NotInSteps):
            name, given = field_name(question.id), amounts.values(typed)
            return [
                (f"{name}-{option.id}", says(_not_in_steps(question, option, amount)))
                for option in question.options
                if isinstance(amount := given.get(option.id), int) and amount % question.step
            ]
        return []

    def said_values(
        self, asked: ShownConsultation, question: Question, refused: Refused
    ) -> dict[str, Any]:
        say = _money(asked)
        return {name: say(value) for name, value in refused.values.items() if name in MONEY}

    def lines(self, asked: ShownConsultation, question: Question, typed: Any) -> Row:
        values = amounts.values(typed).values()
        say = _money(asked)
        return amounts.lines(
            question, typed, {value: say(value) for value in values if isinstance(value, int)}
        )

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        needed = _("Say how much money there is to share out.")
        pot = form.pounds("pot", needed=needed)
        if pot == 0:
            form.wrong("pot", needed)
        step = form.pounds("step", needed=_("Say in which steps the money is shared out."))
        if pot and step is not None and not divides(step, pot):
            sentence = _("Choose a step that divides the money, at most {most} times.")
            form.wrong("step", sentence.format(most=figures.number(STEPS_MAX)))
        return replace(question, pot=pot, step=step or 0)

    def typed(self, question: Question) -> dict[str, str]:
        return {"pot": typed_pounds(question.pot), "step": typed_pounds(question.step or None)}

    def views(
        self, asked: ShownConsultation, question: Question, tally: Tally, least: int
    ) -> list[View]:
        """Return the averages with the middles, and for each option how many gave each amount."""
        title, found = said(question.title), tally["amounts"]
        if found is None:
            return [tables.view(title, numbers=[], says=_too_little(tally["answered"], least))]
        say = _money(asked)
        rows = [
            {
                "name": said(option.title),
                "value": found[option.id]["total"],
                "shown": _shown(found[option.id], tally, say),
                "answer": False,
            }
            for option in question.options
        ]
        numbers = [(str(row["name"]), str(row["shown"])) for row in rows]
        note, hidden = _notes(found)
        return [
            tables.view(title, numbers=numbers, rows=rows, note=note, hidden=hidden),
            *(
                tables.table(
                    f"{title} – {said(option.title)}",
                    found[option.id]["people"],
                    least,
                    lambda amount: say(int(amount)),
                    of=f"amounts {option.id} people",
                )
                | {"note": _("How many people gave it each amount.")}
                for option in question.options
                if found[option.id]["people"]
            ),
        ]

    def rows(
        self, asked: ShownConsultation, question: Question, tally: Tally, least: int
    ) -> Iterator[Line]:
        """Yield for each option average and middle in money, and how many gave each amount."""
        answered, found = tally["answered"], tally["amounts"]
        if found is None:
            yield tables.answered(question, answered, _too_little(answered, least))
            return
        yield tables.answered(question, answered, _notes(found)[1] or None)
        say = _money(asked)
        for option in question.options:
            one, name = found[option.id], said(option.title)
            values = [("average", _("Average"), Fraction(one["total"], answered))]
            if one["middle"]:
                lower, upper = map(Fraction, one["middle"])
                values += [
                    ("middle-lower", _("The middle: half gave this or less"), lower),
                    ("middle-upper", _("The middle: half gave this or more"), upper),
                ]
            for id, words, value in values:
                yield _line(asked, question, f"{option.id}/{id}", f"{name}: {words}", value)
            people = {f"{option.id}/{each}": cell for each, cell in (one["people"] or {}).items()}
            named = {id: f"{name}: {say(int(id.rpartition('/')[2]))}" for id in people}
            if people:
                yield from tables.lines(question, tally, least, people, named)


def _line(
    asked: ShownConsultation, question: Question, id: str, words: str, minor_units: Fraction
) -> Line:
    number = minor_units / 10**asked.decimals
    unit = asked.unit.strip() or _("Answer")
    return Line(question.id, said(question.title), id, words, number, unit, exact=str(number))


def _not_in_steps(question: Question, option: Option, amount: int) -> NotInSteps:
    money = {"given": figures.money(amount), "step": figures.money(question.step)}
    return NotInSteps(option=said(option.title), **money)


def _shown(one: Mapping[str, Any], tally: Tally, say: Callable[[int], str]) -> str:
    """Return the average, rounded to the nearest minor unit, with the middle where it is shown."""
    average = say(round(Fraction(one["total"], tally["answered"])))
    if not one["middle"]:
        return average
    lower, upper = map(say, one["middle"])
    middle = lower if lower == upper else _("%(lower)s and %(upper)s", lower=lower, upper=upper)
    return _("%(average)s; middle %(middle)s", average=average, middle=middle)


def _notes(found: Mapping[str, Mapping[str, Any]]) -> tuple[str, str]:
    """Return what the figures are, and which are not shown, and why; "" where all are."""
    if all(each["people"] for each in found.values()):
        return _("On average, and what half gave at most and half at least."), ""
    if all(each["middle"] for each in found.values()):
        return _("On average, and what half gave at most and half at least."), _(
            "How many gave each amount is not shown: some amounts were given by so few that they "
            "could be recognised."
        )
    return _("On average."), _(
        "How many gave each amount, and the middle, are not shown: some amounts were given by so "
        "few that they could be recognised."
    )


def _too_little(answered: int | str, least: int) -> str:
    """Return why no amount is shown, and how many answered unless that is hidden."""
    if answered == FEW:
        return tables.too_small(answered, least)
    return _(
        "Answers: %(number)s. How much was given is not shown: to one of these so little was given "
        "that it can only be from a few people, and the other amounts would give it away.",
        number=shown_cell(answered, least),
    )


def _money(asked: ShownConsultation) -> Callable[[int], str]:
    return partial(figures.money, unit=asked.unit, decimals=asked.decimals)


def _written(value: int | str) -> str:
    """Return an amount as it stands in its field."""
    return pasted.shortest(value, pasted.PENCE_DIGITS) if isinstance(value, int) else value


def _pence(text: str) -> int | str:
    """Return an amount in pence; the input itself, to be refused, if it is none."""
    return amounts.whole_number(text, pasted.pence, PENCE_MAX)
