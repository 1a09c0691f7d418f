"""What people paste is read as they meant it, or refused with the exact fault."""

from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.kinds import pasted
from events.kinds.pasted import (
    CommaUnclear,
    DateIncomplete,
    DayNotInMonth,
    NoDay,
    NoMonth,
    NoNumber,
    NoTime,
    NotWhole,
    NoYear,
    TooFine,
    TooManyDigits,
    Unread,
)

INVISIBLE = st.sampled_from(["", "\u200b", "\u2060", "\ufeff", "\u00ad", "\u200e"])
SPACES = st.sampled_from(["", " ", "\u00a0", "\u202f", "\u2009", "\t"])
DIGITS = st.sampled_from([0x30, 0xFF10, 0x660, 0x6F0, 0x966, 0x1D7CE])
"""Where the ten digits of a script begin."""


@st.composite
def dressed(draw: st.DrawFn, text: str) -> str:
    """Return a number as it may be pasted: other digits, and characters that do not show."""
    zero = draw(DIGITS)
    letters = [chr(zero + int(each)) if each.isdigit() else each for each in text]
    around = [draw(INVISIBLE) + draw(SPACES) for _side in range(2)]
    return around[0] + draw(INVISIBLE).join(letters) + around[1]


@given(
    data=st.data(),
    value=st.integers(0, 10**12),
    separator=st.sampled_from(["", ",", " ", "\u00a0", "\u202f", "'", "\u2019"]),
    zeros=st.sampled_from(["", ".", ".0", ".00"]),
    pound=st.sampled_from(["", "£", "£ ", "\uffe1"]),
)
def test_a_whole_number_is_read_however_it_is_pasted(data, value, separator, zeros, pound):
    written = pound + f"{value:,}".replace(",", separator) + zeros
    assert pasted.number(data.draw(dressed(written))) == value


@given(value=st.integers(-(10**14), 10**14), decimals=st.integers(0, 4))
def test_what_is_written_is_read_as_the_same_number(value, decimals):
    assert pasted.number(pasted.written(value, decimals), decimals) == value


@given(st.dates(min_value=date(1000, 1, 1)), st.data())
def test_a_day_is_read_with_the_month_in_digits_english_or_welsh(day, data):
    names = [f"{day.month}", f"{day.month:02}", *pasted._MONTHS[day.month - 1]]
    month = data.draw(st.sampled_from([each for name in names for each in (name, name.title())]))
    boxes = {"day": f" {day.day}", "month": month, "year": f"{day.year:04}\u200b"}
    assert pasted.day(boxes) == day
    assert pasted.day_written(day.isoformat()) == day
    assert pasted.day_written(f"{day.day}/{day.month}/{day.year:04}") == day


@given(text=st.text(max_size=12), decimals=st.integers(0, 4))
def test_anything_else_is_refused_and_never_an_error(text, decimals):
    for read in (lambda: pasted.number(text, decimals), lambda: pasted.pence(text),
                 lambda: pasted.clock(text), lambda: pasted.day_written(text),
                 lambda: pasted.day({"day": text, "month": text, "year": text})):  # fmt: skip
        with suppress(Unread):
            read()


@pytest.mark.parametrize(
    ("text", "decimals", "fault", "says"),
    [
        ("far", 0, NoNumber, "“far” is not a number. Write it in digits, like 12."),
        ("5²", 0, NoNumber, "is not a number"),
        ("$5", 0, NoNumber, "is not a number"),
        ("2.5", 0, NotWhole, "“2.5” is not a whole number"),
        ("2.555", 2, TooFine, "has 3 decimals. Write it with up to 2, like 12.50."),
        ("1,5", 1, CommaUnclear, "We cannot tell what the comma in “1,5” means"),
        ("1,5x", 1, NoNumber, "is not a number"),
        ("1.5.2", 1, NoNumber, "is not a number"),
        ("1" * 16, 0, TooManyDigits, "more digits than we can take, which is 15"),
    ],
)
def test_the_fault_of_a_number_is_named(text, decimals, fault, says):
    with pytest.raises(fault) as refused:
        pasted.number(text, decimals)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("£1,250.00", 125_000),
        ("48000.5", 4_800_050),
        (" 48 000 pounds", 4_800_000),
        ("50p", 50),
        ("£.50", 50),
    ],
)
def test_money_is_read_as_pence(text, pence):
    assert pasted.pence(text) == pence


@pytest.mark.parametrize(
    ("boxes", "fault", "says"),
    [
        (("27", "", ""), DateIncomplete, "The date has no month and no year."),
        (("", "3", "2026"), DateIncomplete, "The date has no day."),
        (("32", "3", "2026"), NoDay, "“32” is not a day of a month"),
        (("27", "13", "2026"), NoMonth, "“13” is not a month"),
        (("27", "Ma", "2026"), NoMonth, "“Ma” is not a month"),
        (("27", "3", "26"), NoYear, "Write it with four digits, like 2026."),
        (("31", "April", "2026"), DayNotInMonth, "that month has 30 days"),
        (("29", "2", "2025"), DayNotInMonth, "that month has 28 days"),
    ],
)
def test_the_part_of_a_date_that_is_wrong_is_named(boxes, fault, says):
    with pytest.raises(fault) as refused:
        pasted.day(dict(zip(("day", "month", "year"), boxes, strict=True)))
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("boxes", "day"),
    [
        (("27 March 2026", "", ""), date(2026, 3, 27)),
        (("", "", "27ain o Fawrth 2026"), date(2026, 3, 27)),
        (("1af", "Rhagfyr", "2026"), date(2026, 12, 1)),
        (("3rd", "Sept.", "2026"), date(2026, 9, 3)),
        (("29", "feb", "2028"), date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_as_people_write_it(boxes, day):
    assert pasted.day(dict(zip(("day", "month", "year"), boxes, strict=True))) == day


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("17:00", time(17)),
        ("5pm", time(17)),
        ("12 a.m.", time(0)),
        ("12pm", time(12)),
        ("5.30 PM", time(17, 30)),
        ("1700", time(17)),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(text, at):
    assert pasted.clock(text) == at


@pytest.mark.parametrize("text", ["5", "24:00", "13pm", "0am", "17:60", "noonish"])
def test_a_time_that_may_be_another_is_refused(text):
    with pytest.raises(NoTime):
        pasted.clock(text)


@pytest.mark.parametrize("dash", "-\u2010\u2011\u2012\u2013\u2014\u2212")
def test_every_dash_that_a_document_puts_before_a_number_is_a_minus(dash):
    assert pasted.number(f"{dash}12") == -12
    assert pasted.day_written(f"2026{dash}11{dash}22") == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("value", "decimals", "whole", "short"),
    [
        (0, 0, "0", "0"),
        (1250, 2, "12.50", "12.5"),
        (1200, 2, "12.00", "12"),
        (100, 0, "100", "100"),
        (5, 3, "0.005", "0.005"),
        (-5, 1, "-0.5", "-0.5"),
        (-10, 1, "-1.0", "-1"),
        (0, 2, "0.00", "0"),
    ],
)
def test_a_number_is_written_with_its_decimals_and_shown_without_zeros(
    value, decimals, whole, short
):
    assert pasted.written(value, decimals) == whole
    assert pasted.shortest(value, decimals) == short
