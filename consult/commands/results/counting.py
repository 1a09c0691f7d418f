"""Apply the counting rule in the terms to the ballots up to the cut-off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from consult import access
from consult.commands.consultations.drafting import lot_of, profile_of, specification_of
from consult.commands.context import Actor
from consult.commands.results.counting_refusals import (
    CannotCount,
    InterimHidden,
    LotNotDrawn,
    NeverOpened,
    NoRule,
    NothingCounted,
    NothingToCount,
    NotRecordedYet,
    StillOpen,
    WithdrawnUncounted,
)
from consult.commands.results.recorded_ballots import check_completeness
from consult.commands.results.tallying import tally_everything
from consult.counting import (
    Outcome,
    Profile,
    Specification,
    WrongSpecification,
    count,
    digest,
    find_rule,
    input_digest,
)
from consult.counting.enough import Enough, enough
from consult.services import Services
from events import Consultation, Count, NotFound
from events.consultations.terms import CountingTerms
from events.errors import Conflict
from events.question import Question, in_order_asked
from projections.ballot_box import BallotBox

OTHER_BUDGET_RULE = {"equal-shares": "greedy-skip"}


@dataclass(frozen=True)
class Tally:
    """A count that is worked out but not recorded. `cutoff`: last position whose ballots count."""

    question: Question
    cutoff: int
    outcome: Outcome
    input_digest: str
    profile: Profile
    specification: Specification

    def enough(self) -> Enough:
        """Return what would have been enough for each losing option, found by recounting."""
        return enough(self.profile, self.specification, self.outcome)


def work_out(
    services: Services,
    id: UUID,
    *,
    question_id: str | None = None,
    terms: CountingTerms | None = None,
    as_at: int | None = None,
) -> Tally:
    """Count without recording anything, under the terms or under a rule given here.

    `as_at`: a position; count the ballots as they stood just after it. Raises NotFound,
    NothingCounted, CannotCount, NoRule, NotRecordedYet, BallotsMissing, ReadModelsBehind. Call
    `check_countable` before showing the tally to anybody.
    """
    consultation = services.record.get(Consultation, id)
    question = question_to_count(consultation, question_id)
    terms = terms or _rule_of(consultation, question)
    head = services.record.head()
    if as_at is not None and as_at > head:
        raise NotRecordedYet(position=as_at, head=head)
    cutoff = _cutoff(services, consultation) if as_at is None else as_at
    reached = min(cutoff, head)
    with services.whole(BallotBox, position=reached) as (db, box):
        check_completeness(services, consultation, box.people(db, id, as_at=reached), reached)
        groups = box.groups(db, id, question.id, as_at=cutoff)
    profile = profile_of(question, groups)
    specification = specification_of(terms, lot_of(consultation, question))
    try:
        outcome = count(profile, specification)
    except WrongSpecification as wrong:
        raise CannotCount(reason=str(wrong)) from None
    return Tally(question, cutoff, outcome, input_digest(profile), profile, specification)


def check_countable(consultation: Consultation) -> None:
    """Refuse to count what nobody may see (yet).

    Raises InterimHidden, NeverOpened, WithdrawnUncounted.
    """
    slug, terms = consultation.slug, consultation.terms
    if consultation.state == "draft":
        raise NeverOpened(slug=slug)
    if consultation.state == "withdrawn":
        raise WithdrawnUncounted(slug=slug)
    assert terms is not None, "it has opened, so it has terms"
    if consultation.state == "open" and terms.interim == "hidden":
        raise InterimHidden(slug=slug, hour=f"{terms.closes_at:%Y-%m-%d %H:%M}")


def _check_closed(consultation: Consultation) -> None:
    """Refuse to record a result without a cut-off. Raises also what `check_countable` does."""
    if consultation.state == "open":
        raise StillOpen
    check_countable(consultation)


def _rule_of(consultation: Consultation, question: Question) -> CountingTerms:
    terms = consultation.terms
    if terms is None or question.id not in terms.counting:
        raise NoRule(question=question.id)
    return terms.counting[question.id]


@access.needs(access.COUNT)
def count_consultation(
    services: Services,
    id: UUID,
    *,
    actor: Actor,
) -> list[Count]:
    """Count every question that has a rule, once, at the closing position.

    Idempotent: the id of a count derives from the cut-off, so counting again returns the recorded
    counts. Raises StillOpen, NothingToCount, LotNotDrawn.
    """
    consultation = services.record.get(Consultation, id)
    _check_closed(consultation)
    assert consultation.terms is not None
    if not consultation.terms.counting:
        raise NothingToCount
    beacon = consultation.terms.beacon
    if beacon is not None and consultation.lot is None:
        raise LotNotDrawn(day=beacon.due_hour)
    return [
        _count_question(services, consultation, question_id, actor)
        for question_id in in_order_asked(consultation.questions, consultation.terms.counting)
    ]


@access.needs(access.PUBLISH)
def publish_results(services: Services, id: UUID, *, actor: Actor) -> list[Count]:
    """Publish the tallies of every question, and the result of each counting rule in the terms.

    Counts first if needed; idempotent. Returns the counts, none if the terms name no rule. Raises
    StillOpen and what `count_consultation` raises.
    """
    consultation = services.record.get(Consultation, id)
    _check_closed(consultation)
    assert consultation.terms is not None
    has_rules = bool(consultation.terms.counting)
    counts = count_consultation(services, id, actor=actor) if has_rules else []
    if consultation.published_at is not None:
        return counts
    cutoff = _cutoff(services, consultation)
    tallies = tally_everything(services, consultation, cutoff)
    at, by = services.clock(), actor.by()
    consultation.publish_results(
        Consultation.ResultsPublished(
            at=at,
            by=by,
            cutoff=cutoff,
            tallies=tallies,
            tallies_digest=digest(tallies),
            results={count.question_id: count.result_digest for count in counts},
        )
    )
    for each in counts:
        if not each.is_published:
            each.publish(at=at, by=by)
    try:
        services.record.save(*counts, consultation)
    except Conflict:  # another writer published first, or changed something else
        if services.record.get(Consultation, id).published_at is None:
            raise
    return counts


def count_ids(services: Services, consultation: Consultation) -> list[UUID]:
    """Return the ids of a consultation's counts, recorded or not; none before it closes."""
    if consultation.state != "closed" or consultation.terms is None:
        return []
    cutoff = _cutoff(services, consultation)
    return [Count.id_for(consultation.id, each, cutoff) for each in consultation.terms.counting]


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
            | _without_campaigns(services, consultation, tally.question)
            | {"enough": tally.enough()},
        ),
    )
    try:
        services.record.save(result)
    except Conflict:  # a concurrent count at the same cut-off gives the same result
        return services.record.get(Count, count_id)
    return result


def _other_rule(services: Services, consultation: Consultation, question_id: str) -> dict[str, Any]:
    """Apply the other main budget rule, if the terms say that it is shown."""
    assert consultation.terms is not None
    terms = consultation.terms.counting[question_id]
    if not consultation.terms.other_rule_shown or not find_rule(terms.rule).budget:
        return {}
    other = OTHER_BUDGET_RULE.get(terms.rule, "equal-shares")
    whole = 10**consultation.money_decimals
    step = {"step": str(whole)} if other == "equal-shares" and whole > 1 else {}
    chosen = CountingTerms(rule=other, parameters=step, tie_chain=("cost", "lot"), lot=terms.lot)
    tally = work_out(services, consultation.id, question_id=question_id, terms=chosen)
    outcome = tally.outcome.as_json()
    kept = ("rule", "rule_version", "specification", "funded", "spent", "left")
    return {name: outcome[name] for name in kept}


def _without_campaigns(
    services: Services, consultation: Consultation, question: Question
) -> dict[str, Any]:
    """Count again without answers grouped as campaigns, as information beside the result.

    Campaigns are marked after closing, so the current answers are counted.
    """
    assert consultation.terms is not None
    with services.whole(BallotBox) as (db, box):
        campaigns = box.campaigns(db, consultation.id)
        if not campaigns:
            return {}
        names = box.campaign_names(db, consultation.id)
        groups = box.groups(db, consultation.id, question.id, without_campaigns=True)
    terms = consultation.terms.counting[question.id]
    specification = specification_of(terms, lot_of(consultation, question))
    outcome = count(profile_of(question, groups), specification).as_json()
    kept = ("ballots", "order", "elected", "funded", "spent", "left", "scores")
    named = {"campaigns": campaigns} | ({"names": names} if names else {})
    return {"without_campaigns": {name: outcome[name] for name in kept} | named}


def _cutoff(services: Services, consultation: Consultation) -> int:
    """Return the closing position, or the current head while the consultation is open."""
    if consultation.state != "closed":
        return services.record.head()
    return services.record.position_of(consultation.id, consultation.closed_version)


def question_to_count(consultation: Consultation, question_id: str | None) -> Question:
    """Return the question to count; by default the first with a rule, else a countable one."""
    ruled = consultation.terms.counting if consultation.terms else {}
    counted = [q for q in consultation.questions.values() if q.is_counted]
    counted.sort(key=lambda question: question.id not in ruled)
    if question_id is not None:
        counted = [question for question in counted if question.id == question_id]
    if not counted:
        missing = NotFound(what="counted question", reference=question_id)
        raise NothingCounted if question_id is None else missing
    return counted[0]


def counting_terms(
    rule: str,
    *,
    seats: int = 1,
    settings: Mapping[str, str] | None = None,
    lot: tuple[str, ...] = (),
) -> CountingTerms:
    """Return ad hoc counting terms, for a count that is not recorded."""
    return CountingTerms(rule=rule, parameters=dict(settings or {}), seats=seats, lot=lot)
