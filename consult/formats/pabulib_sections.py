"""Read the META and PROJECTS sections of a Pabulib file, and the rows of all three sections."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from consult.formats import money
from consult.formats.plural import counted
from consult.formats.source import Source, shown

Row = list[str]
SECTIONS = ("META", "PROJECTS", "VOTES")
SEPARATOR = ";"
NUMBERS = (
    "num_projects",
    "num_votes",
    "min_length",
    "max_length",
    "min_points",
    "max_points",
    "min_sum_points",
    "max_sum_points",
    "min_project_score_threshold",
)
AMOUNTS = ("budget", "min_sum_cost", "max_sum_cost")
# Columns that describe the project; a proposer is a person and not kept.
DETAILS = (
    "category",
    "beneficiaries",
    "target",
    "neighborhood",
    "subunit",
    "district",
    "public_id",
    "latitude",
    "longitude",
)
PROJECT_COLUMNS = ("project_id", "cost", "votes", "score", "name", "description", "selected")
SELECTED = {"0": 0, "1": 1, "2": 2, "3": 3}
HEADING = ["key", "value"]
# Limits and budgets for subsets of the projects, and other scoring functions for ranks.
UNAPPLIED = re.compile(
    r"\w+_per_\w+|(?:min|max)_(?:length|points|sum_points|sum_cost)_\w+|scoring_fn"
)
AS_APPLIED = {"scoring_fn": "borda"}
WRONG_SEPARATORS = {"\t": "tabs", ",": "commas", "|": "bars"}


@dataclass(frozen=True)
class ProjectRow:
    """One row of PROJECTS; `cost` is in the unit of the file."""

    id: str
    cost: Decimal
    name: str
    description: str
    votes: int | None
    score: str | None
    selected: int | None
    details: dict[str, str]


@dataclass
class Heading:
    """Everything before the votes."""

    meta: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    projects: list[ProjectRow] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def budget(self) -> Decimal:
        """Return the pot, in the unit of the file."""
        return self.amounts["budget"]


def rows(source: Source) -> Iterator[Row]:
    """Yield each row's cells, stripped, without empty rows; a quoted cell may hold line ends."""
    lines = source.lines()
    for line in lines:
        if '"' not in line:
            row = line.split(SEPARATOR)
            if len(row) > 1 or line.strip():
                yield [cell.strip() for cell in row]
            continue
        yield _quoted_row(source, line, lines)


def _quoted_row(source: Source, text: str, lines: Iterator[str]) -> Row:
    first = source.line
    while True:
        try:
            row = next(csv.reader([text], delimiter=SEPARATOR, strict=True))
        except csv.Error as error:
            following = next(lines, None) if "unexpected end" in str(error) else None
            if following is None or len(text) > source.limits.line_bytes_max:
                source.line = first
                raise source.refuse(
                    "A quotation mark opened on this line is not closed, or text follows it.",
                    'Write "" for a quotation mark inside a quoted cell.',
                ) from error
            text = f"{text}\n{following}"
        else:
            return [cell.strip() for cell in row]


def read_heading(source: Source) -> tuple[Heading, Iterator[Row]]:
    """Return META and PROJECTS, checked, and the iterator over the rows of VOTES."""
    heading = Heading()
    cells = rows(source)
    _expect_section(source, next(cells, None), "META")
    _read_meta(source, cells, heading)
    _read_projects(source, cells, heading)
    columns = next(cells, None)
    heading.columns = _columns(source, columns, "VOTES", ("voter_id", "vote"))
    return heading, cells


def section_name(row: Row) -> str | None:
    """Return META, PROJECTS or VOTES if the row is only that name, else None."""
    name = row[0].upper()
    return name if name in SECTIONS and not any(row[1:]) else None


def _expect_section(source: Source, row: Row | None, name: str) -> None:
    if row is None or section_name(row) != name:
        found = "the end of the file" if row is None else shown(SEPARATOR.join(row))
        raise source.refuse(
            f"The section {name} was expected, but {found} stands here.",
            "A Pabulib file has the sections META, PROJECTS and VOTES, in this order.",
        )


def _columns(source: Source, row: Row | None, section: str, needed: tuple[str, ...]) -> list[str]:
    _check_separator(source, row)
    columns = [cell.lower() for cell in row or []]
    while columns and not columns[-1]:
        columns.pop()
    for name in needed:
        if name not in columns:
            raise source.refuse(f'{section} has no column "{name}".')
    if len(set(columns)) != len(columns):
        raise source.refuse(f"{section} names a column twice.")
    return columns


def cells_of(source: Source, row: Row, columns: list[str], section: str) -> Row:
    """Return the row with exactly one cell per column; surplus empty cells are dropped."""
    if len(row) != len(columns):
        while len(row) > len(columns) and not row[-1]:
            row = row[:-1]
        if len(row) != len(columns):
            _check_separator(source, row)
            raise source.refuse(
                f"This row of {section} has {counted(len(row), 'cell')}, and should have "
                f"{len(columns)} ({SEPARATOR.join(columns)})."
            )
    return row


def _check_separator(source: Source, row: Row | None) -> None:
    """Refuse a row of a single cell that contains another separator."""
    if row is None or len(row) != 1:
        return
    for mark, name in WRONG_SEPARATORS.items():
        if mark in row[0]:
            raise source.refuse(
                f"Cells must be separated by semicolons ({SEPARATOR}); this line has {name}.",
                "Save the file with semicolons between its cells.",
            )


def _read_meta(source: Source, cells: Iterator[Row], heading: Heading) -> None:
    first = next(cells, None)
    if first is None or [cell.lower() for cell in first if cell] != HEADING:
        # Files of 2017 to 2019 have no row of column names.
        cells = chain([] if first is None else [first], cells)
    for row in cells:
        if section_name(row) is not None or row[0].lower() == "project_id":
            _expect_section(source, row, "PROJECTS")
            break
        if len(heading.meta) >= source.limits.meta_entries_max:
            raise source.refuse("META has too many rows.")
        key, value = cells_of(source, row, HEADING, "META")
        key = source.identifier(key.lower(), "key")
        if key in heading.meta:
            raise source.refuse(f"META has {shown(key)} twice.")
        source.at(2, key)
        heading.meta[key] = source.words(value)
        _read_number(source, heading, key, value)
    else:
        _expect_section(source, None, "PROJECTS")
    for key in ("budget", "vote_type"):
        if not heading.meta.get(key):
            raise source.refuse(f'META has no "{key}".', "Add it, then repeat.")
    unapplied = [
        key
        for key, value in heading.meta.items()
        if UNAPPLIED.fullmatch(key) and value.lower() not in ("", AS_APPLIED.get(key))
    ]
    if unapplied:
        heading.warnings.append(
            f"META has {', '.join(unapplied)}, which is not applied here: every project is "
            "counted against the one budget, so the result may differ from the city's."
        )


def _read_number(source: Source, heading: Heading, key: str, value: str) -> None:
    if not value:
        return
    if key in NUMBERS:
        heading.numbers[key] = source.whole(value, key)
    elif key in AMOUNTS:
        heading.amounts[key] = _amount(source, value, key)


def _amount(source: Source, text: str, what: str) -> Decimal:
    """An amount that can be kept as it is written."""
    try:
        found = money.amount(text)
    except money.AmountError as wrong:
        raise source.refuse(f"The {what} is {shown(text)}; {wrong}.") from None
    if found is None:
        raise source.refuse(f"The {what} is {shown(text)}; it must be an amount, 0 or more.")
    return found


def _read_projects(source: Source, cells: Iterator[Row], heading: Heading) -> None:
    columns = _columns(source, next(cells, None), "PROJECTS", ("project_id", "cost"))
    dropped = [name for name in columns if name not in DETAILS and name not in PROJECT_COLUMNS]
    if dropped:
        heading.warnings.append(f"These columns of PROJECTS are not kept: {', '.join(dropped)}.")
    seen: set[str] = set()
    for row in cells:
        if section_name(row) is not None or row[0].lower() == "voter_id":
            _expect_section(source, row, "VOTES")
            break
        row = cells_of(source, row, columns, "PROJECTS")  # noqa: PLW2901  its cells too many
        project = _project(source, _Cells(source, row, columns))
        if project.id in seen:
            raise source.refuse(f"Project {shown(project.id)} is listed twice.")
        if len(seen) >= source.limits.options_max:
            raise source.refuse(f"There are more than {source.limits.options_max} projects.")
        seen.add(project.id)
        heading.projects.append(project)
    else:
        _expect_section(source, None, "VOTES")
    if not seen:
        raise source.refuse("PROJECTS lists no project.")


class _Cells:
    """The cells of one row by column name; sets the current cell of the source."""

    def __init__(self, source: Source, row: Row, columns: list[str]) -> None:
        self._source = source
        self._row = row
        self._places = {name: place for place, name in enumerate(columns)}

    def __call__(self, name: str) -> str:
        place = self._places.get(name)
        if place is None:
            return ""
        self._source.at(place + 1, name)
        return self._row[place]


def _project(source: Source, cells: _Cells) -> ProjectRow:
    option = source.identifier(cells("project_id"), "project_id")
    if "," in option:
        raise source.refuse(f"The project_id {shown(option)} contains a comma.")
    cost = _amount(source, cells("cost"), f"cost of project {shown(option)}")
    selected = cells("selected")
    if selected and selected not in SELECTED:
        raise source.refuse(f'"selected" is {shown(selected)}; it must be 0, 1, 2 or 3.')
    votes = cells("votes")
    project = ProjectRow(
        id=option,
        cost=cost,
        votes=source.whole(votes, "votes") if votes else None,
        name=source.words(cells("name")),
        description=source.words(cells("description")),
        score=source.words(cells("score")) or None,
        selected=SELECTED.get(selected),
        details={key: words for key in DETAILS if (words := source.words(cells(key)))},
    )
    source.cell = ""
    return project
