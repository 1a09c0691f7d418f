"""Rows of results.csv: one number each, and its unit (docs/tallies.md)."""

from collections.abc import Iterator
from fractions import Fraction

from consult.formats import spreadsheet
from consult.web.kinds import tables
from consult.web.kinds.form import form_of
from consult.web.kinds.tables import Line, Tally
from consult.web.results import published, tallied_answers
from consult.web.results.published import Published
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.outcomes import explanations, left_out
from consult.wording.outcomes.counted import Counted
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question


def heading(asked: ShownConsultation) -> list[spreadsheet.Cell]:
    """Return the names of the columns in the language of the page."""
    unit = asked.unit.strip()
    return [
        _("question"),
        _("question title"),
        _("option"),
        _("option title"),
        _("number"),
        _("number of"),
        _("number (exact)"),
        _("place"),
        _("won"),
        _("cost (%(unit)s)", unit=unit) if unit else _("cost"),
        _("note"),
    ]


def lines(asked: ShownConsultation, found: Published) -> Iterator[Line]:
    """Yield the rows of every question in the order asked."""
    counted = {one.question.id: one for one in published.counted(asked, found)}
    tallies = {tally["id"]: tally for tally in found.tallies["questions"]}
    without = left_out.sentences(found.results, found.tallies)
    for id, question in asked.page.questions.items():
        if id in counted:
            yield from _counted(counted[id])
            if id in without:
                yield tables.answered(question, counted[id].outcome["ballots"], without[id])
        elif id in tallies:
            least = published.hidden_under(asked, tallies[id], found.tallies["hidden_under"])
            yield from _tallied(asked, question, tallies[id], least)


def _counted(one: Counted) -> Iterator[Line]:
    outcome = one.outcome
    places = {id: place for place, ids in enumerate(outcome["order"], start=1) for id in ids}
    costs = {option.id: option.cost for option in one.question.options}
    chosen = set(one.chosen)
    for id in one.ranked:
        reason, cost, score = one.reasons.get(id), costs.get(id), outcome["scores"].get(id)
        yield Line(
            one.question.id,
            said(one.question.title),
            id,
            one.name(id),
            None if score is None else Fraction(score),
            _(one.unit.title),
            exact=score,
            place=places.get(id),
            won=_("yes") if id in chosen else _("no"),
            cost=None if cost is None else spreadsheet.amount(cost, one.asked.decimals),
            note=explanations.reason(one, reason) if reason else None,
        )


def _tallied(
    asked: ShownConsultation, question: Question, tally: Tally, least: int
) -> Iterator[Line]:
    """Yield how many people gave each answer, with the same numbers hidden as on the page."""
    answered = tally["answered"]
    if question.of_kind.is_written or answered == 0:
        words = tallied_answers.in_words(question, answered, least)
        yield tables.answered(question, answered, tables.why(answered, least) or words)
    else:
        yield from form_of(question).rows(asked, question, tally, least)
