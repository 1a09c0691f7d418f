"""Questions that no rule counts: what their tallies say and leave out, in words (docs/tallies.md).

What a page on counting is called follows from it: where no rule counts anything, no page
speaks of one.
"""

from collections.abc import Collection

from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation
from events.question import WRITTEN


def heading(asked: ShownConsultation, *, is_published: bool = False) -> str:
    """Return what the page that tells how a consultation is counted is called."""
    if asked.page.state == "withdrawn":
        return _("What happened")
    if not asked.page.counted_questions:
        return _("How answers are added up")
    return _("How we counted") if is_published else _("How we will count")


def sentences(asked: ShownConsultation, *, is_published: bool = False) -> list[str]:
    """Say what is published of the questions that no rule counts; nothing where there are none."""
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
        # Everybody can add the choices up from the ballots; what people wrote is in none.
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
