"""How a consultation stands: what its facts change, and what follows from that."""

from datetime import datetime, timedelta
from uuid import UUID

from events.consultations.beacon import Lot
from events.consultations.codes import CodeBatch
from events.consultations.terms import Terms
from events.question import VOTES, Question, Text

PENCE = 2


class Standing:
    """What the facts of a consultation change: of the subject itself, and of its page.

    `version`: of the last fact that was applied. `opened_version`, `closed_version`: of the facts
    of the opening and the closing, 0 before.
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
    closed_version: int
    published_at: datetime | None
    lot: Lot | None
    batches: dict[str, CodeBatch]
    version: int

    @property
    def is_open(self) -> bool:
        """Say whether answers are accepted, as far as the record goes."""
        return self.state == "open" and self.paused_at is None

    def state_at(self, at: datetime) -> str:
        """Return its state by then: also "paused", and "closed" once its time is up.

        The closing is recorded a moment later. An import has no time that could be up.
        """
        if self.state != "open" or self.is_import:
            return self.state
        if self.terms is not None and at >= self.terms.closes_at:
            return "closed"
        return "paused" if self.is_paused else "open"

    @property
    def is_paused(self) -> bool:
        """Say whether it has opened, and nobody can answer for now."""
        return self.state == "open" and self.paused_at is not None

    @property
    def money_decimals(self) -> int:
        """How many decimals its amounts of money have: as its draft says, else two for pence."""
        if self.decimals is not None:
            return self.decimals
        return PENCE if self.money == "pence" else 0

    def closes_too_soon(self, days_min: int, at: datetime) -> bool:
        """Say whether people would have less than so many days if it opened at `at`."""
        return self.terms is not None and self.terms.closes_at - at < timedelta(days=days_min)

    def is_draw_overtaken(self, at: datetime) -> bool:
        """Say whether the draw that its terms name has taken place at `at`."""
        beacon = self.terms.beacon if self.terms else None
        return beacon is not None and beacon.due_at <= at

    @property
    def is_import(self) -> bool:
        """Say whether its votes come from a file, so that nobody can answer it."""
        return bool(self.source)

    @property
    def takes_ballots(self) -> bool:
        """Votes only are ballots; anything more is a response."""
        return all(question.kind in VOTES for question in self.questions.values())

    @property
    def closes_not_before(self) -> datetime | None:
        """The moment before which it cannot be closed; None when nobody was promised any."""
        return None if self.source or self.terms is None else self.terms.closes_at
