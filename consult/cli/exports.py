"""The command that exports answers to files."""

import io
from pathlib import Path

import click

from consult.cli.output import written_to
from consult.cli.root import OPERATOR, find, main, opened
from consult.commands.data_protection.takings import take_votes
from consult.commands.files.answer_rows import Wish
from consult.commands.files.exporting import WRITERS
from consult.commands.files.exporting_answers import FORMATS, export_answers
from consult.wording.drafting.answer_labels import labels


@main.command("export")
@click.argument("id", metavar="CONSULTATION")
@click.option(
    "--format",
    "format",
    type=click.Choice(sorted({*WRITERS, *FORMATS})),
    default="pabulib",
    show_default=True,
)
@click.option("--question", help="Only the ballots of this counted question.")
@click.option("--words", is_flag=True, help="With what people wrote. It is recorded.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file.")
def export(id: str, format: str, question: str | None, output: Path | None, *, words: bool) -> None:
    """Write the answers of a closed consultation.

    As csv, json or xlsx: a row for each response, columns for every question. As pabulib, or
    with --question as csv or json: the ballots of one counted question, so that an outside tool
    can recount them. Who took what the public does not get is recorded.

    Example: consult export three-wards-fund --format xlsx --output answers.xlsx
    """
    is_one = format not in FORMATS or question is not None
    if is_one and words:
        raise click.UsageError("--words goes with all questions: csv, json or xlsx.")
    if is_one and format not in WRITERS:
        raise click.UsageError("--question goes with pabulib, blt, csv and json.")
    with opened() as services:
        consultation_id = find(services, id)
        if is_one:
            with written_to(output) as file:
                text = io.TextIOWrapper(file, encoding="utf-8", newline="")
                take_votes(
                    services,
                    consultation_id,
                    text,
                    format=format,
                    question_id=question,
                    actor=OPERATOR,
                )
                text.detach()
            return
        pieces = export_answers(
            services,
            consultation_id,
            Wish(format, with_words=words, labels=labels()),
            actor=OPERATOR,
        )
        with written_to(output) as file:
            file.writelines(pieces)
