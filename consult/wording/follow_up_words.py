"""Follow-ups in words: rows and their totals."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from consult.wording import figures, language
from consult.wording.figures import utc
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from consult.wording.outcomes.counted import listed
from events.follow_up import DONE, NOT_DONE, UNDER_WAY, Status
from projections.follow_ups import Shown


class StatusWords(NamedTuple):
    """What is said of rows with a status: its name, how many have it, and its day.

    `colour`: of its tag.
    """

    title: str
    colour: str
    counted: str
    day: str


STATUSES: dict[Status, StatusWords] = {
    DONE: StatusWords(N_("Done"), "green", N_("%(number)s done"), N_("Done on %(day)s.")),
    UNDER_WAY: StatusWords(
        N_("Under way"), "blue", N_("%(number)s under way"), N_("To be done by %(day)s.")
    ),
    NOT_DONE: StatusWords(
        N_("Not done"), "grey", N_("%(number)s not done"), N_("Decided on %(day)s.")
    ),
}


def rows(told: Sequence[Shown]) -> list[dict[str, Any]]:
    """Return the rows in the language of the page."""
    code = language.current()
    return [
        {
            "id": f"f-{one.id.hex[:12]}",
            "theme": said(one.row.theme),
            "asked": said(one.row.asked),
            "said": said(one.row.said),
            "did": said(one.row.did),
            "why": said(one.row.why),
            "owner": said(one.row.owner),
            "status": _(STATUSES[one.row.status].title),
            "colour": STATUSES[one.row.status].colour,
            "is_done": one.row.status != NOT_DONE,
            "day": _(STATUSES[one.row.status].day, day=figures.day(one.row.on, code)),
            "changed": figures.day(utc(one.changed_at), code) if one.version > 1 else "",
        }
        for one in told
    ]


def sums(told: Sequence[Shown]) -> str:
    """Return how many rows have each status: "5 done, 2 under way and 1 not done"."""
    numbers = {status: sum(one.row.status == status for one in told) for status in STATUSES}
    return listed(
        [
            _(STATUSES[status].counted, number=figures.number(number))
            for status, number in numbers.items()
            if number
        ]
    )
