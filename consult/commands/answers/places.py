"""The options of questions about a place: the wards that take part, and an answer for elsewhere."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec.structs import replace

from events import By, Consultation
from events.consultations.terms import Terms
from events.partnership import Ward
from events.question import Option, Question


def taking_part(wards: tuple[Ward, ...], terms: Terms | None) -> tuple[Ward, ...]:
    """Return the wards of a partnership that take part; all of them if the terms name none."""
    if terms is None or not terms.wards:
        return wards
    return tuple(ward for ward in wards if ward.code in terms.wards)


def placed(question: Question, wards: tuple[Ward, ...], terms: Terms | None) -> Question:
    """Return a question about a place with the participating wards as its options.

    "Somewhere else" is always allowed, because the question may be about a place other than where
    people live, which the terms do not restrict. `wards`: those of the partnership; without
    participating wards the options stay. Other questions are returned unchanged.
    """
    if not question.of_kind.is_place:
        return question
    options = tuple(Option(ward.code, ward.name) for ward in taking_part(wards, terms))
    return replace(question, options=options or question.options, elsewhere="anybody")


def placed_anew(
    questions: Mapping[str, Question], wards: tuple[Ward, ...], terms: Terms | None
) -> Iterator[Question]:
    """Yield the questions whose options change under these terms."""
    for question in questions.values():
        found = placed(question, wards, terms)
        if found != question:
            yield found


def offer_places(draft: Consultation, wards: tuple[Ward, ...], *, at: datetime, by: By) -> None:
    """Update the options of questions about a place to the wards that take part now."""
    for question in placed_anew(draft.questions, wards, draft.terms):
        draft.change_question(question, at=at, by=by)
