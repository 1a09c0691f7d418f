"""Services with a movable clock, on which the demo is played."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TypeVar
from uuid import UUID

from consult import access
from consult.access import DESK
from consult.clocks.local_time import ZONE, moment_of
from consult.commands.accounts.members import add_member
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import ballot_of
from consult.commands.consultations.drawing import announced_draw, enter_draw
from consult.commands.context import Actor
from consult.people.proving.identities import prove, written_reference
from consult.services import Services
from events import Consultation, Submission
from events.channels import ONLINE
from events.consultations import levels
from events.consultations.beacon import Beacon

DAYS_BEHIND = 16
"""Lag of the demo's calendar until the fund is closed, two weeks after D."""

FIRST_HOUR = 9
AT_ONCE = 1_000

ORGANISER = Actor(access.ORGANISER, "demo-organiser")
OFFICER = Actor(access.OFFICER, "demo-officer")
ADMINISTRATOR = Actor(access.ADMINISTRATOR, "demo-administrator")
OPERATOR = Actor(access.OPERATOR)
DESK_PERSON = (DESK, "Library desk", "desk@ashenmoor.example.org")
"""Role, name and address of the account that enters paper and telephone answers."""

LOTTERY = {
    "en": "the Ashenmoor Lottery's weekly draw, all six balls in the order drawn",
    "cy": "tyniad wythnosol Loteri Ashenmoor, y chwe phêl yn y drefn y’u tynnwyd",
}

T = TypeVar("T")


def first_day() -> date:
    """Return the latest D whose 9 a.m. has passed, by the calendar of the demo."""
    behind = timedelta(days=DAYS_BEHIND, hours=FIRST_HOUR)
    return (datetime.now(ZONE) - behind).date()


class Clock:
    """A clock that stands still where it is set."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        """Return the time it was set to."""
        return self.now


@dataclass(frozen=True)
class Stage:
    """Services, their clock, and the demo's day D (local date)."""

    services: Services
    clock: Clock
    day: date

    def at(self, days: int, hour: int = FIRST_HOUR, minute: int = 0) -> datetime:
        """Return the UTC time of a local time `days` after D."""
        return moment_of(self.day + timedelta(days=days), time(hour, minute))

    def go(self, days: int, hour: int = FIRST_HOUR, minute: int = 0) -> None:
        """Set the clock to `at(days, hour, minute)`."""
        self.clock.now = self.at(days, hour, minute)

    def draw(self, days: int) -> Beacon:
        """Return the weekly draw in the evening `days` after D, which breaks ties."""
        return announced_draw(self.at(days, 20), LOTTERY)

    def enter(self, consultation: Consultation, numbers: str) -> None:
        """Enter the result of the draw. Idempotent."""
        enter_draw(
            self.services,
            consultation.id,
            numbers=numbers,
            source="Ashenmoor Gazette",
            actor=OFFICER,
            command_id=f"demo/{consultation.slug}/lot",
        )

    def hand_in(self, consultation: Consultation, forms: Iterable["Form"]) -> list[UUID]:
        """Cast many first submissions; return their ids. Idempotent.

        Each form's time says when it came in; the record keeps the given order.
        """
        ids: list[UUID] = []
        waiting = iter(forms)
        while some := list(islice(waiting, AT_ONCE)):
            ready = list(self._submissions(consultation, some))
            ids += [submission.id for submission in ready]
            record = self.services.record
            if record.find(type(ready[0]), ready[0].id) is None:
                record.append_batch(ready, depends_on={consultation.id: consultation.version})
        return ids

    def _submissions(self, consultation: Consultation, forms: list["Form"]) -> Iterator[Submission]:
        vault = self.services.vault
        role, name, email = DESK_PERSON
        here, given = consultation.partnership_id, (role,)
        desk = add_member(self.services, here, email=email, name=name, roles=given, actor=OPERATOR)
        for form in forms:
            self.clock.now = form.at
            voter, who, sheet = f"demo/{form.voter}", Actor(access.RESIDENT), form.sheet
            if form.channel != ONLINE:
                voter = prove(
                    vault, consultation.id, levels.DESK, written_reference(form.voter)
                ).voter
                who = Actor(DESK, desk.hex)
                sheet = replace(sheet, assurance=levels.DESK)
            by = replace(who, channel=form.channel).by(f"demo/{form.voter}")
            yield ballot_of(
                self.services, consultation, voter=voter, sheet=sheet, by=by, browser=by.command_id
            )


@dataclass(frozen=True)
class Form:
    """One person's answers to be cast."""

    voter: str
    sheet: Sheet
    channel: str
    at: datetime
