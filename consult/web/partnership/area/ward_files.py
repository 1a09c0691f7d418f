"""Read wards from a CSV file as spreadsheets and statistics offices write it.

Commas, semicolons or tabs; UTF-8, UTF-16 or what Excel writes on Windows; our own column names or
those of the lookups of the Office for National Statistics, such as WD24CD and WD24NM.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from consult.wording import figures, pasted_words
from consult.wording.language import N_, names
from consult.wording.language import gettext as _
from events.errors import Refused
from events.kinds import pasted
from events.partnership import Ward

WARDS_MAX = 1_000
CODE_LENGTH_MAX, NAME_LENGTH_MAX = 40, 300
POPULATION_MAX = 999_999_999
FIFTHS = ("", "1", "2", "3", "4", "5")
SHOWN_MAX = 20
"""Problems of a file that are shown at once."""

CODE = re.compile(r"code|ward[ _]code|wd\d\dcd")
POPULATION = re.compile(r"population|residents|poblogaeth")
FIFTH = re.compile(r"quintile|fifth")
_OWN_NAME = {
    "en": re.compile(r"name|name_en|ward|ward[ _]name|wd\d\dnm"),
    "cy": re.compile(r"name_cy|enw|wd\d\dnmw"),
}
WORKBOOK = b"PK\x03\x04"
DELIMITERS = ",;\t"
WINDOWS = "windows-1252"
NOT_UTF_8 = N_(
    "The file is not UTF-8, so it was read as Excel on Windows writes it. Look at names with "
    "accents: ŵ and ŷ cannot be in such a file. “CSV UTF-8” keeps them."
)
NOBODY_COUNTED = N_(
    "The file does not say how many people live in each ward. Write it in the place of each 0."
)


class NoTable(Refused):
    """The file has no table that can be read."""

    says = "This file cannot be read: {reason}"


@dataclass
class Table:
    """Rows of a file by column name in lower case, each with its line."""

    columns: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]
    is_windows: bool = False

    def column(self, like: re.Pattern[str]) -> str | None:
        """Return the first column whose name is like this."""
        return next((name for name in self.columns if like.fullmatch(name)), None)


@dataclass
class Found:
    """What a file says of wards. `problems`: sentences with their lines; `notes`: what to know."""

    wards: tuple[Ward, ...] = ()
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_table(content: bytes) -> Table:
    """Parse a CSV file. Raises NoTable."""
    text, is_windows = _text(content)
    first, _end, rest = text.partition("\n")
    offset = 0
    if first.strip().lower().startswith("sep="):  # what Excel writes for itself
        text, offset = rest, 1
        first = rest.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        lines = [(reader.line_num + offset, row) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        line = reader.line_num + offset
        raise NoTable(reason=_("line {line}: {why}").format(line=line, why=error)) from None
    if not lines:
        raise NoTable(reason=_("it is empty."))
    columns = tuple(name.strip().lower() for name in lines[0][1])
    rows = [
        (line, dict(zip(columns, (cell.strip() for cell in row), strict=False)))
        for line, row in lines[1:]
    ]
    return Table(columns, rows, is_windows)


def read_wards(content: bytes, codes: tuple[str, ...]) -> Found:
    """Parse the wards of a file; `codes`: the languages of their names. Raises NoTable."""
    table = read_table(content)
    found = wards_in(table, table.rows, codes)
    if table.is_windows:
        found.notes.append(_(NOT_UTF_8))
    return found


def wards_in(table: Table, rows: list[tuple[int, dict[str, str]]], codes: tuple[str, ...]) -> Found:
    """Parse the wards in rows of a table. Raises NoTable without the columns that are needed."""
    named = {code: table.column(name_like(code)) for code in codes}
    code_column, people = table.column(CODE), table.column(POPULATION)
    if code_column is None or not any(named.values()):
        known = ", ".join(table.columns)[:NAME_LENGTH_MAX]
        reason = _("it needs columns called code and name; it has: {columns}.")
        raise NoTable(reason=reason.format(columns=known))
    found, wards = Found(), []
    seen: dict[str, int] = {}
    for line, row in rows:
        cells = [row.get(column, "") if column else "" for column in named.values()]
        fifth = row.get(table.column(FIFTH) or "", "")
        parts = [row.get(code_column, ""), *cells, row.get(people, "") if people else "0", fifth]
        try:
            wards.append(_first_of_its_code(ward_of(parts, codes), seen))
        except ValueError as reason:
            sentence = _("Line {number}: {reason}").format(number=line, reason=reason)
            found.problems.append(sentence)
        seen.setdefault(parts[0], line)
    _limit(found, len(rows))
    found.wards = tuple(wards)
    if people is None:
        found.notes.append(_(NOBODY_COUNTED))
    found.notes += _unnamed(named)
    return found


def ward_of(parts: list[str], codes: tuple[str, ...]) -> Ward:
    """Parse code, names, residents and fifth. Raises ValueError with why that is not possible."""
    least = len(codes) + 2
    if len(parts) not in {least, least + 1}:
        reason = _("It needs {least} parts with semicolons between them.")
        raise ValueError(reason.format(least=least))
    code, fifth = parts[0], parts[least] if len(parts) > least else ""
    name = {language: part for language, part in zip(codes, parts[1:], strict=False) if part}
    if not 0 < len(code) <= CODE_LENGTH_MAX or not name or fifth not in FIFTHS:
        raise ValueError(_("It needs a code, a name, and a fifth from 1 to 5 or none."))
    if any(len(part) > NAME_LENGTH_MAX for part in name.values()):
        raise ValueError(_("The name is too long."))
    try:
        population = pasted.number(parts[least - 1])
    except pasted.Unread as unread:
        raise ValueError(pasted_words.says(unread)) from unread
    if not 0 <= population <= POPULATION_MAX:
        raise ValueError(_("The number of residents is too large or too small."))
    return Ward(code, name, population, int(fifth or 0))


def _first_of_its_code(ward: Ward, lines: Mapping[str, int]) -> Ward:
    if ward.code in lines:
        twice = _("The code {code} stands in line {line} already.")
        raise ValueError(twice.format(code=ward.code, line=lines[ward.code]))
    return ward


def name_like(code: str) -> re.Pattern[str]:
    """Return what columns with names in a language are called."""
    return _OWN_NAME.get(code) or re.compile(f"name_{re.escape(code)}")


def _limit(found: Found, rows: int) -> None:
    if not rows:
        found.problems.append(_("There is no ward below the names of the columns."))
    if rows > WARDS_MAX:
        most = _("An area has at most {most} wards.").format(most=figures.number(WARDS_MAX))
        found.problems.insert(0, most)
    more = len(found.problems) - SHOWN_MAX
    if more > 0:
        del found.problems[SHOWN_MAX:]
        found.problems.append(_("Further lines with problems: {more}.").format(more=more))


def _unnamed(named: dict[str, str | None]) -> Iterator[str]:
    own = names()
    for code in [code for code, column in named.items() if column is None]:
        sentence = _("The file has no names in {language} (a column name_{code}).")
        yield sentence.format(language=own.get(code, code), code=code)


def _text(content: bytes) -> tuple[str, bool]:
    """Return the text of a file, and whether it was read as Windows writes it. Raises NoTable."""
    if content.startswith(WORKBOOK):
        raise NoTable(reason=_("it is a workbook. Save it as CSV first, as “CSV UTF-8”."))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), False
    if b"\0" in content:
        raise NoTable(reason=_("it is not text. Save it as CSV first, as “CSV UTF-8”."))
    try:
        return content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        return content.decode(WINDOWS, "replace"), True
