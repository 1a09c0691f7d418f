"""Commands that extend, pause, resume or withdraw a consultation."""

from datetime import datetime

import click

from consult.cli.reasons import check_languages, with_reason
from consult.cli.root import OPERATOR, find, main, opened
from consult.clocks.local_time import only_moment_of
from consult.commands.consultations.opening import (
    extend_consultation,
    pause_consultation,
    resume_consultation,
    withdraw_consultation,
)
from consult.services import Services
from events import Consultation
from events.question import Text

WHY = "Why, once for each language of the consultation. It is published."


@main.command("extend")
@click.argument("consultation")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]),
    required=True,
    help="The new closing time, of a clock in London.",
)
@with_reason(WHY)
def extend(consultation: str, until: datetime, reason: Text) -> None:
    """Give people more time; also while it is paused.

    Example: consult extend three-wards-fund --until "2027-01-15 17:00" --reason en="Snow"
    """
    with opened() as services:
        closes_at = only_moment_of(until.date(), until.time())
        found = _of_its_languages(services, consultation, reason)
        extend_consultation(services, found.id, closes_at=closes_at, reason=reason, actor=OPERATOR)
        click.echo(f"{found.slug} closes at {until:%Y-%m-%d %H:%M} now.")


@main.command("pause")
@click.argument("consultation")
@with_reason(WHY)
def pause(consultation: str, reason: Text) -> None:
    """Let nobody answer for now. The closing time stands, and what was sent counts.

    Example: consult pause three-wards-fund --reason en="A price is wrong"
    """
    with opened() as services:
        found = _of_its_languages(services, consultation, reason)
        pause_consultation(services, found.id, reason=reason, actor=OPERATOR)
        click.echo(f"{found.slug} is paused. Let it go on with: consult resume {found.slug}")


@main.command("resume")
@click.argument("consultation")
def resume(consultation: str) -> None:
    """Let people answer again, until the closing time.

    Example: consult resume three-wards-fund
    """
    with opened() as services:
        resumed = resume_consultation(services, find(services, consultation), actor=OPERATOR)
        click.echo(f"{resumed.slug} goes on. People can answer again.")


@main.command("withdraw")
@click.argument("consultation")
@with_reason(WHY)
def withdraw(consultation: str, reason: Text) -> None:
    """Stop a consultation for good. Nothing of it is counted; its page says why.

    Example: consult withdraw three-wards-fund --reason en="The fund is gone"
    """
    with opened() as services:
        found = _of_its_languages(services, consultation, reason)
        withdraw_consultation(services, found.id, reason=reason, actor=OPERATOR)
        click.echo(f"{found.slug} is withdrawn.")


def _of_its_languages(services: Services, reference: str, reason: Text) -> Consultation:
    found = services.record.get(Consultation, find(services, reference))
    check_languages(found, reason)
    return found
