"""Numbers and dates as answers: what is stored, and what is not one."""

from datetime import date

import pytest

from events.kinds.answer_values import read_day, scaled


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-22", date(2026, 11, 22)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2026-02-29", None),
        ("2026-11-2", None),
        ("20261122", None),
        ("2026-W47-7", None),
        (" 2026-11-22", None),
        ("0999-11-22", None),
        ("", None),
        (20_261_122, None),
        (None, None),
    ],
)
def test_a_day_is_read_from_its_one_form(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "decimals", "units"),
    [
        ("12", 0, 12),
        ("12.5", 2, 1250),
        ("-3", 1, -30),
        ("12.55", 1, None),
        ("twelve", 0, None),
        ("", 0, None),
        (12, 0, None),
        (None, 0, None),
    ],
)
def test_a_number_is_told_in_units_of_its_last_decimal(text, decimals, units):
    assert scaled(text, decimals) == units
