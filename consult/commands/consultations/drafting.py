"""Set up a consultation: draft, questions, options, terms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from msgspec.structs import replace

from consult import access
from consult.commands.answers.places import offer_places, placed
from consult.commands.consultations.room import check_options, check_questions
from consult.commands.consultations.short_names import ShortNameTaken, check_slug, taken
from consult.commands.context import Actor, change
from consult.counting import WrongSpecification, lot_order
from consult.counting.profile import Option as CountedOption
from consult.counting.profile import Profile
from consult.counting.specification import Specification, settled
from consult.people.mailboxes.addresses import MAILBOX_RULE
from consult.services import Services
from events import By, Conflict, Consultation, Partnership, Refused, derived_id
from events.consultations.beacon import Lot, seed_of
from events.consultations.terms import CountingTerms, Terms
from events.partnership import Ward
from events.question import Option, Question, Text


class RuleDoesNotFit(Refused):
    """The counting rule cannot count this question."""

    says = "Question {question} cannot be counted like that. {reason}"


class Drawn(Protocol):
    """Anything with a lot: a consultation, or its page."""

    id: UUID
    lot: Lot | None


@dataclass(frozen=True)
class Draft:
    """Initial data of a consultation. `languages`: those it must be complete in."""

    slug: str
    title: Text
    overview: Text
    languages: tuple[str, ...] = ("en", "cy")
    source: str = ""
    money: str = "pence"
    currency: str = "GBP"
    decimals: int | None = None


@access.needs(access.DRAFT_CONSULTATION)
def draft_consultation(
    services: Services, *, partnership_id: UUID, draft: Draft, actor: Actor, command_id: str = ""
) -> Consultation:
    """Draft a consultation. Its short name is reserved permanently, across all partnerships.

    Idempotent for a command id. Raises NotFound, BadSlug, ShortNameTaken, ReadModelsBehind.
    """
    check_slug(draft.slug)
    at, by = services.clock(), actor.by(command_id)
    id = consultation_id(partnership_id, draft.slug)
    known = services.record.find(Consultation, id)
    if known is not None and by.command_id in known.commands:
        return known
    services.record.get(Partnership, partnership_id)
    name = taken(services, draft.slug, id, at=at, by=by)
    consultation = Consultation.begin(
        id,
        Consultation.Drafted(
            at=at,
            by=by,
            partnership_id=partnership_id,
            slug=draft.slug,
            title=draft.title,
            overview=draft.overview,
            languages=draft.languages,
            source=draft.source,
            money=draft.money,
            currency=draft.currency,
            decimals=draft.decimals,
        ),
    )
    try:
        services.record.save(consultation, name)
    except Conflict:
        known = services.record.find(Consultation, id)
        if known is not None and by.command_id in known.commands:  # the same command, concurrently
            return known
        raise ShortNameTaken(slug=draft.slug) from None
    return consultation


def consultation_id(partnership_id: UUID, slug: str) -> UUID:
    """Return the consultation id derived from the partnership and the short name."""
    return derived_id("consultation", str(partnership_id), slug)


@access.needs(access.CHANGE_DRAFT)
def describe_consultation(
    services: Services,
    id: UUID,
    *,
    title: Text,
    overview: Text,
    languages: tuple[str, ...] = (),
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Change a draft's title, overview and languages; empty `languages` leaves them as they are."""
    by, at = actor.by(command_id), services.clock()
    return change(
        services,
        Consultation,
        id,
        by,
        lambda draft: draft.describe(
            title=title, overview=overview, languages=languages, at=at, by=by
        ),
    )


@access.needs(access.CHANGE_DRAFT)
def put_question(
    services: Services,
    id: UUID,
    question: Question,
    *,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Add a question to a draft, or change the one with this id.

    The options of a question about a place are the wards that take part. If no rule can count the
    question any more, its counting rule is removed. Raises TooManyQuestions.
    """
    by, at = actor.by(command_id), services.clock()

    def decide(draft: Consultation) -> None:
        known = draft.questions.get(question.id)
        options = question.options if known is None else known.options
        put = placed(replace(question, options=options), _wards(services, draft), draft.terms)
        if known is None:
            check_questions(draft)
            draft.add_question(put, at=at, by=by)
        else:
            draft.change_question(put, at=at, by=by)
        if not question.is_counted:
            _leave_uncounted(draft, question.id, at, by)

    return change(services, Consultation, id, by, decide)


@access.needs(access.CHANGE_DRAFT)
def remove_question(
    services: Services,
    id: UUID,
    question_id: str,
    *,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Remove a question from a draft, and its counting rule from the terms."""
    by, at = actor.by(command_id), services.clock()

    def decide(draft: Consultation) -> None:
        draft.remove_question(question_id, at=at, by=by)
        _leave_uncounted(draft, question_id, at, by)

    return change(services, Consultation, id, by, decide)


def _leave_uncounted(draft: Consultation, question_id: str, at: datetime, by: By) -> None:
    """Remove a question's counting rule from the terms."""
    if draft.terms is not None and question_id in draft.terms.counting:
        kept = {id: it for id, it in draft.terms.counting.items() if id != question_id}
        draft.fix_terms(replace(draft.terms, counting=kept), at=at, by=by)


@access.needs(access.CHANGE_DRAFT)
def put_option(
    services: Services,
    id: UUID,
    question_id: str,
    option: Option,
    *,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Add an option or project to a question, or change the one with this id.

    Raises TooManyOptions.
    """
    by, at = actor.by(command_id), services.clock()

    def decide(draft: Consultation) -> None:
        question = draft.questions.get(question_id)
        if question is not None and question.option(option.id):
            draft.change_option(question_id, option, at=at, by=by)
        else:
            check_options(draft, question_id)
            draft.add_option(question_id, option, at=at, by=by)

    return change(services, Consultation, id, by, decide)


@access.needs(access.CHANGE_DRAFT)
def remove_option(
    services: Services,
    id: UUID,
    question_id: str,
    option_id: str,
    *,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Remove an option from a draft."""
    by, at = actor.by(command_id), services.clock()
    return change(
        services,
        Consultation,
        id,
        by,
        lambda draft: draft.remove_option(question_id, option_id, at=at, by=by),
    )


@access.needs(access.CHANGE_DRAFT)
def fix_terms(
    services: Services,
    id: UUID,
    terms: Terms,
    *,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Fix the terms of a draft; questions about a place then offer the wards that take part.

    Raises RuleDoesNotFit if a rule cannot count its question, NotCounted if no rule can.
    """
    by, at = actor.by(command_id), services.clock()

    def decide(draft: Consultation) -> None:
        for question_id, chosen in terms.counting.items():
            question = draft.questions.get(question_id)
            if question is not None and question.is_counted:
                check_counting(question, chosen)
        draft.fix_terms(replace(terms, mailbox_rule=MAILBOX_RULE), at=at, by=by)
        offer_places(draft, _wards(services, draft), at=at, by=by)

    return change(services, Consultation, id, by, decide)


def _wards(services: Services, draft: Consultation) -> tuple[Ward, ...]:
    return services.record.get(Partnership, draft.partnership_id).wards


def check_counting(question: Question, chosen: CountingTerms) -> None:
    """Refuse a counting rule that cannot count its question. Raises RuleDoesNotFit."""
    try:
        settled(profile_of(question, ()), specification_of(chosen))
    except WrongSpecification as wrong:
        raise RuleDoesNotFit(question=question.id, reason=str(wrong)) from None


def profile_of(question: Question, groups: tuple[tuple[object, int], ...]) -> Profile:
    """Return the ballots of a question as input for the counting rules."""
    return Profile(
        kind=question.kind,
        options=tuple(
            CountedOption(option.id, option.cost, option.group or None)
            for option in question.options
        ),
        groups=groups,
        pot=question.pot,
    )


def lot_of(consultation: Drawn, question: Question) -> tuple[str, ...]:
    """Return the lot order that breaks a question's last ties, best first; empty until drawn.

    `consultation`: the subject, or its page.
    """
    if consultation.lot is None:
        return ()
    return lot_order(seed_of(consultation.id, consultation.lot.value), question.option_ids)


def specification_of(terms: CountingTerms, lot: tuple[str, ...] = ()) -> Specification:
    """Return the specification that the terms state, with the lot once it is drawn."""
    return Specification(
        rule=terms.rule,
        parameters=terms.parameters,
        seats=terms.seats,
        tie_chain=terms.tie_chain,
        lot=terms.lot or lot,
    )
