"""Work out a count, which records nothing: ballots up to a position, counted under a rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from consult.commands.consultations.drafting import lot_of, profile_of, specification_of
from consult.commands.results.counting_refusals import (
    CannotCount,
    InterimHidden,
    NeverOpened,
    NoRule,
    NothingCounted,
    NotRecordedYet,
    WithdrawnUncounted,
)
from consult.commands.results.recorded_ballots import check_completeness
from consult.counting import (
    Outcome,
    Profile,
    Specification,
    WrongSpecification,
    count,
    input_digest,
)
from consult.counting.enough import Enough, enough
from consult.services import Services
from events import Consultation, NotFound
from events.consultations import states
from events.consultations.terms import CountingTerms
from events.question import Question
from projections.ballot_box import BallotBox


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
    cutoff = cutoff_of(services, consultation) if as_at is None else as_at
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
    if consultation.state == states.DRAFT:
        raise NeverOpened(slug=slug)
    if consultation.state == states.WITHDRAWN:
        raise WithdrawnUncounted(slug=slug)
    assert terms is not None, "it has opened, so it has terms"
    if consultation.state == states.OPEN and terms.interim == "hidden":
        raise InterimHidden(slug=slug, hour=f"{terms.closes_at:%Y-%m-%d %H:%M}")


def _rule_of(consultation: Consultation, question: Question) -> CountingTerms:
    terms = consultation.terms
    if terms is None or question.id not in terms.counting:
        raise NoRule(question=question.id)
    return terms.counting[question.id]


def cutoff_of(services: Services, consultation: Consultation) -> int:
    """Return the closing position, or the current head while the consultation is open."""
    if consultation.state != states.CLOSED:
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
