"""The places that questions offer: those that take part, and whoever is from elsewhere."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec.structs import replace

from events import By, Consultation
from events.consultations.terms import Terms
from events.partnership import Ward
from events.question import Option, Question


def taking_part(wards: tuple[Ward, ...], terms: Terms | None) -> tuple[Ward, ...]:
    """Return those wards of a partnership that take part: all where the terms name none."""
    if terms is None or not terms.wards:
        return wards
    return tuple(ward for ward in wards if ward.code in terms.wards)


def placed(question: Question, wards: tuple[Ward, ...], terms: Terms | None) -> Question:
    """Return a question for a place with the wards that take part as its options.

    Somewhere else is always an answer: it asks about another place than where people live, which
    the terms say nothing about. `wards`: those of the partnership. Without any of them the options
    stay. Other questions are returned as they are.
    """
    if question.kind != "area":
        return question
    options = tuple(Option(ward.code, ward.name) for ward in taking_part(wards, terms))
    return replace(question, options=options or question.options, elsewhere="anybody")


def placed_anew(
    questions: Mapping[str, Question], wards: tuple[Ward, ...], terms: Terms | None
) -> Iterator[Question]:
    """Yield the questions whose places are others under these terms."""
    for question in questions.values():
        found = placed(question, wards, terms)
        if found != question:
            yield found


def offer_places(draft: Consultation, wards: tuple[Ward, ...], *, at: datetime, by: By) -> None:
    """Let the questions for a place offer the wards that take part, as they are now."""
    for question in placed_anew(draft.questions, wards, draft.terms):
        draft.change_question(question, at=at, by=by)
