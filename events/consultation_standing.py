"""How a consultation stands: whether it is open, paused or an import, and what it takes."""

from datetime import datetime

from events import consultation_facts as facts
from events.question import VOTES, Question
from events.terms import Terms


class Standing:
    """What follows from a consultation's own facts; nothing here changes anything."""

    state: str
    source: str
    money: str
    decimals: int | None
    paused_at: datetime | None
    terms: Terms | None
    questions: dict[str, Question]

    @property
    def is_open(self) -> bool:
        """Say whether answers are accepted, as far as the record goes."""
        return self.state == "open" and self.paused_at is None

    @property
    def is_paused(self) -> bool:
        """Say whether it has opened, and nobody can answer for now."""
        return self.state == "open" and self.paused_at is not None

    @property
    def money_decimals(self) -> int:
        """How many decimals its amounts of money have."""
        return facts.money_decimals(self.money, self.decimals)

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
