"""A follow-up: one theme of "We asked, you said, we did", with its status.

Nothing here names a person: the owner is a role. A published row stays in the record; a change
is a new fact, and both are public.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec
from typing_extensions import override

from events.base import By, Fact, Subject, derived_id, fact
from events.errors import DoneAlready, Refused
from events.question import Text

DONE: Final = "done"
UNDER_WAY: Final = "under_way"
NOT_DONE: Final = "not_done"
Status = Literal["done", "under_way", "not_done"]
STATUSES: tuple[Status, ...] = (DONE, UNDER_WAY, NOT_DONE)
WORDS_LENGTH_MAX = 500
"""Characters of each text: the public entry holds all of them in every language."""
FOLLOW_UPS_MAX = 100
"""Rows of one consultation."""
_TEXTS = ("theme", "asked", "said", "did", "owner")


class FollowUpUnwritten(Refused):
    """A text is missing in a language of the consultation."""

    says = "“{part}” has no words in {language}. Write it in every language of the consultation."


class ReasonUnwritten(Refused):
    """A row with the status NOT_DONE has no reason."""

    says = "Say why it is not done. People are owed the reason."


class FollowUpTooLong(Refused):
    """A text is longer than its public entry can hold."""

    says = "“{part}” is longer than {most} characters. Shorten it."


class DoneTooSoon(Refused):
    """What is done was done, and what was decided was decided."""

    says = "That day has not come yet. Say the day on which it was done or decided."


class DueTooEarly(Refused):
    """What is under way is not done on a day that has passed."""

    says = "That day has passed. Say by when it is to be done now."


class NothingChanged(DoneAlready):
    """The new row equals the published one."""

    says = "Nothing is different from what is published already."


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was asked and said about a theme, and the outcome.

    `did`: what was, is being, or was not done. `why`: the reason, required when it was not
    done. `owner`: the role responsible. `on`: the day it was done or is due.
    """

    theme: Text
    asked: Text
    said: Text
    did: Text
    owner: Text
    status: Status
    on: date
    why: Text = {}

    def check(self, languages: Iterable[str], today: date) -> None:
        """Raise FollowUpUnwritten, ReasonUnwritten, FollowUpTooLong, DoneTooSoon or DueTooEarly."""
        if self.status == NOT_DONE and not any(self.why.values()):
            raise ReasonUnwritten
        if self.status == UNDER_WAY and self.on < today:
            raise DueTooEarly
        if self.status != UNDER_WAY and self.on > today:
            raise DoneTooSoon
        needed = (*_TEXTS, "why") if any(self.why.values()) else _TEXTS
        for part in needed:
            words: Text = getattr(self, part)
            for language in languages:
                if not words.get(language, "").strip():
                    raise FollowUpUnwritten(part=part, language=language)
            if any(len(text) > WORDS_LENGTH_MAX for text in words.values()):
                raise FollowUpTooLong(part=part, most=WORDS_LENGTH_MAX)


class FollowUp(Subject):
    """One row, from its first publication through every change."""

    TOPIC = "consult.follow_up"

    consultation_id: UUID
    row: Row

    @fact("consult.follow_up.published.v1", starts=True)
    class Published(Fact, frozen=True):
        """The outcome of a theme was published."""

        consultation_id: UUID
        row: Row

        @override
        def apply(self, follow_up: "FollowUp") -> None:
            follow_up.consultation_id = self.consultation_id
            follow_up.row = self.row

    @fact("consult.follow_up.changed.v1")
    class Changed(Fact, frozen=True):
        """The row was updated or corrected; `row` replaces the earlier one."""

        consultation_id: UUID
        row: Row

        @override
        def apply(self, follow_up: "FollowUp") -> None:
            follow_up.row = self.row

    @staticmethod
    def id_for(consultation_id: UUID, command_id: str) -> UUID:
        """Return the id of the row that a command publishes, which makes the command idempotent."""
        return derived_id("follow-up", str(consultation_id), command_id)

    def change(self, row: Row, *, at: datetime, by: By) -> None:
        """Replace the row. Raises NothingChanged."""
        if row == self.row:
            raise NothingChanged
        self.record(FollowUp.Changed(at=at, by=by, consultation_id=self.consultation_id, row=row))
