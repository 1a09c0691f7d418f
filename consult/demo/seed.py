"""Write the demo to a record; idempotent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from consult import access
from consult.clocks.local_time import local
from consult.clocks.store_clock import utc_now
from consult.commands.accounts.members import add_member
from consult.config import Config
from consult.demo import ashenmoor, fund, libraries, priorities
from consult.demo.stage import DAYS_BEHIND, DESK_PERSON, OPERATOR, Clock, Stage, first_day
from consult.people import calendar
from consult.people.accounts.sign_in_links import make_sign_in_token
from consult.services import Services, set_up
from events import Partnership, Refused

STEPS = 4

PEOPLE = (
    (access.ORGANISER, "Network organiser", "organiser@acen.example.org"),
    (access.OFFICER, "Council consultation officer", "officer@ashenmoor.example.org"),
    DESK_PERSON,
    (access.SCRUTINY, "Scrutiny member", "scrutiny@ashenmoor.example.org"),
    (access.AUDITOR, "External auditor", "auditor@example.org"),
    (access.CUSTODIAN, "Data protection officer", "dpo@ashenmoor.example.org"),
)


class NotEmpty(Refused):
    """The record contains something other than the demo."""

    says = (
        "The record in {database} holds something else already, and the demo would stay in it "
        "for good. Nothing was changed. Run consult demo in an empty folder."
    )


class NotYetTime(Refused):
    """The fund's closing time has not come yet."""

    says = (
        "The fund is open until {when}, so it cannot be closed yet and nothing was changed. "
        "A demo in a new folder has a fund that can."
    )


@dataclass(frozen=True)
class SignIn:
    """A demo role and the secret of its one-time link."""

    role: str
    name: str
    token: str


def open_stage(config: Config, day: date | None = None, *, creates: bool = True) -> Stage:
    """Open services on a clock that the demo moves. `day`: D, by default `first_day()`.

    `creates`: create what is missing in the database.
    """
    if creates:
        set_up(config)
    clock = Clock()
    return Stage(Services.open(config, clock), clock, day or first_day())


def seed(stage: Stage, progress: Callable[[int, int], None] | None = None) -> UUID:
    """Write the borough and its three consultations; return the partnership's id.

    Raises NotEmpty if the record contains anything else.
    """
    record = stage.services.record
    if record.head() and record.find(Partnership, Partnership.id_for(ashenmoor.SLUG)) is None:
        raise NotEmpty(database=stage.services.config.database_url.rpartition("@")[2])
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, STEPS)

    partnership = ashenmoor.form(stage)
    step()
    for play in (priorities.play, libraries.play, fund.play):
        play(stage, partnership.id)
        stage.services.catch_up()
        step()
    calendar.put_behind(stage.services.vault, days_behind(stage))
    return partnership.id


def days_behind(stage: Stage) -> int:
    """Return how many days the calendar must lag for the fund to be open."""
    closes_at = fund.closes_at(stage.services)
    return DAYS_BEHIND if closes_at is not None and closes_at <= utc_now() else 0


def move_on(stage: Stage) -> None:
    """Close, count and publish the fund; from then on the calendar is the real one.

    Raises NotYetTime if the fund was extended beyond the time that has passed.
    """
    closes_at = fund.closes_at(stage.services)
    if closes_at is not None and fund.published_at(closes_at) > utc_now():
        raise NotYetTime(when=f"{local(closes_at):%d %B %Y, %H:%M}")
    fund.advance(stage, fund.ID)
    calendar.put_behind(stage.services.vault, 0)


def sign_ins(services: Services) -> list[SignIn]:
    """Create a fresh one-time link for every demo role."""
    partnership_id = Partnership.id_for("ashenmoor-together")
    links = []
    for role, name, email in PEOPLE:
        id = add_member(
            services, partnership_id, email=email, name=name, roles=(role,), actor=OPERATOR
        )
        links.append(SignIn(role, name, make_sign_in_token(services.vault, id, utc_now())))
    return links
