"""Plays the demo into a record; playing it again writes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from consult.config import Config
from consult.demo import ashenmoor, fund, libraries, priorities
from consult.demo.stage import LOCAL, Clock, Stage
from consult.people.staff import add_member, make_sign_in_token
from consult.services import Services, set_up
from consult.store_clock import utc_now
from events import Partnership

STEPS = 4

PEOPLE = (
    ("organiser", "Network organiser", "organiser@acen.example.org"),
    ("council officer", "Council consultation officer", "officer@ashenmoor.example.org"),
    ("desk", "Library desk", "desk@ashenmoor.example.org"),
    ("scrutiny", "Scrutiny member", "scrutiny@ashenmoor.example.org"),
    ("auditor", "External auditor", "auditor@example.org"),
    ("data protection officer", "Data protection officer", "dpo@ashenmoor.example.org"),
)


@dataclass(frozen=True)
class SignIn:
    """A demo role and the secret of its one-time link."""

    role: str
    name: str
    token: str


def open_stage(config: Config, day: date | None = None) -> Stage:
    """Open services on a clock that the demo moves. `day`: D, today unless given."""
    set_up(config)
    clock = Clock()
    return Stage(Services.open(config, clock), clock, day or datetime.now(LOCAL).date())


def seed(stage: Stage, progress: Callable[[int, int], None] | None = None) -> UUID:
    """Write the borough and its three consultations; returns the partnership's id."""
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
    return partnership.id


def sign_ins(services: Services) -> list[SignIn]:
    """Make a fresh one-time link for every demo role."""
    partnership_id = Partnership.id_for("ashenmoor-together")
    links = []
    for role, name, email in PEOPLE:
        id = add_member(
            services.vault, email=email, name=name, partnership_id=partnership_id, role=role
        )
        links.append(SignIn(role, name, make_sign_in_token(services.vault, id, utc_now())))
    return links
