"""The command that reports the status of an installation."""

import sys

import click

from consult.cli.root import REFUSED, main, opened
from consult.formats.plural import counted
from consult.health import health_of
from consult.sealing.promises import why_nothing_is_promised


@main.command("status")
def status() -> None:
    """Say how the record, what pages show of it, and the public log are.

    Ends with 1 where `/healthz` answers 503, and when there is trouble with the public log.

    Example: consult status
    """
    with opened(starts_projections=False) as services:
        found = health_of(services)
        unpromised = why_nothing_is_promised(services.config, services.log)
        stored, troubles = services.log.stored(), services.log.troubles()
    click.echo(
        f"The record has {counted(found.head, 'fact')}; pages show it up to {found.position:,}."
    )
    if found.is_stuck:
        click.echo("Pages do not get up to date: no process is doing it. Start: consult serve")
    if found.secret:
        click.echo(f"MISSING: {found.secret}")
    for one in found.stopped:
        click.echo(
            f"STOPPED: {one.name} stands at {one.position:,} because of the fact at "
            f"{one.error_position}: {one.error}"
        )
        click.echo("  It is tried again at the next start, or with: consult rebuild")
    for failing in found.failing:
        click.echo(
            f"FAILING: {failing.duty}, {counted(failing.failures, 'time')} in a row since "
            f"{failing.since}: {failing.reason}"
        )
        click.echo("  It is tried again and again; the log of the background process says more.")
    sealed = stored.head.size if stored else 0
    click.echo(f"The public log has {counted(sealed, 'entry')}.")
    if unpromised:
        click.echo(f"Receipts come without a signed promise. {unpromised}")
    for trouble in troubles:
        click.echo(f"TROUBLE with {trouble.what} since {trouble.at}: {trouble.detail}")
    if not found.is_well or troubles:
        sys.exit(REFUSED)
