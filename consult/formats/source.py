"""Read lines of text from an untrusted file: limits, encoding and refusals."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from consult.formats.election import Ballot
from events.errors import Refused

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SHOWN_CHARACTERS_MAX = 60
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
WHOLE_NUMBER = re.compile(r"([0-9]+)(?:\.0+)?")
WHOLE_MAX = 10**15 - 1
NEGATIVE = re.compile(r"[-\u2212][0-9]+(?:\.[0-9]+)?")
ENCODINGS = ("utf-8", "windows-1252", "windows-1250", "iso-8859-1", "iso-8859-2", "iso-8859-15")
"""Encodings in which a line end and a semicolon are the same bytes as in ASCII."""
UTF_8 = ENCODINGS[0]


class FormatError(Refused):
    """A file of votes cannot be read; nothing was imported.

    Attributes: `file`, `line` (0 if it concerns the whole file), `cell` (empty if it concerns the
    whole line), `reason` and `remedy`.
    """

    says = "{place}: {reason} Nothing was imported. {remedy}"

    def __init__(
        self,
        *,
        file: str,
        line: int,
        reason: str,
        remedy: str = "Correct the file, then repeat.",
        cell: str = "",
    ) -> None:
        place = f"{file}, line {line}" if line else file
        place += f", {cell}" if cell else ""
        super().__init__(None, place=place, file=file, line=line, reason=reason, remedy=remedy)
        self.file = file
        self.line = line
        self.cell = cell
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True)
class Limits:
    """Limits beyond which a file is refused."""

    file_bytes_max: int = 200_000_000
    line_bytes_max: int = 131_072
    options_max: int = 10_000
    ballots_max: int = 5_000_000
    id_characters_max: int = 100
    text_characters_max: int = 20_000
    meta_entries_max: int = 1_000


LIMITS = Limits()


class Source:
    """One pass over one file, line by line, that keeps track of its position.

    `cell`: the current cell in words, as set by the reader with `at`. `is_ended`: whether the last
    line read has a line end.
    """

    def __init__(self, path: Path, limits: Limits, encoding: str = UTF_8) -> None:
        assert encoding in ENCODINGS, "the command offers these"
        self.path = path
        self.limits = limits
        self.encoding = encoding
        self.line = 0
        self.cell = ""
        self.is_ended = True
        self.stamp = self._checked_stamp()

    def refuse(self, reason: str, remedy: str = "Correct the file, then repeat.") -> FormatError:
        """Return the refusal to raise, with the current line and cell."""
        name = self.path.name
        return FormatError(file=name, line=self.line, cell=self.cell, reason=reason, remedy=remedy)

    def at(self, number: int, title: str = "") -> None:
        """Set the current cell of this line; numbers start at 1."""
        self.cell = f"cell {number} ({title})" if title else f"cell {number}"

    def again(self) -> "Source":
        """Return another pass over the same file. Raises FormatError if it changed since."""
        source = Source(self.path, self.limits, self.encoding)
        if source.stamp != self.stamp:
            raise source.refuse_file(
                "The file changed after it was checked.", "Import it again once it is complete."
            )
        return source

    def unended(self, consequence: str) -> str:
        """Return the note about a last line without a line end."""
        return (
            f"The last line, {self.line}, has no line end. If the file was cut off there, "
            f"{consequence}."
        )

    def refuse_file(self, reason: str, remedy: str) -> FormatError:
        """Return the refusal to raise if it concerns no single line."""
        return FormatError(file=self.path.name, line=0, reason=reason, remedy=remedy)

    def lines(self) -> Iterator[str]:
        """Yield every line without its end, decoded; a byte order mark of UTF-8 is skipped."""
        longest = self.limits.line_bytes_max
        try:
            with self.path.open("rb") as stream:
                while raw := stream.readline(longest + 1):
                    self.line += 1
                    self.cell = ""
                    self.is_ended = raw.endswith(b"\n")
                    if len(raw) > longest:
                        raise self.refuse(f"This line is longer than {longest} bytes.")
                    if self.line == 1 and raw.startswith(BYTE_ORDER_MARK):
                        raw = self._unmarked(raw)
                    yield self._decoded(raw)
        except OSError as error:
            raise self._unreadable(error) from error

    def _checked_stamp(self) -> tuple[int, int]:
        """Return size in bytes and time of last change, after checking that it is acceptable."""
        try:
            status = self.path.stat()
        except OSError as error:
            raise self._unreadable(error) from error
        if not self.path.is_file():
            raise self.refuse_file("This is not a file.", "Name a file of votes.")
        if status.st_size == 0:
            raise self.refuse_file("The file is empty.", "Check that it was saved completely.")
        if status.st_size > self.limits.file_bytes_max:
            raise self.refuse_file(
                f"The file has {status.st_size} bytes; "
                f"at most {self.limits.file_bytes_max} are read.",
                "Split it, or ask whoever runs this service.",
            )
        return status.st_size, status.st_mtime_ns

    def _unreadable(self, error: OSError) -> FormatError:
        reason = f"The file cannot be read ({error.strerror})."
        return self.refuse_file(reason, "Check its name and permissions.")

    def _decoded(self, raw: bytes) -> str:
        if b"\0" in raw:
            raise self.refuse(
                "This is not text (it contains a zero byte).", "Save the file as UTF-8 text."
            )
        try:
            return raw.decode(self.encoding).rstrip("\r\n")
        except UnicodeDecodeError as error:
            reason = f"Byte {error.start + 1} of this line is not {self.encoding.upper()}."
            remedy = "Save the file as UTF-8 text"
            if self.encoding == UTF_8:
                remedy += ", or say what it is, for instance --encoding windows-1252"
            raise self.refuse(reason, f"{remedy}.") from error

    def _unmarked(self, raw: bytes) -> bytes:
        if self.encoding != UTF_8:
            raise self.refuse(
                f"The file begins with the mark of UTF-8, so it is not {self.encoding.upper()}.",
                "Import it without --encoding.",
            )
        return raw[len(BYTE_ORDER_MARK) :]

    def identifier(self, text: str, what: str) -> str:
        """Return an id from the file: short, without control characters."""
        if not text:
            raise self.refuse(f"The {what} is missing.")
        if len(text) > self.limits.id_characters_max:
            longest = self.limits.id_characters_max
            raise self.refuse(f"The {what} {shown(text)} is longer than {longest} characters.")
        if CONTROLS.search(text):
            raise self.refuse(f"The {what} {shown(text)} contains a control character.")
        return text

    def words(self, text: str) -> str:
        """Return free text of limited length, with control characters replaced by spaces."""
        if len(text) > self.limits.text_characters_max:
            longest = self.limits.text_characters_max
            raise self.refuse(f"A text here is longer than {longest} characters.")
        return CONTROLS.sub(" ", text).strip()

    def whole(self, text: str, what: str) -> int:
        """Return a whole number, 0 or more; refuse signs, fractions, "NaN" and the like."""
        match = WHOLE_NUMBER.fullmatch(text)
        if match is None:
            wrong = "it must be a whole number"
            if NEGATIVE.fullmatch(text):
                things = "points" if "points" in what else "numbers"
                wrong = f"negative {things} are not supported"
            raise self.refuse(f"The {what} is {shown(text)}; {wrong}.")
        digits = match[1].lstrip("0") or "0"
        if len(digits) > len(str(WHOLE_MAX)):  # thousands of digits are never made a number
            raise self.refuse(
                f"The {what} is {shown(text)}, which is too large: at most {WHOLE_MAX:,} is read."
            )
        return int(digits)


def shown(text: str) -> str:
    """Return text from a file quoted, shortened and without control characters, for a message."""
    clean = CONTROLS.sub(" ", text)
    if len(clean) > SHOWN_CHARACTERS_MAX:
        clean = clean[:SHOWN_CHARACTERS_MAX] + "..."
    return f'"{clean}"'


class FileBallots:
    """The ballots of one file that was read completely once; streams them again each time.

    Refuses a file that changed since it was checked.
    """

    def __init__(self, source: Source, ballots: Callable[[Source], Iterator[Ballot]]) -> None:
        self._source = source
        self._ballots = ballots

    def __iter__(self) -> Iterator[Ballot]:
        """Yield the ballots in a new pass over the file."""
        return self._ballots(self._source.again())
