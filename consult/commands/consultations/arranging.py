"""Arrange a draft: add many options at once, and reorder questions and options."""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from consult import access
from consult.commands.consultations.room import check_options
from consult.commands.context import Actor, change
from consult.services import Services
from events import Consultation, Refused
from events.question import Option

OPTIONS_AT_ONCE_MAX = 200


class TooManyAtOnce(Refused):
    """The list is too long to be checked by eye."""

    says = "You pasted {given} lines. Paste up to {most} at a time."


@access.needs(access.CHANGE_DRAFT)
def add_options(
    services: Services,
    id: UUID,
    question_id: str,
    options: Sequence[Option],
    *,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Add several options at once: all of them or, if one is refused, none.

    Raises TooManyAtOnce, TooManyOptions and what adding a single option raises.
    """
    if len(options) > OPTIONS_AT_ONCE_MAX:
        raise TooManyAtOnce(given=len(options), most=OPTIONS_AT_ONCE_MAX)
    by, at = actor.by(command_id), services.clock()

    def decide(draft: Consultation) -> None:
        check_options(draft, question_id, len(options))
        for option in options:
            draft.add_option(question_id, option, at=at, by=by)

    return change(services, Consultation, id, by, decide)


@access.needs(access.CHANGE_DRAFT)
def move_question(
    services: Services,
    id: UUID,
    question_id: str,
    *,
    to: int,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Move a question to index `to`, counted from 0; an index past the end means the end.

    The record can only add questions at the end, so those after the first change are removed and
    added again.
    """
    by, at = actor.by(command_id), services.clock()

    def decide(draft: Consultation) -> None:
        before = list(draft.questions)
        after = moved(before, question_id, to)
        first = next((i for i in range(len(before)) if before[i] != after[i]), len(before))
        questions = dict(draft.questions)
        for each in before[first:]:
            draft.remove_question(each, at=at, by=by)
        for each in after[first:]:
            draft.add_question(questions[each], at=at, by=by)

    return change(services, Consultation, id, by, decide)


@access.needs(access.CHANGE_DRAFT)
def move_option(
    services: Services,
    id: UUID,
    question_id: str,
    option_id: str,
    *,
    to: int,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Move an option to index `to`, counted from 0; an index past the end means the end."""
    by, at = actor.by(command_id), services.clock()

    def decide(draft: Consultation) -> None:
        question = draft.questions.get(question_id)
        if question is not None:
            order = moved([option.id for option in question.options], option_id, to)
            options = tuple(sorted(question.options, key=lambda option: order.index(option.id)))
            draft.change_question(replace(question, options=options), at=at, by=by)

    return change(services, Consultation, id, by, decide)


def moved(order: Sequence[str], item: str, to: int) -> list[str]:
    """Return the order with `item` moved to index `to`; unchanged if `item` is not in it."""
    if item not in order:
        return list(order)
    others = [each for each in order if each != item]
    others.insert(max(0, to), item)
    return others
