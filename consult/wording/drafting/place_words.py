"""Tell organisers that people name their ward twice if a question asks for it as well.

The two answers differ: the answer to a question is part of the ballot and is opened with it. The
ward on the last page before sending is for the tables of who took part, and is never opened. So
neither can replace the other, and organisers decide whether they need both.
"""

from collections.abc import Iterable

from consult.wording.language import gettext as _
from events.question import Question


def asked_twice(questions: Iterable[Question], *, has_wards: bool) -> str:
    """Return the note for organisers; "" if people are asked at most once."""
    if not has_wards or not any(question.of_kind.is_place for question in questions):
        return ""
    return _(
        "Before they send, people are asked in any case in which ward they live: that is kept for "
        "the tables of who took part, and never published with a ballot. A question that asks for "
        "a place asks again, and its answer is a part of the ballot. Leave the question out unless "
        "it asks about another place, such as one that they visit."
    )
