"""What organisers type: money, numbers, lists, and times around the change of the clocks."""

from datetime import UTC, datetime

import pytest

from consult.web.forms.reader import (
    Reader,
    lines,
    suggested_closing,
    typed_moment,
    typed_pounds,
)


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("48,000", 4_800_000),
        ("48000.50", 4_800_050),
        ("£48,000.05", 4_800_005),
        ("£ 7", 700),
        ("0.10", 10),
        ("  1,234,567 ", 123_456_700),
        ("48.5", 4_850),
        ("\u00a01 000\u200b", 100_000),
        ("\uffe1\uff13.0", 300),
        ("٣", 300),
    ],
)
def test_pounds_become_whole_pence(typed, pence):
    assert Reader({"cost": typed}).pounds("cost") == pence


@pytest.mark.parametrize(
    "typed", ["48,00", "48.505", "-3", "4e3", "sixty", "1 00", "3²", "12345678901", "£"]
)
def test_an_amount_that_could_be_misread_is_not_taken(typed):
    reader = Reader({"cost": typed})
    assert reader.pounds("cost") is None
    assert [field for field, _message in reader.problems] == ["cost"]


@pytest.mark.parametrize("pence", [None, 0, 5, 4_800_000, 4_800_050])
def test_an_amount_that_is_shown_reads_back_as_itself(pence):
    assert Reader({"cost": typed_pounds(pence)}).pounds("cost") == pence


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("x", "“x” is not a number. Write it in digits, like 12."),
        ("1.5", "“1.5” is not a whole number. Write it without decimals, like 12."),
        ("-1", "The number must be a whole number from 1 to 10."),
        ("11", "The number must be a whole number from 1 to 10."),
        ("9" * 9, "The number must be a whole number from 1 to 10."),
    ],
)
def test_a_number_that_is_not_taken_says_why(typed, says):
    reader = Reader({"n": typed})
    reader.number("n", "The number", least=1, most=10)
    assert reader.problems == [("n", says)]


@pytest.mark.parametrize("typed", ["7", " 7.0\u00a0", "\uff17", "+7"])
def test_a_number_is_read_however_it_is_pasted(typed):
    assert Reader({"n": typed}).number("n", "The number", most=10) == 7


def when(day: int, month: int, year: int, clock: str) -> Reader:
    return Reader(
        {"at-day": str(day), "at-month": str(month), "at-year": str(year), "clock": clock}
    )


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ((21, 11, 2026, "23:59"), datetime(2026, 11, 21, 23, 59, tzinfo=UTC)),
        ((29, 3, 2026, "09:00"), datetime(2026, 3, 29, 8, 0, tzinfo=UTC)),
        ((29, 3, 2026, "0:59"), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ((25, 10, 2026, "2.00"), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        ((25, 10, 2026, "00:59"), datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
    ],
)
def test_local_times_become_utc_on_both_sides_of_the_change_of_the_clocks(typed, moment):
    assert when(*typed).moment("at", "clock") == moment


def test_a_time_that_the_clocks_leave_out_is_not_taken():
    reader = when(29, 3, 2026, "01:30")
    assert reader.moment("at", "clock") is None
    ((field, message),) = reader.problems
    assert field == "clock"
    assert "clocks go forward" in message


def test_a_time_that_comes_twice_is_not_taken():
    reader = when(25, 10, 2026, "01:30")
    assert reader.moment("at", "clock") is None
    assert "clocks go back" in reader.problems[0][1]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ((31, 2, 2026, "12:00"), "at"),
        ((1, 1, 26, "12:00"), "at"),
        ((1, 1, 2026, "24:00"), "clock"),
        ((1, 1, 2026, "noon"), "clock"),
    ],
)
def test_a_day_or_time_that_does_not_exist_is_named(typed, field):
    reader = when(*typed)
    assert reader.moment("at", "clock") is None
    assert [name for name, _message in reader.problems] == [field]


def test_a_moment_that_is_shown_reads_back_as_itself():
    at = datetime(2026, 7, 1, 22, 59, tzinfo=UTC)
    assert Reader(typed_moment("at", "clock", at)).moment("at", "clock") == at


def test_the_suggested_closing_leaves_whole_days_over_a_change_of_the_clocks():
    now = datetime(2026, 3, 29, 8, 0, tzinfo=UTC)
    closing = suggested_closing(now, 84)
    assert (closing - now).days >= 84
    assert typed_moment("at", "clock", closing)["clock"] == "23:59"


def test_a_pasted_list_loses_its_marks_and_empty_lines():
    assert lines("1. Trees\n\n - Benches \r\n• Lights\n2 ponds\n") == [
        "Trees",
        "Benches",
        "Lights",
        "2 ponds",
    ]


def test_words_in_one_language_may_come_later_but_not_in_none():
    reader = Reader({"title-en": " Park "})
    assert reader.words("title", ("en", "cy"), needed="Give it a title.") == {"en": "Park"}
    assert not reader.problems
    empty = Reader({})
    empty.words("title", ("en", "cy"), needed="Give it a title.")
    assert empty.problems == [("title-en", "Give it a title.")]


def test_a_text_that_is_too_long_is_refused_and_says_by_how_much():
    reader = Reader({"title-en": "x" * 301})
    reader.words("title", ("en",))
    assert reader.problems == [
        ("title-en", "This is 301 characters long. Shorten it to 300 or fewer.")
    ]
