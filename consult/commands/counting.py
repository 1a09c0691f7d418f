"""Counting: apply the rule in the terms to the ballots before the cut-off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from consult.commands.context import Actor
from consult.commands.drafting import profile_of, specification_of
from consult.commands.recorded_ballots import recorded_ballots
from consult.counting import (
    Outcome,
    WrongSpecification,
    count,
    digest,
    find_rule,
    input_digest,
)
from consult.services import Services
from events import Consultation, Count, NotFound, Refused
from events.errors import Conflict
from events.question import Question
from events.terms import CountingTerms
from projections.ballot_box import BallotBox

OTHER_BUDGET_RULE = {"equal-shares": "greedy-skip"}


class CannotCount(Refused):
    """The rule, or a parameter of it, does not fit these ballots."""

    says = "{reason}"


class BallotsMissing(Refused):
    """The read model does not hold the ballots that the record holds."""

    says = (
        "The record holds {recorded} ballots and only {found} can be read, so nothing was "
        "counted. Whoever runs the service must rebuild the read models first."
    )


class StillOpen(Refused):
    """A result needs a cut-off."""

    says = "This consultation has not closed, so there is no result to count yet. Close it first."


class NothingToCount(Refused):
    """No question of this consultation is counted."""

    says = "No question of this consultation is counted by a rule."


@dataclass(frozen=True)
class Tally:
    """A count that was worked out and not recorded. `cutoff`: ballots up to it counted."""

    question: Question
    cutoff: int
    outcome: Outcome
    input_digest: str


def work_out(
    services: Services,
    id: UUID,
    *,
    question_id: str | None = None,
    terms: CountingTerms | None = None,
    as_at: int | None = None,
) -> Tally:
    """Count without recording anything: under the terms, or under a rule given here.

    `as_at`: a position; ballots as they stood just after it. Raises CannotCount.
    """
    consultation = services.record.get(Consultation, id)
    question = question_to_count(consultation, question_id)
    if terms is None:
        assert consultation.terms is not None
        terms = consultation.terms.counting[question.id]
    cutoff = _cutoff(services, consultation) if as_at is None else as_at
    reached = min(cutoff, services.record.head())
    with services.whole(BallotBox, position=reached) as (db, box):
        _check_completeness(services, consultation, box.people(db, id, as_at=reached), reached)
        groups = box.groups(db, id, question.id, as_at=cutoff)
    profile = profile_of(question, groups)
    try:
        outcome = count(profile, specification_of(terms))
    except WrongSpecification as wrong:
        raise CannotCount(reason=str(wrong)) from None
    return Tally(question, cutoff, outcome, input_digest(profile))


def count_consultation(
    services: Services,
    id: UUID,
    *,
    actor: Actor,
) -> list[Count]:
    """Count every question that has a rule, once, at the closing position.

    Counting again returns the counts that are there: the id derives from the cut-off.
    """
    consultation = services.record.get(Consultation, id)
    if consultation.state != "closed":
        raise StillOpen
    assert consultation.terms is not None
    if not consultation.terms.counting:
        raise NothingToCount
    return [
        _count_question(services, consultation, question_id, actor)
        for question_id in consultation.terms.counting
    ]


def publish_results(services: Services, id: UUID, *, actor: Actor) -> list[Count]:
    """Count if that was not done yet, and make every result public."""
    counts = count_consultation(services, id, actor=actor)
    for result in counts:
        if not result.is_published:
            result.publish(at=services.clock(), by=actor.by())
            services.record.save(result)
    return counts


def _count_question(
    services: Services, consultation: Consultation, question_id: str, actor: Actor
) -> Count:
    cutoff = _cutoff(services, consultation)
    count_id = Count.id_for(consultation.id, question_id, cutoff)
    known = services.record.find(Count, count_id)
    if known is not None:
        return known
    tally = work_out(services, consultation.id, question_id=question_id)
    outcome = tally.outcome.as_json()
    result = Count.begin(
        count_id,
        Count.Counted(
            at=services.clock(),
            by=actor.by(),
            consultation_id=consultation.id,
            question_id=question_id,
            rule=tally.outcome.rule,
            rule_version=tally.outcome.rule_version,
            specification=outcome["specification"],
            cutoff=cutoff,
            ballots=tally.outcome.ballots,
            input_digest=tally.input_digest,
            result_digest=digest(outcome),
            outcome=outcome,
            comparison=_other_rule(services, consultation, question_id)
            | _without_campaigns(services, consultation, tally.question),
        ),
    )
    try:
        services.record.save(result)
    except Conflict:  # somebody counted at the same moment, and got the same
        return services.record.get(Count, count_id)
    return result


def _other_rule(services: Services, consultation: Consultation, question_id: str) -> dict[str, Any]:
    """Work out the other main rule for a budget, as information beside the result."""
    assert consultation.terms is not None
    terms = consultation.terms.counting[question_id]
    if not find_rule(terms.rule).budget:
        return {}
    other = OTHER_BUDGET_RULE.get(terms.rule, "equal-shares")
    step = {"step": "100"} if other == "equal-shares" and consultation.money == "pence" else {}
    chosen = CountingTerms(rule=other, parameters=step, tie_chain=("cost", "lot"), lot=terms.lot)
    tally = work_out(services, consultation.id, question_id=question_id, terms=chosen)
    outcome = tally.outcome.as_json()
    kept = ("rule", "rule_version", "specification", "funded", "spent", "left")
    return {name: outcome[name] for name in kept}


def _without_campaigns(
    services: Services, consultation: Consultation, question: Question
) -> dict[str, Any]:
    """Count once more without answers grouped as campaigns, as information beside the result.

    Grouping happens after closing, so the answers are taken as they stand now.
    """
    assert consultation.terms is not None
    with services.whole(BallotBox) as (db, box):
        campaigns = box.campaigns(db, consultation.id)
        if not campaigns:
            return {}
        groups = box.groups(db, consultation.id, question.id, without_campaigns=True)
    specification = specification_of(consultation.terms.counting[question.id])
    outcome = count(profile_of(question, groups), specification).as_json()
    kept = ("ballots", "order", "elected", "funded", "spent", "left", "scores")
    return {"without_campaigns": {name: outcome[name] for name in kept} | {"campaigns": campaigns}}


def _cutoff(services: Services, consultation: Consultation) -> int:
    """Return the position of the closing, or of the latest fact while it is open."""
    if consultation.state != "closed":
        return services.record.head()
    return services.record.position_of(consultation.id, consultation.closed_version)


def _check_completeness(
    services: Services, consultation: Consultation, people: int, position: int
) -> None:
    """Compare the ballots about to be counted with those in the record. Raises BallotsMissing."""
    recorded = recorded_ballots(services, consultation, until=position)
    if people != recorded:
        raise BallotsMissing(found=people, recorded=recorded)


def question_to_count(consultation: Consultation, question_id: str | None) -> Question:
    """Return the question that is meant: the only, or first, one that is counted."""
    counted = [q for q in consultation.questions.values() if q.is_counted]
    if question_id is not None:
        counted = [question for question in counted if question.id == question_id]
    if not counted:
        raise NotFound(what="counted question", reference=question_id or "any")
    return counted[0]


def counting_terms(
    rule: str, *, seats: int = 1, settings: Mapping[str, str] | None = None, lot_seed: str = ""
) -> CountingTerms:
    """Return counting terms made up on the spot, for a count that is not recorded."""
    return CountingTerms(rule=rule, parameters=dict(settings or {}), seats=seats, lot_seed=lot_seed)
