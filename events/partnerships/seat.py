"""A seat on the board of a partnership: its sector, whom it is kept for, and who fills it when."""

from datetime import date, datetime
from uuid import UUID

from typing_extensions import override

from events.base import By, Fact, Subject, derived_id, fact
from events.errors import DoneAlready, Refused
from events.partnership import SECTORS, Organisation, UnknownSector
from events.question import Text

TITLE_LENGTH_MAX = 100
"""Characters of the title, and of whom the seat is kept for, in each language."""


class SeatUnwritten(Refused):
    """A text is missing in a language of the partnership."""

    says = "Say what the seat is called, and whom it is kept for, in {language} too."


class SeatTooLong(Refused):
    """A text has more than TITLE_LENGTH_MAX characters."""

    says = "What the seat is called, and whom it is kept for, take up to {most} characters each."


class SeatDayToCome(Refused):
    """A seat is set up, filled, vacated or given up once that has happened."""

    says = "That day has not come yet. Nothing was saved. Give a day up to today."


class SeatDayTooEarly(Refused):
    """The day is before the last thing that happened to the seat."""

    says = "Something later is recorded of this seat already. Nothing was saved. Give a later day."


class TermEndsBefore(Refused):
    """The last day of the term is not after its first."""

    says = "The term ends before it begins. Nothing was saved. Give a later last day."


class OtherSector(Refused):
    """The organisation belongs to another sector than the seat is for."""

    says = "This seat is for another sector than that organisation’s. Nothing was saved."


class SeatTaken(Refused):
    """Another organisation fills the seat."""

    says = "This seat is filled. Record first that it became vacant. Nothing was saved."


class SeatFilledSo(DoneAlready):
    """The same organisation fills the seat already."""

    says = "It is recorded already that this organisation fills the seat. Nothing was changed."


class SeatVacant(DoneAlready):
    """Nobody fills the seat."""

    says = "It is recorded already that this seat is vacant. Nothing was changed."


class SeatGivenUp(DoneAlready):
    """The seat is given up."""

    says = "It is recorded already that this seat was given up. Nothing was changed."


class Seating:
    """The state that facts of a seat change, shared by the subject and its page.

    `changed_on`: the day of the last change: since then it is filled, or vacant. `term_ends_on`:
    the last day of the term of whoever fills it, if that was said.
    """

    partnership_id: UUID
    title: Text
    sector: str
    kept_for: Text
    organisation: Organisation | None
    changed_on: date
    term_ends_on: date | None
    given_up_on: date | None


class Seat(Seating, Subject):
    """One seat, from its setting up until it is given up."""

    TOPIC = "consult.seat"

    @override
    def start(self) -> None:
        self.organisation = None
        self.term_ends_on = None
        self.given_up_on = None

    @fact("consult.seat.set_up.v1", starts=True)
    class SetUp(Fact, frozen=True):
        """A seat was set up, and is vacant.

        `sector`: of `events.partnership.SECTORS`. `kept_for`: the group whose voice it is kept
        for, if for one; `on`: since when there is the seat.
        """

        partnership_id: UUID
        title: Text
        sector: str
        on: date
        kept_for: Text = {}

        @override
        def apply(self, seat: Seating) -> None:
            seat.partnership_id = self.partnership_id
            seat.title = self.title
            seat.sector = self.sector
            seat.kept_for = self.kept_for
            seat.changed_on = self.on

    @fact("consult.seat.filled.v1")
    class Filled(Fact, frozen=True):
        """An organisation fills the seat from `on`. `organisation`: as it was then."""

        partnership_id: UUID
        organisation: Organisation
        on: date
        term_ends_on: date | None = None

        @override
        def apply(self, seat: Seating) -> None:
            seat.organisation = self.organisation
            seat.changed_on = self.on
            seat.term_ends_on = self.term_ends_on

    @fact("consult.seat.vacated.v1")
    class Vacated(Fact, frozen=True):
        """The seat became vacant; `on` is the first day. `left_by`: which filled it."""

        partnership_id: UUID
        left_by: Organisation
        on: date

        @override
        def apply(self, seat: Seating) -> None:
            seat.organisation = None
            seat.changed_on = self.on
            seat.term_ends_on = None

    @fact("consult.seat.given_up.v1")
    class GivenUp(Fact, frozen=True):
        """There is no such seat any more; `on` is the first day without it."""

        partnership_id: UUID
        title: Text
        on: date

        @override
        def apply(self, seat: Seating) -> None:
            seat.organisation = None
            seat.changed_on = self.on
            seat.term_ends_on = None
            seat.given_up_on = self.on

    @staticmethod
    def id_for(partnership_id: UUID, command_id: str) -> UUID:
        """Return the id of the seat that a command sets up, which makes the command idempotent."""
        return derived_id("seat", str(partnership_id), command_id)

    def fill(
        self,
        organisation: Organisation,
        on: date,
        term_ends_on: date | None,
        today: date,
        *,
        at: datetime,
        by: By,
    ) -> None:
        """Record who fills it.

        Raises SeatGivenUp, SeatTaken, SeatFilledSo, OtherSector, TermEndsBefore, SeatDayToCome,
        SeatDayTooEarly.
        """
        if self.organisation is not None and self.given_up_on is None:
            raise SeatFilledSo if self.organisation.id == organisation.id else SeatTaken
        self._check_day(on, today)
        if organisation.sector != self.sector:
            raise OtherSector
        if term_ends_on is not None and term_ends_on <= on:
            raise TermEndsBefore
        self.record(
            Seat.Filled(
                at=at,
                by=by,
                partnership_id=self.partnership_id,
                organisation=organisation,
                on=on,
                term_ends_on=term_ends_on,
            )
        )

    def vacate(self, on: date, today: date, *, at: datetime, by: By) -> None:
        """Record that it became vacant. Raises SeatVacant, and of its day as `fill`."""
        if self.organisation is None and self.given_up_on is None:
            raise SeatVacant
        self._check_day(on, today)
        assert self.organisation is not None  # of a seat that is neither vacant nor given up
        self.record(
            Seat.Vacated(
                at=at,
                by=by,
                partnership_id=self.partnership_id,
                left_by=self.organisation,
                on=on,
            )
        )

    def give_up(self, on: date, today: date, *, at: datetime, by: By) -> None:
        """Record that there is no such seat any more. Raises of its day as `fill`."""
        self._check_day(on, today)
        self.record(
            Seat.GivenUp(at=at, by=by, partnership_id=self.partnership_id, title=self.title, on=on)
        )

    def _check_day(self, on: date, today: date) -> None:
        if self.given_up_on is not None:
            raise SeatGivenUp
        if on > today:
            raise SeatDayToCome
        if on < self.changed_on:
            raise SeatDayTooEarly


def check_set_up(
    title: Text, kept_for: Text, sector: str, on: date, languages: tuple[str, ...], today: date
) -> None:
    """Raise SeatUnwritten, SeatTooLong, UnknownSector or SeatDayToCome."""
    for language in languages:
        is_kept = any(text.strip() for text in kept_for.values())
        if not title.get(language, "").strip() or (
            is_kept and not kept_for.get(language, "").strip()
        ):
            raise SeatUnwritten(language=language)
    if any(len(text) > TITLE_LENGTH_MAX for text in (*title.values(), *kept_for.values())):
        raise SeatTooLong(most=TITLE_LENGTH_MAX)
    if sector not in SECTORS:
        raise UnknownSector(sector=sector)
    if on > today:
        raise SeatDayToCome
