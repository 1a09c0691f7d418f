"""Files of votes: reads Pabulib, PrefLib and Scottish ward files; writes Pabulib, CSV and JSON."""

import re
from pathlib import Path

from consult.formats.election import Ballot, DeclaredRule, Election, FileOption, group
from consult.formats.pabulib import read_pabulib
from consult.formats.pabulib_writer import CannotWrite, write_pabulib
from consult.formats.preflib import read_preflib
from consult.formats.scottish import read_scottish
from consult.formats.source import LIMITS, FormatError, Limits, Source
from consult.formats.tables import write_csv, write_json

__all__ = [
    "LIMITS",
    "Ballot",
    "CannotWrite",
    "DeclaredRule",
    "Election",
    "FileOption",
    "FormatError",
    "Limits",
    "group",
    "read",
    "write_csv",
    "write_json",
    "write_pabulib",
]

READERS = {
    ".pb": read_pabulib,
    ".soc": read_preflib,
    ".soi": read_preflib,
    ".toc": read_preflib,
    ".toi": read_preflib,
    ".cat": read_preflib,
    ".csv": read_scottish,
}
SCOTTISH_FIRST_LINE = re.compile(r"\s*\d+\s*,\s*\d+[\s,]*")


def read(path: str | Path, limits: Limits = LIMITS) -> Election:
    """The election in a file; the whole file is checked before this returns.

    Content decides the format, then the extension. Raises FormatError with file, line and
    reason; then nothing may be taken from the file.
    """
    path = Path(path)
    source = Source(path, limits)
    first = next((line.strip() for line in source.lines() if line.strip()), "")
    if first.rstrip(";").upper() == "META":
        return read_pabulib(path, limits)
    if first.startswith("#"):
        return read_preflib(path, limits)
    if SCOTTISH_FIRST_LINE.fullmatch(first) and path.suffix.lower() not in READERS.keys() - {
        ".csv"
    }:
        return read_scottish(path, limits)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise source.refuse_file(
            "This is not a file of votes we know.",
            "Use Pabulib (.pb), PrefLib (.soc, .soi, .toc, .toi, .cat) or a Scottish ward (.csv).",
        )
    return reader(path, limits)
