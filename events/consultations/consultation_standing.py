"""The state of a consultation that its facts change, and what derives from it."""

from datetime import datetime, timedelta
from uuid import UUID

from events.consultations import states
from events.consultations.beacon import Lot
from events.consultations.codes import CodeBatch
from events.consultations.terms import Terms
from events.question import Question, Text

PENCE = 2


class Standing:
    """The state that facts of a consultation change, shared by the subject and its page.

    `version`: of the last fact that was applied. `opened_version`, `closed_version`: of the facts
    of the opening and the closing, 0 before. `closed_at`: when the closing was recorded, which
    may be later than people could answer: see `ended_at`.
    """

    partnership_id: UUID
    slug: str
    title: Text
    overview: Text
    languages: tuple[str, ...]
    source: str
    money: str
    currency: str
    decimals: int | None
    state: str
    questions: dict[str, Question]
    terms: Terms | None
    opened_at: datetime | None
    opened_version: int
    paused_at: datetime | None
    pause_reason: Text
    closed_at: datetime | None
    closed_version: int
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawal_reason: Text
    lot: Lot | None
    batches: dict[str, CodeBatch]
    version: int

    @property
    def is_open(self) -> bool:
        """Whether answers are accepted, according to the recorded facts."""
        return self.state == states.OPEN and self.paused_at is None

    def state_at(self, at: datetime) -> str:
        """Return its state at a time: also "paused", and "closed" once the closing time has come.

        The closing is recorded shortly afterwards. An import has no closing time.
        """
        if self.state != states.OPEN or self.is_import:
            return self.state
        if self.terms is not None and at >= self.terms.closes_at:
            return states.CLOSED
        return states.PAUSED if self.is_paused else states.OPEN

    @property
    def ended_at(self) -> datetime | None:
        """The moment after which no answer counts, as everybody is told it.

        That is the closing time that people were promised, however much later the closing is
        recorded; an import promised none. While it is open this is still to come.
        """
        moments = (self.closes_not_before, self.closed_at, self.withdrawn_at)
        return min(filter(None, moments), default=None)

    @property
    def is_paused(self) -> bool:
        """Whether it is open and answering is paused."""
        return self.state == states.OPEN and self.paused_at is not None

    @property
    def money_decimals(self) -> int:
        """Decimal places of its amounts: as drafted, else 2 for pence and 0 for units."""
        if self.decimals is not None:
            return self.decimals
        return PENCE if self.money == "pence" else 0

    def closes_too_soon(self, days_min: int, at: datetime) -> bool:
        """Return whether it would be open for fewer than `days_min` days if it opened at `at`."""
        return self.terms is not None and self.terms.closes_at - at < timedelta(days=days_min)

    def is_draw_overtaken(self, at: datetime) -> bool:
        """Return whether the draw that its terms name is due at or before `at`."""
        beacon = self.terms.beacon if self.terms else None
        return beacon is not None and beacon.due_at <= at

    @property
    def is_import(self) -> bool:
        """Whether its votes are imported from a file, so that nobody can answer it."""
        return bool(self.source)

    @property
    def takes_ballots(self) -> bool:
        """Whether submissions are ballots (every question is a vote) rather than responses."""
        return all(question.of_kind.is_vote for question in self.questions.values())

    @property
    def closes_not_before(self) -> datetime | None:
        """The earliest time of closing; None for an import, or before terms are set."""
        return None if self.source or self.terms is None else self.terms.closes_at
