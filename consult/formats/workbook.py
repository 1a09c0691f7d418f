"""Write XLSX workbooks row by row, with numbers as numbers and text never evaluated."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from consult.formats import xml_text
from consult.formats.responses import Cell
from events.errors import Refused

ROWS_MAX = 1_048_576
COLUMNS_MAX = 16_384
CELL_LENGTH_MAX = 32_767
SHEET_NAME_LENGTH_MAX = 31
_FORBIDDEN = str.maketrans("[]:*?/\\'", "()      ")
"""What a workbook can hold; nothing is cut off without a word."""
_NOT_NAMES = {"", "history"}
"""Sheet names that spreadsheets refuse; the second is for their own use."""


class TooLargeForWorkbook(Refused):
    """More rows or columns than a workbook can have."""

    says = (
        "This is too large for a workbook, which holds {rows} rows and {columns} columns. "
        "Nothing was written. Take CSV or JSON."
    )


class Workbook:
    """A workbook being written to a file; created by `writing`."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._decimals: dict[int, Any] = {}

    def sheet(self, name: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """Add a sheet with a frozen first row. Raises TooLargeForWorkbook."""
        if len(heading) > COLUMNS_MAX:
            raise _too_large()
        sheet = self._book.add_worksheet(_sheet_name(name))
        sheet.freeze_panes(1, 0)
        for place, words in enumerate(heading):
            sheet.write_string(0, place, _within(words), self._bold)
        for number, row in enumerate(rows, start=1):
            if number >= ROWS_MAX:
                raise _too_large()
            for place, cell in enumerate(row):
                self._write(sheet, number, place, cell)

    def _write(self, sheet: Any, row: int, place: int, cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, str):
            # write_string keeps formulas and links as text
            sheet.write_string(row, place, _within(cell))
        elif isinstance(cell, date):
            sheet.write_datetime(row, place, cell, self._day)
        elif isinstance(cell, Decimal):
            sheet.write_number(row, place, cell, self._format(cell))
        else:
            sheet.write_number(row, place, cell)

    def _format(self, value: Decimal) -> Any:
        """Return the cell format with as many decimals as the number has."""
        exponent = value.as_tuple().exponent
        places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        if places not in self._decimals:
            pattern = f"0.{'0' * places}" if places else "0"
            self._decimals[places] = self._book.add_format({"num_format": pattern})
        return self._decimals[places]


@contextmanager
def writing(path: Path) -> Iterator[Workbook]:
    """Write a workbook to a file; it is complete on exit.

    Rows are flushed to disk as they come, so memory does not grow with their number.
    """
    # Import lazily: only exports need this module.
    import xlsxwriter  # noqa: PLC0415  slow to import, and asked for only by a workbook

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(path.parent),
    }
    book = xlsxwriter.Workbook(str(path), options)
    try:
        yield Workbook(book)
    finally:
        book.close()


def _sheet_name(name: str) -> str:
    """Return a name as a sheet can have it; its length is in units of UTF-16, so emoji are two."""
    words = " ".join(xml_text.held(name).translate(_FORBIDDEN).split())
    units = words.encode("utf-16-le")[: 2 * SHEET_NAME_LENGTH_MAX]
    title = units.decode("utf-16-le", "ignore").strip()
    return "1" if title.casefold() in _NOT_NAMES else title


def _within(text: str) -> str:
    """Return text as a cell can hold it; where it is cut, it says so."""
    text = xml_text.held_escaped(text)
    if len(text) <= CELL_LENGTH_MAX:
        return text
    return text[: CELL_LENGTH_MAX - 1] + "…"


def _too_large() -> TooLargeForWorkbook:
    return TooLargeForWorkbook(rows=f"{ROWS_MAX:,}", columns=f"{COLUMNS_MAX:,}")
