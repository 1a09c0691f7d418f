"""Write CSV files that people open in a spreadsheet.

Numbers are written so that a spreadsheet reads them as numbers, and text so that it is displayed
and not evaluated as a formula.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets misread UTF-8."""
# Some spreadsheets treat the full-width forms like = + - @.
FORMULA_STARTS = (*"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20")
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
PLACES = 6
"""Number of decimals of a fraction without a finite decimal form."""

Cell = str | int | Fraction | None


def lines(rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """Yield a file line by line, starting with the byte order mark.

    Write it to a text file opened with `newline=""`, or encode it as UTF-8.
    """
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")
    line.write(BYTE_ORDER_MARK)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def neutralised(text: str) -> str:
    """Return text that a spreadsheet does not evaluate; a number stays a number."""
    if text.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def decimal(value: Fraction) -> str:
    """Format a fraction in decimals, rounded half up to PLACES, without trailing zeros.

    9/5 is "1.8", 1/3 is "0.333333".
    """
    scale = 10**PLACES
    size = (2 * abs(value.numerator) * scale + value.denominator) // (2 * value.denominator)
    whole, part = divmod(size, scale)
    digits = f".{part:0{PLACES}}".rstrip("0") if part else ""
    return f"{'-' if value < 0 and size else ''}{whole}{digits}"


def amount(minor_units: int, decimals: int) -> str:
    """Format money as a plain number in its major unit: 6200000 with 2 decimals is "62000.00"."""
    if not decimals:
        return str(minor_units)
    whole, part = divmod(abs(minor_units), 10**decimals)
    return f"{'-' if minor_units < 0 else ''}{whole}.{part:0{decimals}}"


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, Fraction):
        return decimal(value)
    return neutralised(value) if isinstance(value, str) else str(value)
