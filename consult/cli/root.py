"""Shared parts of all commands: opened services, refusals in words, progress."""

import errno
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn
from uuid import UUID

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from consult import access
from consult.cli.output import Commands
from consult.commands.context import Actor
from consult.config import Config
from consult.services import Services, set_up
from events import Consultation, Refused
from events.store.appends import SchemaMissing, SchemaOld
from events.store.database_trouble import not_for_this_account, trouble_behind
from events.store.record import Record
from projections.consultations import Consultations
from projections.engine.rebuilding import RebuildFailed

OPERATOR = Actor(access.OPERATOR)
REFUSED = 1
NOT_ALLOWED = frozenset((errno.EACCES, errno.EPERM))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="folkmoot")
def main() -> None:
    """Folkmoot: consult a community, and be able to prove the result.

    A CONSULTATION is named by its id or its short name, a PARTNERSHIP by its short name. A
    partnership can be named in its place or with --partnership.

    The database is FOLKMOOT_DATABASE_URL (default sqlite:///folkmoot.db).
    """


@contextmanager
def opened(
    *, create: bool = False, is_told: bool = False, starts_projections: bool = True
) -> Iterator[Services]:
    """Open the services; print a refusal and exit with code 1.

    `create`: create the record if there is none; `is_told`: report that on standard error, because
    a mistyped database address creates one too. `starts_projections`: start the read models, which
    also retries stopped ones.
    """
    with said_in_words():
        config = Config.from_environment()
        if create:
            place = _place_without_record(config) if is_told else None
            set_up(config)
            if place is not None:
                click.echo(
                    f"Note: there was no record in {place}, so a new one was made.", err=True
                )
        services = Services.open(config, has_background=not starts_projections)
        try:
            yield services
        finally:
            services.close()


def _place_without_record(config: Config) -> str | None:
    """Return where a new record would be created; None if there is one."""
    try:
        Record(config.database_url, accept_loss=True).close()
    except SchemaOld:
        return None
    except SchemaMissing as missing:
        return str(missing.values["place"])
    return None


@contextmanager
def said_in_words() -> Iterator[None]:
    """Print refusals and exit with code 1; programming errors pass through."""
    try:
        yield
    except Exception as error:  # transient errors and missing permissions are reported in words
        trouble = _in_words(error)
        if trouble is None:
            raise
        refuse(trouble)


def _in_words(error: Exception) -> str | None:
    """Return the message for an error; None for a programming error."""
    if isinstance(error, (Refused, RebuildFailed)):
        return str(error)
    if isinstance(error, OSError) and error.errno in NOT_ALLOWED and error.filename:
        return str(not_for_this_account(Path(error.filename)))
    trouble = trouble_behind(error)
    return None if trouble is None else str(trouble)


def refuse(reason: str) -> NoReturn:
    """Print the reason on standard error and exit with code 1."""
    click.echo(reason, err=True)
    sys.exit(REFUSED)


class RateColumn(ProgressColumn):
    """Number of items per second."""

    def render(self, task: Task) -> Text:  # noqa: D102  click says what it does
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show progress, rate and remaining time on standard error; yield `update(done, total)`."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=Console(stderr=True))
    task = bar.add_task(what, total=None)

    def update(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)

    with bar:
        yield update


def find(services: Services, reference: str) -> UUID:
    """Return the consultation id for an id or short name. Raises NotFound, Refused."""
    try:
        return services.record.get(Consultation, UUID(reference)).id
    except ValueError:
        services.catch_up()
        with services.views.connect() as db:
            found = services.views.reader(Consultations).by_slug(db, reference)
        if found is None:
            raise Refused(
                "There is no consultation “{reference}”. Give its id or its short name.",
                reference=reference,
            ) from None
        return found.id
