"""Record and publish results: the counting rules in the terms, applied up to the cut-off."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from consult import access
from consult.commands.consultations.drafting import lot_of, profile_of, specification_of
from consult.commands.context import ATTEMPTS_MAX, Actor
from consult.commands.results.counting_refusals import LotNotDrawn, NothingToCount, StillOpen
from consult.commands.results.tallying import tally_everything
from consult.commands.results.working_out import check_countable, cutoff_of, work_out
from consult.counting import count, digest, find_rule
from consult.services import Services
from events import Consultation, Count
from events.consultations import states
from events.consultations.terms import CountingTerms, Terms
from events.errors import Conflict
from events.question import Question, in_order_asked
from projections.ballot_box import BallotBox

Report = Callable[[int, int], object]
"""Called with how many parts are done of how many: each question, and in the end publishing."""

OTHER_BUDGET_RULE = {"equal-shares": "greedy-skip"}


def _check_closed(consultation: Consultation) -> None:
    """Refuse to record a result without a cut-off. Raises also what `check_countable` does."""
    if consultation.state == states.OPEN:
        raise StillOpen
    check_countable(consultation)


def _silently(_done: int, _total: int) -> None:
    pass


@access.needs(access.COUNT)
def count_consultation(
    services: Services, id: UUID, *, actor: Actor, report: Report = _silently
) -> list[Count]:
    """Count every question that has a rule, once, at the closing position.

    Idempotent: the id of a count derives from the cut-off, so counting again returns the recorded
    counts. Each question is recorded when it is counted, so one that was begun goes on where it
    stopped. Raises StillOpen, NothingToCount, LotNotDrawn and what `work_out` raises.
    """
    consultation = services.record.get(Consultation, id)
    _check_closed(consultation)
    if not _ruled(consultation):
        raise NothingToCount
    return _count_all(services, consultation, actor, report, more=0)


@access.needs(access.PUBLISH)
def publish_results(
    services: Services, id: UUID, *, actor: Actor, report: Report = _silently
) -> list[Count]:
    """Publish the tallies of every question, and the result of each counting rule in the terms.

    Counts first if needed; idempotent. Returns the counts, none if the terms name no rule. Raises
    StillOpen and what `count_consultation` raises.
    """
    consultation = services.record.get(Consultation, id)
    _check_closed(consultation)
    counts = _count_all(services, consultation, actor, report, more=1)
    for _ in range(ATTEMPTS_MAX):
        consultation = services.record.get(Consultation, id)
        _check_closed(consultation)
        if consultation.published_at is not None:
            return counts
        try:
            _publish(services, consultation, counts, actor)
        except Conflict:  # another writer published first, or changed something else
            counts = [services.record.get(Count, each.id) for each in counts]
            continue
        return counts
    raise Conflict


def _publish(
    services: Services, consultation: Consultation, counts: list[Count], actor: Actor
) -> None:
    cutoff = cutoff_of(services, consultation)
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
    services.record.save(*counts, consultation)


def count_ids(services: Services, consultation: Consultation) -> list[UUID]:
    """Return the ids of a consultation's counts, recorded or not; none before it closes."""
    if consultation.state != states.CLOSED or consultation.terms is None:
        return []
    cutoff = cutoff_of(services, consultation)
    return [Count.id_for(consultation.id, each, cutoff) for each in consultation.terms.counting]


def _ruled(consultation: Consultation) -> list[str]:
    """Return the ids of the questions that a rule counts, in the order asked."""
    assert consultation.terms is not None
    return list(in_order_asked(consultation.questions, consultation.terms.counting))


def _count_all(
    services: Services, consultation: Consultation, actor: Actor, report: Report, *, more: int
) -> list[Count]:
    """Count what is not counted yet. `more`: parts that remain to be done after that."""
    questions = _ruled(consultation)
    counts: list[Count] = []
    for question_id in questions:
        report(len(counts), len(questions) + more)
        counts.append(_count_question(services, consultation.id, question_id, actor))
    report(len(counts), len(questions) + more)
    return counts


def _count_question(
    services: Services, consultation_id: UUID, question_id: str, actor: Actor
) -> Count:
    for _ in range(ATTEMPTS_MAX):
        consultation = services.record.get(Consultation, consultation_id)
        _check_closed(consultation)
        _check_drawn(consultation)
        count_id = Count.id_for(consultation_id, question_id, cutoff_of(services, consultation))
        known = services.record.find(Count, count_id)
        if known is not None:
            return known
        result = _counted(services, consultation, count_id, question_id, actor)
        try:
            services.record.save(result, depends_on={consultation.id: consultation.version})
        except Conflict:  # counted by another process, or the draw was corrected meanwhile
            continue
        return result
    raise Conflict


def _check_drawn(consultation: Consultation) -> None:
    assert consultation.terms is not None
    beacon = consultation.terms.beacon
    if beacon is not None and consultation.lot is None:
        raise LotNotDrawn(day=beacon.due_hour)


def _counted(
    services: Services,
    consultation: Consultation,
    count_id: UUID,
    question_id: str,
    actor: Actor,
) -> Count:
    """Return the count of a question, not recorded yet."""
    tally = work_out(services, consultation.id, question_id=question_id)
    outcome = tally.outcome.as_json()
    return Count.begin(
        count_id,
        Count.Counted(
            at=services.clock(),
            by=actor.by(),
            consultation_id=consultation.id,
            question_id=question_id,
            rule=tally.outcome.rule,
            rule_version=tally.outcome.rule_version,
            specification=outcome["specification"],
            cutoff=tally.cutoff,
            ballots=tally.outcome.ballots,
            input_digest=tally.input_digest,
            result_digest=digest(outcome),
            outcome=outcome,
            comparison=_other_rule(services, consultation, question_id)
            | _without_campaigns(services, consultation, tally.question)
            | {"enough": tally.enough()},
        ),
    )


def other_rule(terms: Terms, question_id: str) -> str:
    """Return the other main budget rule that the terms promise to show for a question, or ""."""
    rule = terms.counting[question_id].rule
    is_shown = terms.other_rule_shown and find_rule(rule).budget
    return OTHER_BUDGET_RULE.get(rule, "equal-shares") if is_shown else ""


def _other_rule(services: Services, consultation: Consultation, question_id: str) -> dict[str, Any]:
    """Apply the other main budget rule, if the terms say that it is shown."""
    assert consultation.terms is not None
    terms = consultation.terms.counting[question_id]
    other = other_rule(consultation.terms, question_id)
    if not other:
        return {}
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
