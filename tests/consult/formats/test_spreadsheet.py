"""The one CSV writer: what a spreadsheet takes for a number, and what it must not calculate."""

import csv
import io
import re
from fractions import Fraction
from pathlib import Path

import pytest

from consult.formats import spreadsheet

CONSULT = Path(spreadsheet.__file__).parents[1]


def test_a_file_begins_with_the_mark_that_spreadsheets_look_for() -> None:
    (only,) = spreadsheet.lines([["Zoë", 1]])
    assert only.encode() == b"\xef\xbb\xbfZo\xc3\xab,1\r\n"


def test_rows_come_one_by_one_and_read_back_the_same() -> None:
    rows = [["a", 'say "x"'], ["b", "two\nlines"], ["", "c, d"]]
    text = "".join(spreadsheet.lines(rows)).removeprefix("\ufeff")
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows
    assert len(list(spreadsheet.lines(rows))) == 3


@pytest.mark.parametrize("number", ["-1", "-0.5", "7", "62000.00"])
def test_a_number_is_a_number_also_below_nothing(number: str) -> None:
    assert spreadsheet.neutralised(number) == number
    assert "".join(spreadsheet.lines([[Fraction(number)]])).startswith("\ufeff" + number[:2])


@pytest.mark.parametrize(
    "formula",
    ["=1+1", "+1", "-1+2", "-1e5", "--1", "-", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1"],
)
def test_a_formula_is_text(formula: str) -> None:
    assert spreadsheet.neutralised(formula) == f"'{formula}"


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        ("9/5", "1.8"),
        ("1/3", "0.333333"),
        ("2/3", "0.666667"),
        ("-1/3", "-0.333333"),
        ("-1/9999999", "0"),
        ("191.00000", "191"),
        ("-7", "-7"),
        ("1234567/2", "617283.5"),
    ],
)
def test_a_fraction_has_decimals(exact: str, shown: str) -> None:
    assert spreadsheet.decimal(Fraction(exact)) == shown
    assert "".join(spreadsheet.lines([[Fraction(exact)]])) == f"\ufeff{shown}\r\n"


@pytest.mark.parametrize(
    ("minor", "decimals", "shown"),
    [
        (6_200_000, 2, "62000.00"),
        (5, 2, "0.05"),
        (-5, 2, "-0.05"),
        (335, 3, "0.335"),
        (310_000, 0, "310000"),
        (0, 2, "0.00"),
    ],
)
def test_money_is_in_its_major_unit(minor: int, decimals: int, shown: str) -> None:
    assert spreadsheet.amount(minor, decimals) == shown


def test_no_other_module_writes_csv() -> None:
    writing = [
        path.relative_to(CONSULT).as_posix()
        for path in CONSULT.rglob("*.py")
        if re.search(r"\bcsv\w*\.(writer|DictWriter)\b", path.read_text())
    ]
    # A Pabulib file is no spreadsheet: its cells are kept apart by semicolons and read back.
    assert sorted(writing) == ["formats/pabulib_writer.py", "formats/spreadsheet.py"]
