"""What a member declares, and when it has ended: which days and words are refused."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from events import Interest
from events.base import By
from events.partnership import Organisation
from events.partnerships.interest import (
    WHAT_LENGTH_MAX,
    DayToCome,
    EndsBeforeItBegan,
    InterestEnded,
    InterestTooLong,
    InterestUnwritten,
    check_declared,
)
from tests.builders import words

TODAY = date(2026, 6, 10)
AT = datetime(2026, 6, 10, 12, 0, 0, 1, tzinfo=UTC)
BY = By("organiser")
DAY = timedelta(days=1)
TRUST = Organisation("canal", words("Canal Trust"), "voluntary")


@pytest.fixture
def interest() -> Interest:
    declared = Interest.Declared(
        at=AT, by=BY, partnership_id=UUID(int=1), organisation=TRUST, what=words("A towpath"),
        since=TODAY - DAY,
    )  # fmt: skip
    return Interest.begin(UUID(int=2), declared)


def test_an_interest_is_said_in_every_language_of_the_partnership_in_few_words():
    check_declared(words("A towpath"), TODAY, ("en", "cy"), TODAY)
    with pytest.raises(InterestUnwritten):
        check_declared({"en": "A towpath", "cy": " "}, TODAY, ("en", "cy"), TODAY)
    with pytest.raises(InterestTooLong):
        check_declared(words("x" * (WHAT_LENGTH_MAX + 1)), TODAY, ("en", "cy"), TODAY)


def test_nothing_is_declared_of_a_day_to_come(interest: Interest):
    with pytest.raises(DayToCome):
        check_declared(words("A towpath"), TODAY + DAY, ("en",), TODAY)
    with pytest.raises(DayToCome):
        interest.end(TODAY + DAY, TODAY, at=AT, by=BY)


def test_an_interest_ends_once_and_not_before_it_began(interest: Interest):
    with pytest.raises(EndsBeforeItBegan):
        interest.end(TODAY - 2 * DAY, TODAY, at=AT, by=BY)
    assert interest.until is None
    interest.end(TODAY - DAY, TODAY, at=AT, by=BY)
    assert interest.until == TODAY - DAY
    with pytest.raises(InterestEnded):
        interest.end(TODAY, TODAY, at=AT, by=BY)
