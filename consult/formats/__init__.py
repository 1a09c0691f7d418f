"""Files of votes: read Pabulib, PrefLib, Scottish wards, blt; write Pabulib, blt, CSV, JSON."""

import re
from collections.abc import Callable
from pathlib import Path

from consult.formats.blt import CannotWriteBlt, read_blt, write_blt
from consult.formats.election import Ballot, DeclaredRule, Election, FileOption, group
from consult.formats.pabulib import read_pabulib
from consult.formats.pabulib_writer import CannotWrite, write_pabulib
from consult.formats.preflib import read_preflib
from consult.formats.scottish import read_scottish
from consult.formats.source import ENCODINGS, LIMITS, UTF_8, FormatError, Limits, Source
from consult.formats.tables import write_csv, write_json

__all__ = [
    "ENCODINGS",
    "LIMITS",
    "UTF_8",
    "Ballot",
    "CannotWrite",
    "CannotWriteBlt",
    "DeclaredRule",
    "Election",
    "FileOption",
    "FormatError",
    "Limits",
    "group",
    "read",
    "write_blt",
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
    ".blt": read_blt,
}
PREFLIB_FIRST_LINE = re.compile(r"#\s*[A-Z][A-Z 0-9]*:")
"""Such as `# FILE NAME: ...`, but not a Markdown heading."""
SCOTTISH_FIRST_LINE = re.compile(r"\s*\d+\s*,\s*\d+[\s,]*")


def read(path: str | Path, limits: Limits = LIMITS, encoding: str = UTF_8) -> Election:
    """Return the election in a file, after checking the whole file.

    The content determines the format, then the extension. `encoding`: one of ENCODINGS; it is
    never guessed. Raises FormatError with file, line, cell and reason; the file must not be used
    then.
    """
    path = Path(path)
    source = Source(path, limits, encoding)
    return _reader(source)(source.again())


def _reader(source: Source) -> Callable[[Source], Election]:
    suffix = source.path.suffix.lower()
    first = next((line.strip() for line in source.lines() if line.strip()), "")
    if first.rstrip(";").upper() == "META":
        return read_pabulib
    if PREFLIB_FIRST_LINE.match(first) and suffix != ".blt":
        return read_preflib
    if SCOTTISH_FIRST_LINE.fullmatch(first) and suffix not in READERS.keys() - {".csv"}:
        return read_scottish
    reader = READERS.get(suffix)
    if reader is None:
        raise source.refuse_file(
            "This is not a file of votes we know.",
            "Use Pabulib (.pb), PrefLib (.soc, .soi, .toc, .toi, .cat), .blt or a Scottish ward "
            "(.csv).",
        )
    return reader
