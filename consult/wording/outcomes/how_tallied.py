"""What the tallies of uncounted questions show and hide, in words (docs/tallies.md).

The heading of the page on counting is here too: without a counted question it does not mention
counting.
"""

from collections.abc import Collection

from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation
from events.question import WRITTEN


def heading(asked: ShownConsultation, *, is_published: bool = False) -> str:
    """Return the heading of the page on how a consultation is counted."""
    if asked.page.state == "withdrawn":
        return _("What happened")
    if not asked.page.counted_questions:
        return _("How answers are added up")
    return _("How we counted") if is_published else _("How we will count")


def sentences(asked: ShownConsultation, *, is_published: bool = False) -> list[str]:
    """Return what is published of the questions that no rule counts; empty without any."""
    counted = asked.page.counted_questions
    kinds = {one.kind for one in asked.page.questions.values() if one not in counted}
    found = []
    if kinds - WRITTEN - {"number"}:
        before = N_("After it closes we publish how many gave each answer.")
        after = N_("We have published how many gave each answer.")
        found.append(_(after if is_published else before))
    if "number" in kinds:
        found.append(
            _("Of answers that are numbers we publish the middle, and how low and high most go.")
        )
    if kinds & WRITTEN:
        found.append(
            _(
                "Of questions that people answer in writing or with a file we publish how many "
                "answered. What people wrote or attached is not published."
            )
        )
    if kinds:
        found += _hidden(asked, kinds)
    return found


def _hidden(asked: ShownConsultation, kinds: Collection[str]) -> list[str]:
    terms = asked.page.terms
    if terms is None or terms.cell_min <= 1:
        return []
    if asked.page.are_ballots_public:
        # Choices can be added up from public ballots; what people wrote is not in them.
        if not WRITTEN.intersection(kinds):
            return []
        return [
            _(
                "Where from 1 to under %(least)s people wrote or attached something, the number "
                "is hidden.",
                least=terms.cell_min,
            )
        ]
    return [
        _(
            "Numbers from 1 to under %(least)s are hidden, and those that would give one of them "
            "away, so that nobody can be recognised by an answer.",
            least=terms.cell_min,
        )
    ]
