"""What the tallies of uncounted questions show and hide, in words (docs/tallies.md).

The heading of the page on counting is here too: without a counted question it does not mention
counting.
"""

from collections.abc import Collection

from consult.wording.drafting import kind_words
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import states
from events.question import Question


def heading(asked: ShownConsultation, *, is_published: bool = False) -> str:
    """Return the heading of the page on how a consultation is counted."""
    if asked.page.state == states.WITHDRAWN:
        return _("What happened")
    if not asked.page.counted_questions:
        return _("How answers are added up")
    return _("How we counted") if is_published else _("How we will count")


def sentences(asked: ShownConsultation, *, is_published: bool = False) -> list[str]:
    """Return what is published of the questions that no rule counts; empty without any."""
    counted = asked.page.counted_questions
    tallied = [one for one in asked.page.questions.values() if one not in counted]
    found = kind_words.published((one.kind for one in tallied), is_published=is_published)
    if tallied:
        found += _hidden(asked, tallied)
    return found


def _hidden(asked: ShownConsultation, tallied: Collection[Question]) -> list[str]:
    terms = asked.page.terms
    if terms is None or terms.cell_min <= 1:
        return []
    if asked.page.are_ballots_public:
        # Choices can be added up from public ballots; what people wrote is not in them.
        if not any(one.of_kind.is_written for one in tallied):
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
