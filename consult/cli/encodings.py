"""The option for the encoding of a text file, and reading small text files."""

from typing import BinaryIO

import click

from consult.formats import ENCODINGS, UTF_8
from events import Refused

with_encoding = click.option(
    "--encoding",
    type=click.Choice(ENCODINGS, case_sensitive=False),
    default=UTF_8,
    show_default=True,
    help="How the text of the file is written; never guessed.",
)
TEXT_BYTES_MAX = 10_000_000


class NotText(Refused):
    """The file is too large, or not UTF-8 text."""

    says = "{file} is {reason}, so nothing was done. Save it as UTF-8 text and repeat the command."


def text_of(file: BinaryIO) -> str:
    """Return the text of a small file given to a command. Raises NotText."""
    data = file.read(TEXT_BYTES_MAX + 1)
    if len(data) > TEXT_BYTES_MAX:
        raise NotText(file=file.name, reason=f"larger than {TEXT_BYTES_MAX:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotText(file=file.name, reason="no UTF-8 text") from None
