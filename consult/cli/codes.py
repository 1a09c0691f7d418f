"""Commands about letter codes: issue a batch for printing, and void a lost one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import click

from consult.cli.root import OPERATOR, find, main, opened
from consult.commands.answers.letter_codes import MadeCodes, issue_codes, void_codes
from consult.formats.plural import counted
from consult.printing.handing_out import made, or_stopped, rehearse
from consult.printing.letters import FORMATS, PDF_LETTERS_MAX, Letters, letters_of
from consult.services import Services
from events import Refused
from events.consultations.codes import NUMBER_MAX
from events.store.private_files import open_private
from projections.consultations import Consultations
from projections.partnerships import Partnerships


class TooManyToPrint(Refused):
    """A PDF has too many letters; use a mail house."""

    says = "A PDF has at most {most} letters. For more, use --format csv and a mail house."


class NoNewFile(Refused):
    """The file exists already, or cannot be created."""

    says = "{file} cannot be made ({reason}). Name a new file; no codes were issued."


@main.command("codes")
@click.argument("consultation")
@click.option("--count", type=click.IntRange(1, NUMBER_MAX), required=True, help="How many.")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="A new file; it is readable by you alone.",
)
@click.option("--ward", default="", help="Code of the ward whose residents get these letters.")
def codes(consultation: str, count: int, kind: str, output: Path, ward: str) -> None:
    """Make one-use codes for letters, and write them into a file.

    The CSV is for a mail house: number, code, address to type, and what the QR code holds. The
    PDF has one letter on each page. Only hashes are kept: the file is the only copy. Delete it
    when the letters are printed; if it is lost, stop the batch.

    Example: consult codes three-wards-fund --count 5000 --output codes.csv
    """
    with opened() as services:
        if kind == "pdf" and count > PDF_LETTERS_MAX:
            raise TooManyToPrint(most=PDF_LETTERS_MAX)
        id = find(services, consultation)
        with new_file(output) as file, whole_or_gone(output):
            batch = issue_codes(
                services,
                id,
                count,
                actor=OPERATOR,
                ward=ward,
                ready=lambda: rehearse(letters(services, id), kind),
            )
            with or_stopped(services, batch, OPERATOR):
                write(letters(services, id), batch, kind, file)
        number = counted(count, "code")
        click.echo(f"{number}, batch {batch.batch_id}, in {output}. There is no other copy.")


@main.command("stop-codes")
@click.argument("consultation")
@click.argument("batch")
@click.option("--reason", required=True, help="Why, without anybody's name. It is published.")
def stop(consultation: str, batch: str, reason: str) -> None:
    """Stop a BATCH of codes that was lost. Whoever has answered with one can still change.

    Example: consult stop-codes three-wards-fund BATCH --reason "Letters were lost in the post"
    """
    with opened() as services:
        void_codes(services, find(services, consultation), batch, reason=reason, actor=OPERATOR)
        click.echo("Stopped. Codes of this batch that nobody has used do not work any more.")


def letters(services: Services, id: UUID) -> Letters:
    """Return the common content of a consultation's letters."""
    services.catch_up()
    with services.views.connect() as db:
        page = services.views.reader(Consultations).by_id(db, id)
        assert page is not None
        partnership = services.views.reader(Partnerships).by_id(db, page.partnership_id)
        assert partnership is not None
    return letters_of(page, partnership, services.config.public_url)


def new_file(path: Path) -> BinaryIO:
    """Create a new private file, before any code exists. Raises NoNewFile."""
    try:
        return os.fdopen(open_private(path, os.O_WRONLY | os.O_EXCL), "wb")
    except OSError as error:
        raise NoNewFile(file=path, reason=error.strerror) from error


@contextmanager
def whole_or_gone(path: Path) -> Iterator[None]:
    """Write a file inside: whatever ends that early leaves none."""
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write(letters: Letters, batch: MadeCodes, kind: str, file: BinaryIO) -> None:
    """Write the letters; on the disk when it returns."""
    file.write(made(letters, batch.codes, kind))
    file.flush()
    os.fsync(file.fileno())
