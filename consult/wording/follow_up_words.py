"""Follow-ups in words: rows and their totals."""

from collections.abc import Sequence
from typing import Any

from consult.wording import figures, language
from consult.wording.figures import utc
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from consult.wording.outcomes.counted import listed
from events.follow_up import STATUSES
from projections.follow_ups import Shown

STATUS_WORDS = {
    "done": N_("Done"),
    "under_way": N_("Under way"),
    "not_done": N_("Not done"),
}
_COLOURS = {"done": "green", "under_way": "blue", "not_done": "grey"}
_COUNTED = {
    "done": N_("%(number)s done"),
    "under_way": N_("%(number)s under way"),
    "not_done": N_("%(number)s not done"),
}
_DAYS = {
    "done": N_("Done on %(day)s."),
    "under_way": N_("To be done by %(day)s."),
    "not_done": N_("Decided on %(day)s."),
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
            "status": _(STATUS_WORDS[one.row.status]),
            "colour": _COLOURS[one.row.status],
            "is_done": one.row.status != "not_done",
            "day": _(_DAYS[one.row.status], day=figures.day(one.row.on, code)),
            "changed": figures.day(utc(one.changed_at), code) if one.version > 1 else "",
        }
        for one in told
    ]


def sums(told: Sequence[Shown]) -> str:
    """Return how many rows have each status: "5 done, 2 under way and 1 not done"."""
    numbers = {status: sum(one.row.status == status for one in told) for status in STATUSES}
    return listed(
        [
            _(_COUNTED[status], number=figures.number(number))
            for status, number in numbers.items()
            if number
        ]
    )
