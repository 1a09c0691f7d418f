"""A consultation's own history: drafted, its terms fixed, opened, closed.

Terms, questions, options and costs are frozen at opening (I2). Closing is a position in the
record: a submission counts if and only if its position is before `Closed` (I5).
"""

from collections.abc import Sequence
from datetime import datetime

from typing_extensions import override

from events.base import By, Subject
from events.consultations import consultation_facts as facts
from events.consultations import consultation_refusals as refusals
from events.consultations import states
from events.consultations.beacon import BeaconNotDue, BeaconTooEarly, Lot, NoBeacon, check_lot
from events.consultations.codes import NUMBER_MAX
from events.consultations.consultation_standing import Standing
from events.consultations.levels import LETTER
from events.consultations.readiness import gaps
from events.consultations.terms import Terms
from events.frameworks import Framework
from events.question import Option, Question, Text, check_ids, is_readable, reasons_missing

VOID_REASON_LENGTH_MAX = 500


class Consultation(Standing, Subject):
    """One consultation. States: draft, open, closed, withdrawn."""

    TOPIC = "consult.consultation"

    Drafted = facts.Drafted
    Described = facts.Described
    QuestionAdded = facts.QuestionAdded
    QuestionChanged = facts.QuestionChanged
    QuestionRemoved = facts.QuestionRemoved
    OptionAdded = facts.OptionAdded
    OptionChanged = facts.OptionChanged
    OptionRemoved = facts.OptionRemoved
    TermsFixed = facts.TermsFixed
    Opened = facts.Opened
    PeriodExtended = facts.PeriodExtended
    Paused = facts.Paused
    Resumed = facts.Resumed
    Closed = facts.Closed
    ResultsPublished = facts.ResultsPublished
    LotDrawn = facts.LotDrawn
    Withdrawn = facts.Withdrawn
    CodesIssued = facts.CodesIssued
    CodesVoided = facts.CodesVoided

    @override
    def start(self) -> None:
        self.state = states.DRAFT
        self.questions = {}
        self.terms = None
        self.opened_at = None
        self.opened_version = 0
        self.paused_at = None
        self.pause_reason = {}
        self.closed_at = None
        self.closed_version = 0
        self.published_at = None
        self.withdrawn_at = None
        self.withdrawal_reason = {}
        self.lot = None
        self.batches = {}

    def describe(
        self, *, title: Text, overview: Text, languages: tuple[str, ...] = (), at: datetime, by: By
    ) -> None:
        """Change the title, the overview and the languages; `languages` empty: unchanged."""
        self._must_be_draft()
        other = () if languages == self.languages else languages
        described = facts.Described(at=at, by=by, title=title, overview=overview, languages=other)
        self.record(described)

    def add_question(self, question: Question, *, at: datetime, by: By) -> None:
        """Append. Raises AlreadyThere, UnclearId, PotMissing, BadLimits, FrozenAtOpening."""
        self._must_be_draft()
        if question.id in self.questions:
            raise refusals.AlreadyThere(what="question", id=question.id)
        check_ids((*self.questions, question.id), *question.id_lists)
        question.of_kind.check_limits(question)
        self.record(facts.QuestionAdded(at=at, by=by, question=question))

    def change_question(self, question: Question, *, at: datetime, by: By) -> None:
        """Change the words or limits of a question; callers keep its options."""
        self._must_be_draft()
        asked = self._question(question.id)
        check_ids(*question.id_lists)
        question.of_kind.check_limits(question)
        if asked != question:
            self.record(facts.QuestionChanged(at=at, by=by, question=question))

    def remove_question(self, question_id: str, *, at: datetime, by: By) -> None:
        """Remove a question. Raises NotThere, FrozenAtOpening."""
        self._must_be_draft()
        self._question(question_id)
        self.record(facts.QuestionRemoved(at=at, by=by, question_id=question_id))

    def add_option(self, question_id: str, option: Option, *, at: datetime, by: By) -> None:
        """Append an option. Raises AlreadyThere, UnclearId, NotThere, FrozenAtOpening."""
        self._must_be_draft()
        asked = self._question(question_id)
        if asked.option(option.id):
            raise refusals.AlreadyThere(what="option", id=option.id)
        check_ids((*asked.option_ids, option.id), filter(None, [option.group]))
        self.record(facts.OptionAdded(at=at, by=by, question_id=question_id, option=option))

    def change_option(self, question_id: str, option: Option, *, at: datetime, by: By) -> None:
        """Change the words or the cost of an option. Raises NotThere, FrozenAtOpening."""
        self._must_be_draft()
        known = self._question(question_id).option(option.id)
        if known is None:
            raise refusals.NotThere(what="option", id=option.id)
        check_ids(filter(None, [option.group]))
        if known != option:
            self.record(facts.OptionChanged(at=at, by=by, question_id=question_id, option=option))

    def remove_option(self, question_id: str, option_id: str, *, at: datetime, by: By) -> None:
        """Remove an option. Raises NotThere, FrozenAtOpening."""
        self._must_be_draft()
        if self._question(question_id).option(option_id) is None:
            raise refusals.NotThere(what="option", id=option_id)
        self.record(facts.OptionRemoved(at=at, by=by, question_id=question_id, option_id=option_id))

    def fix_terms(self, terms: Terms, *, at: datetime, by: By) -> None:
        """Set the terms of the consultation. Raises NotCounted, NotThere, FrozenAtOpening."""
        self._must_be_draft()
        for question_id in terms.counting:
            if not self._question(question_id).is_counted:
                raise refusals.NotCounted(question=question_id)
        self.record(facts.TermsFixed(at=at, by=by, terms=terms))

    def open(
        self, framework: Framework, *, unstated: Sequence[str] = (), at: datetime, by: By
    ) -> None:
        """Open the consultation for answers (I1, I3).

        `unstated`: what its partnership still has to state in public. Raises FrozenAtOpening,
        NotReady (which lists what is missing), PeriodTooShort, BeaconTooEarly.
        """
        self._must_be_draft()
        missing = [*self.missing(), *unstated]
        if missing:
            raise refusals.NotReady(missing="; ".join(missing))
        if self.closes_too_soon(framework.days_min, at):
            raise refusals.PeriodTooShort(days=framework.days_min)
        if self.is_draw_overtaken(at):
            raise BeaconTooEarly
        self.record(facts.Opened(at=at, by=by))

    def draw_lot(self, lot: Lot, *, at: datetime, by: By) -> None:
        """Record the value of the public draw; replacing an earlier one needs a reason.

        Raises NoBeacon, BeaconNotDue, ReasonMissing, and what `check_lot` raises.
        """
        beacon = self.terms.beacon if self.terms else None
        if beacon is None or self.opened_at is None:
            raise NoBeacon
        if at < beacon.due_at:
            raise BeaconNotDue(day=beacon.due_hour)
        if self.lot == lot:
            return
        if lot.is_replacement and reasons_missing(lot.reason, self.languages):
            raise refusals.ReasonMissing
        check_lot(beacon, lot, self.lot)
        self.record(facts.LotDrawn(at=at, by=by, lot=lot))

    def extend(self, closes_at: datetime, reason: Text, *, at: datetime, by: By) -> None:
        """Postpone the closing time, with a reason (I3).

        Raises NotOpen, NeverShorter, ReasonMissing.
        """
        self._must_be_open()
        assert self.terms is not None
        if closes_at <= self.terms.closes_at:
            raise refusals.NeverShorter
        if reasons_missing(reason, self.languages):
            raise refusals.ReasonMissing
        self.record(facts.PeriodExtended(at=at, by=by, closes_at=closes_at, reason=reason))

    def pause(self, reason: Text, *, at: datetime, by: By) -> None:
        """Pause answering, with a reason; the closing time stays.

        Raises NotOpen, AlreadyPaused, ReasonMissing.
        """
        self._must_be_open()
        if self.is_paused:
            raise refusals.AlreadyPaused
        if reasons_missing(reason, self.languages):
            raise refusals.ReasonMissing
        self.record(facts.Paused(at=at, by=by, reason=reason))

    def resume(self, *, at: datetime, by: By) -> None:
        """Resume answering. Raises NotOpen, NotPaused."""
        self._must_be_open()
        if not self.is_paused:
            raise refusals.NotPaused
        self.record(facts.Resumed(at=at, by=by))

    def close(self, *, at: datetime, by: By) -> None:
        """Close the consultation; the position of this fact is the cut-off.

        It cannot close before its closing time (I3), paused or not. Only an import, which has
        no promised closing time, closes as soon as all its votes are stored. Raises NotOpen,
        NotYetOver.
        """
        self._must_be_open()
        if self.closes_not_before is not None and at < self.closes_not_before:
            raise refusals.NotYetOver
        self.record(facts.Closed(at=at, by=by))

    def publish_results(self, published: facts.ResultsPublished) -> None:
        """Publish the tallies of every question. Raises NotClosed, ResultsAlreadyPublished."""
        if self.state != states.CLOSED:
            raise refusals.NotClosed
        if self.published_at is not None:
            raise refusals.ResultsAlreadyPublished
        self.record(published)

    def withdraw(self, reason: Text, *, at: datetime, by: By) -> None:
        """Withdraw for good, with a reason in every language if it has been open.

        A file of votes can be thrown away after it is in. Raises NotOpen, ResultsStand,
        AnswersAreIn, ReasonMissing.
        """
        if self.state == states.WITHDRAWN:
            raise refusals.NotOpen
        if self.published_at is not None:
            raise refusals.ResultsStand
        if self.state_at(at) == states.CLOSED and not self.is_import:
            raise refusals.AnswersAreIn
        languages = self.languages if self.state != states.DRAFT else self.languages[:1]
        if reasons_missing(reason, languages):
            raise refusals.ReasonMissing
        self.record(facts.Withdrawn(at=at, by=by, reason=reason))

    def issue_codes(
        self, batch_id: str, number: int, *, ward: str = "", at: datetime, by: By
    ) -> None:
        """Record a batch of one-use codes, before any of them works."""
        self.must_accept_codes(number)
        self.record(facts.CodesIssued(at=at, by=by, batch_id=batch_id, number=number, ward=ward))

    def must_accept_codes(self, number: int) -> None:
        """Check that codes can be issued. Raises NotOpen, CodesNotAccepted, BadNumberOfCodes."""
        if self.state not in {states.DRAFT, states.OPEN}:
            raise refusals.NotOpen
        if self.terms is None or LETTER not in self.terms.identity:
            raise refusals.CodesNotAccepted
        if not 0 < number <= NUMBER_MAX:
            raise refusals.BadNumberOfCodes(most=NUMBER_MAX)

    def void_codes(self, batch_id: str, reason: str, *, at: datetime, by: By) -> None:
        """Void a lost batch: codes that nobody has answered with stop working.

        Raises NotOpen, NoSuchBatch, BatchAlreadyVoid, VoidReasonMissing.
        """
        if self.state not in {states.DRAFT, states.OPEN}:
            raise refusals.NotOpen
        batch = self.batches.get(batch_id)
        if batch is None:
            raise refusals.NoSuchBatch(batch=batch_id[:40])
        if batch.is_void:
            raise refusals.BatchAlreadyVoid
        text = reason.strip()
        if not is_readable(text) or len(text) > VOID_REASON_LENGTH_MAX:
            raise refusals.VoidReasonMissing
        self.record(facts.CodesVoided(at=at, by=by, batch_id=batch_id, reason=text))

    def honours(self, batch_id: str) -> bool:
        """Return whether a code of this batch allows a first answer."""
        batch = self.batches.get(batch_id)
        return batch is not None and not batch.is_void

    def missing(self) -> list[str]:
        """Return what is missing before it can open, as sentences; empty when it is ready."""
        return [str(gap) for gap in gaps(self)]

    def _question(self, question_id: str) -> Question:
        try:
            return self.questions[question_id]
        except KeyError:
            raise refusals.NotThere(what="question", id=question_id) from None

    def _must_be_draft(self) -> None:
        if self.state != states.DRAFT:
            raise refusals.FrozenAtOpening

    def _must_be_open(self) -> None:
        """Raise NotOpen unless it is open; a paused consultation is open."""
        if self.state != states.OPEN:
            raise refusals.NotOpen
