"""The command that writes answers to files."""

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, TextIO

import click

from consult.cli.root import OPERATOR, find, main, opened
from consult.commands.answer_rows import Wish
from consult.commands.exporting import WRITERS
from consult.commands.exporting_answers import FORMATS, export_answers
from consult.commands.taking import take_votes


@main.command("export")
@click.argument("id", metavar="CONSULTATION")
@click.option("--format", "format", type=click.Choice(sorted({*WRITERS, *FORMATS})))
@click.option("--question", help="Only the ballots of this counted question.")
@click.option("--words", is_flag=True, help="With what people wrote. It is recorded.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file.")
def export(
    id: str, format: str | None, question: str | None, output: Path | None, *, words: bool
) -> None:
    """Write the answers of a closed consultation.

    As csv, json or xlsx: a row for each response, columns for every question. As pabulib, or
    with --question as csv or json: the ballots of one counted question, so that an outside tool
    can recount them. Who took what the public does not get is recorded.

    Example: consult export three-wards-fund --format xlsx --output answers.xlsx
    """
    format = format or "pabulib"
    is_one = format not in FORMATS or question is not None
    if is_one and words:
        raise click.UsageError("--words goes with all questions: csv, json or xlsx.")
    if is_one and format not in WRITERS:
        raise click.UsageError("--question goes with pabulib, blt, csv and json.")
    with opened() as services:
        consultation_id = find(services, id)
        if is_one:
            with _text_to(output) as file:
                take_votes(
                    services,
                    consultation_id,
                    file,
                    format=format,
                    question_id=question,
                    actor=OPERATOR,
                )
            return
        pieces = export_answers(
            services, consultation_id, Wish(format, with_words=words), actor=OPERATOR
        )
        with _bytes_to(output) as file:
            file.writelines(pieces)


def _text_to(output: Path | None) -> AbstractContextManager[TextIO]:
    return output.open("w", encoding="utf-8", newline="") if output else nullcontext(sys.stdout)


@contextmanager
def _bytes_to(output: Path | None) -> Iterator[BinaryIO]:
    """Write to a file that only its owner reads, and that is there only when it is whole."""
    if output is None:
        yield sys.stdout.buffer
        return
    part = output.with_name(f"{output.name}.part")
    try:
        made = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(made, "wb") as file:
            yield file
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
