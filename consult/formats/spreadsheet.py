"""The one writer of CSV files: whatever people open in a spreadsheet is written here.

Numbers are written so that a spreadsheet reads them as numbers, text so that it shows and
does not calculate it.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take UTF-8 for another encoding."""
# The wide ones are taken for = + - @ by some spreadsheets.
FORMULA_STARTS = (*"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20")
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
PLACES = 6
"""How many decimals a fraction has that does not end."""

Cell = str | int | Fraction | None


def lines(rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """Yield a file line by line, the byte order mark first.

    A text file to take them must be opened with `newline=""`; bytes must be UTF-8.
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
    """Return text that a spreadsheet shows and does not calculate; a number stays one."""
    if text.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def decimal(value: Fraction) -> str:
    """Write a fraction with its decimals, the last one rounded half up, without zeros at the end.

    9/5 is "1.8", 1/3 is "0.333333".
    """
    scale = 10**PLACES
    size = (2 * abs(value.numerator) * scale + value.denominator) // (2 * value.denominator)
    whole, part = divmod(size, scale)
    digits = f".{part:0{PLACES}}".rstrip("0") if part else ""
    return f"{'-' if value < 0 and size else ''}{whole}{digits}"


def amount(minor_units: int, decimals: int) -> str:
    """Write money as a plain number in its major unit: 6200000 with two decimals is "62000.00"."""
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
