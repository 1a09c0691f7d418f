"""Numbers, money, dates and times as people read them in both languages."""

from datetime import UTC, date, datetime

import pytest

from consult.wording import figures
from consult.wording.language import in_language


def test_money_shows_pence_only_where_there_are_any():
    assert figures.money(4_800_000) == "£48,000"
    assert figures.money(50) == "£0.50"
    assert figures.money(123_405) == "£1,234.05"
    assert figures.money(-500) == "-£5"
    assert figures.money(310_000, "", 0) == "310,000"


def test_a_share_rounds_half_up_without_floating_point():
    assert figures.percent(412, 1354) == "30%"
    assert figures.percent(1, 8, 1) == "12.5%"
    assert figures.percent(5, 1000) == "1%"
    assert figures.percent(1, 0) == "0%"
    assert figures.percent(0, 33_312) == "0%"
    assert figures.percent(12, 33_312) == "under 1%"
    assert figures.percent(12, 33_312, 1) == "under 0.1%"
    assert figures.percent(33_300, 33_312) == "over 99%"
    assert figures.percent(33_300, 33_312, 1) == "over 99.9%"
    assert figures.percent(33_312, 33_312, 1) == "100.0%"
    with in_language("cy"):
        assert figures.percent(1, 1_000) == "dan 1%"
    assert figures.percent(1410, 3030, 1) == "46.5%"


@pytest.mark.parametrize(
    ("value", "english", "welsh"),
    [
        (1, "1st", "1af"),
        (2, "2nd", "2il"),
        (3, "3rd", "3ydd"),
        (5, "5th", "5ed"),
        (11, "11th", "11eg"),
        (13, "13th", "13eg"),
        (18, "18th", "18fed"),
        (21, "21st", "21ain"),
        (40, "40th", "40fed"),
        (112, "112th", "112fed"),
    ],
)
def test_ordinals(value, english, welsh):
    assert figures.ordinal(value, "en") == english
    assert figures.ordinal(value, "cy") == welsh


def test_times_are_local_and_short():
    summer = datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
    assert figures.moment(summer, "en") == "1 July 2026, 5pm"
    winter = datetime(2026, 11, 22, 9, 3, tzinfo=UTC)
    assert figures.moment(winter, "cy") == "22 Tachwedd 2026, 9:03am"
    assert figures.clock(datetime(2026, 1, 5, 12, 0, tzinfo=UTC), "en") == "midday"
    assert figures.clock(datetime(2026, 1, 5, 0, 0, tzinfo=UTC), "cy") == "hanner nos"
    assert figures.clock(datetime(2026, 1, 5, 0, 30, tzinfo=UTC), "en") == "12:30am"


def test_a_date_has_a_weekday_in_words():
    assert figures.weekday(date(2026, 11, 21), "en") == "Saturday 21 November 2026"
    assert figures.weekday(date(2026, 11, 21), "cy") == "dydd Sadwrn 21 Tachwedd 2026"


def test_a_language_that_brings_only_its_catalogue_has_its_own_dates_and_times():
    afternoon = datetime(2026, 11, 21, 17, 3, tzinfo=UTC)
    assert figures.weekday(afternoon, "pl") == "sobota 21 listopada 2026"
    assert figures.moment(afternoon, "pl") == "21 listopada 2026, 17:03"
    assert figures.month(11, "pl") == "listopad"
    assert figures.ordinal(3, "pl") == "3."
