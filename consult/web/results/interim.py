"""Interim results while people are still answering, where the terms allow it.

Each new answer changes the figures, so anybody watching them could tell what the last person
chose. Therefore they are updated at intervals, and by several people at once.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from consult.counting import find_rule
from consult.counting.units import GRADES
from consult.services import Services
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from consult.wording.outcomes.counted import figure, length
from consult.wording.shown_consultation import ShownConsultation
from events.kinds.kind import Shape
from events.question import Question
from projections import participation, ranking
from projections.ballot_box import BallotBox

PEOPLE_STEP = 10
SECONDS_STEP = 3_600.0
KEPT_IN = "interim"
FIRST = 1
Places = dict[str, dict[int, int]]


@dataclass(frozen=True)
class Standing:
    """Interim tallies at one moment."""

    people: int
    places: dict[str, Places]
    totals: dict[str, dict[str, tuple[int, int]]]
    read_at: float


def may_show(asked: ShownConsultation) -> bool:
    """Return whether the terms allow interim results of counted questions (I18)."""
    terms = asked.page.terms
    return terms is not None and terms.interim == "shown" and bool(asked.page.counted_questions)


def people(services: Services, asked: ShownConsultation) -> int:
    """Return how many people have taken part so far."""
    box = services.views.reader(BallotBox)
    with services.views.connect() as db:
        return sum(participation.by(db, box.turnout, asked.id, "channel").values())


def standing(services: Services, asked: ShownConsultation) -> Standing | None:
    """Return the cached tallies, updated at most hourly; None while there are too few answers."""
    assert may_show(asked)
    before = asked.ready.get(KEPT_IN)
    now = time.monotonic()
    if isinstance(before, Standing) and now - before.read_at < SECONDS_STEP:
        return before
    taken_part = people(services, asked)
    known = before.people if isinstance(before, Standing) else 0
    if taken_part < known + PEOPLE_STEP:
        return before if isinstance(before, Standing) else None
    box = services.views.reader(BallotBox)
    with services.views.connect() as db:
        counted = asked.page.counted_questions
        found = Standing(
            people=taken_part,
            places={one.id: ranking.places(db, box.tally, asked.id, one.id) for one in counted},
            totals={one.id: ranking.totals(db, box.tally, asked.id, one.id) for one in counted},
            read_at=now,
        )
    asked.ready[KEPT_IN] = found
    return found


def charts(asked: ShownConsultation, now: Standing) -> list[dict[str, Any]]:
    """Return one chart for each counted question, the leading option first."""
    shown = []
    for one in asked.page.counted_questions:
        measure, values = _values(asked, one, now)
        rows: list[dict[str, Any]] = [
            {
                "name": said(option.title),
                "value": length(values.get(option.id, 0)),
                "shown": _shown(one, measure, values.get(option.id, 0)),
                "answer": False,
            }
            for option in one.options
        ]
        rows.sort(key=lambda row: -row["value"])
        most = max((row["value"] for row in rows), default=0)
        longest = length(one.scale) if measure == GRADES_SO_FAR else most
        shown.append(
            {"title": said(one.title), "measure": _(measure), "rows": rows, "longest": longest}
        )
    return shown


POINTS_SO_FAR = N_("Points so far.")
FIRST_SO_FAR = N_("First choices so far.")
GRADES_SO_FAR = N_("Average grade so far.")
GIVEN_SO_FAR = N_("Points given so far.")
VOTES_SO_FAR = N_("Votes so far.")


def _values(
    asked: ShownConsultation, one: Question, now: Standing
) -> tuple[str, Mapping[str, Fraction | int]]:
    """Return the interim figure of each option, and its unit.

    The unit is that of the rule where tallies suffice; for rankings that are compared pairwise, or
    counted in rounds, it is first choices.
    """
    assert asked.page.terms is not None
    rule = asked.page.terms.counting[one.id].rule
    totals, places = now.totals[one.id], now.places[one.id]
    top = rule.removeprefix("points-")
    if one.of_kind.shape is Shape.ORDER and top.isdigit() and not one.equal_ranks:
        points = {
            option: sum(max(0, int(top) - place + 1) * number for place, number in each.items())
            for option, each in places.items()
        }
        return POINTS_SO_FAR, points
    if one.of_kind.shape is Shape.ORDER:
        return FIRST_SO_FAR, {option: each.get(FIRST, 0) for option, each in places.items()}
    if find_rule(rule).unit is GRADES:
        return GRADES_SO_FAR, {option: _mean(each) for option, each in places.items()}
    if one.of_kind.shape is Shape.AMOUNTS:
        return GIVEN_SO_FAR, {option: given for option, (_ballots, given) in totals.items()}
    return VOTES_SO_FAR, {option: ballots for option, (ballots, _amount) in totals.items()}


def _mean(grades: Mapping[int, int]) -> Fraction:
    """Return the mean grade, given the number of people per grade; 0 means no grade."""
    people = sum(number for grade, number in grades.items() if grade)
    return Fraction(sum(grade * number for grade, number in grades.items()), max(people, 1))


def _shown(one: Question, measure: str, value: Fraction | int) -> str:
    if measure == GRADES_SO_FAR:
        return _("%(mean)s of %(top)s", mean=figure(value), top=one.scale)
    return figure(value)
