"""An interest that a member organisation declares: what it has to do with a matter it speaks on."""

from datetime import date, datetime
from uuid import UUID

from typing_extensions import override

from events.base import By, Fact, Subject, derived_id, fact
from events.errors import DoneAlready, Refused
from events.partnership import Organisation
from events.question import Text

WHAT_LENGTH_MAX = 500
"""Characters of the description in each language."""


class InterestUnwritten(Refused):
    """The description is missing in a language of the partnership."""

    says = "Say in {language} too what the interest is. Nothing was recorded."


class InterestTooLong(Refused):
    """The description has more than WHAT_LENGTH_MAX characters."""

    says = "What the interest is takes more than {most} characters. Shorten it."


class DayToCome(Refused):
    """An interest is declared once it is there, and ends once it has ended."""

    says = "That day has not come yet. Nothing was recorded. Give a day up to today."


class EndsBeforeItBegan(Refused):
    """The day of the end is before the first day."""

    says = "The interest began later than that. Nothing was recorded. Give a later day."


class InterestEnded(DoneAlready):
    """The interest has ended already, on this day or on another."""

    says = "It is recorded already that this interest ended. Nothing was changed."


class Declaration:
    """The state that facts of an interest change, shared by the subject and its page."""

    partnership_id: UUID
    organisation: Organisation
    what: Text
    since: date
    until: date | None
    consultation_id: UUID | None


class Interest(Declaration, Subject):
    """One interest of one organisation, from its declaration to its end."""

    TOPIC = "consult.interest"

    @override
    def start(self) -> None:
        self.until = None

    @fact("consult.interest.declared.v1", starts=True)
    class Declared(Fact, frozen=True):
        """An organisation declared an interest. `organisation`: as it was then.

        `consultation_id`: the consultation it is about; None if it is about another matter, which
        `what` names.
        """

        partnership_id: UUID
        organisation: Organisation
        what: Text
        since: date
        consultation_id: UUID | None = None

        @override
        def apply(self, interest: Declaration) -> None:
            interest.partnership_id = self.partnership_id
            interest.organisation = self.organisation
            interest.what = self.what
            interest.since = self.since
            interest.consultation_id = self.consultation_id

    @fact("consult.interest.ended.v1")
    class Ended(Fact, frozen=True):
        """The interest ended; `on` is its last day. The other fields are those of `Declared`."""

        on: date
        partnership_id: UUID
        organisation: Organisation
        consultation_id: UUID | None = None

        @override
        def apply(self, interest: Declaration) -> None:
            interest.until = self.on

    @staticmethod
    def id_for(partnership_id: UUID, command_id: str) -> UUID:
        """Return the id of what a command declares, which makes the command idempotent."""
        return derived_id("interest", str(partnership_id), command_id)

    def end(self, on: date, today: date, *, at: datetime, by: By) -> None:
        """Record the last day; `today`: where the people are, at the time `at`.

        Raises DayToCome, EndsBeforeItBegan, InterestEnded.
        """
        if self.until is not None:
            raise InterestEnded
        if on > today:
            raise DayToCome
        if on < self.since:
            raise EndsBeforeItBegan
        self.record(
            Interest.Ended(
                at=at,
                by=by,
                on=on,
                partnership_id=self.partnership_id,
                organisation=self.organisation,
                consultation_id=self.consultation_id,
            )
        )


def check_declared(what: Text, since: date, languages: tuple[str, ...], today: date) -> None:
    """Raise InterestUnwritten, InterestTooLong or DayToCome."""
    for language in languages:
        if not what.get(language, "").strip():
            raise InterestUnwritten(language=language)
    if any(len(text) > WHAT_LENGTH_MAX for text in what.values()):
        raise InterestTooLong(most=WHAT_LENGTH_MAX)
    if since > today:
        raise DayToCome
