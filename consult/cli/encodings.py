"""The option that says how the text of a file is written."""

import click

from consult.formats import ENCODINGS, UTF_8

with_encoding = click.option(
    "--encoding",
    type=click.Choice(ENCODINGS, case_sensitive=False),
    default=UTF_8,
    show_default=True,
    help="How the text of the file is written; never guessed.",
)
