"""A seat is vacant or filled, one after the other, by an organisation of its sector."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from events import Seat
from events.base import By
from events.partnership import Organisation, UnknownSector
from events.partnerships.seat import (
    TITLE_LENGTH_MAX,
    OtherSector,
    SeatDayToCome,
    SeatDayTooEarly,
    SeatFilledSo,
    SeatGivenUp,
    SeatTaken,
    SeatTooLong,
    SeatUnwritten,
    SeatVacant,
    TermEndsBefore,
    check_set_up,
)
from tests.builders import words

TODAY = date(2026, 6, 10)
AT = datetime(2026, 6, 10, 12, 0, 0, 1, tzinfo=UTC)
BY = By("organiser")
DAY = timedelta(days=1)
TRUST = Organisation("canal", words("Canal Trust"), "voluntary")
COUNCIL = Organisation("council", words("Council"), "statutory")
HOW = {"at": AT, "by": BY}


@pytest.fixture
def seat() -> Seat:
    fact = Seat.SetUp(
        partnership_id=UUID(int=1), title=words("Seat 1"), sector="voluntary", on=TODAY - 9 * DAY,
        **HOW,
    )  # fmt: skip
    return Seat.begin(UUID(int=2), fact)


def test_a_seat_is_filled_and_vacated_in_turn(seat: Seat):
    with pytest.raises(SeatVacant):
        seat.vacate(TODAY, TODAY, **HOW)
    seat.fill(TRUST, TODAY - 5 * DAY, TODAY + 700 * DAY, TODAY, **HOW)
    assert (seat.organisation, seat.changed_on) == (TRUST, TODAY - 5 * DAY)
    with pytest.raises(SeatFilledSo):
        seat.fill(TRUST, TODAY, None, TODAY, **HOW)
    with pytest.raises(SeatTaken):
        seat.fill(COUNCIL, TODAY, None, TODAY, **HOW)
    seat.vacate(TODAY - DAY, TODAY, **HOW)
    assert (seat.organisation, seat.changed_on, seat.term_ends_on) == (None, TODAY - DAY, None)


def test_only_an_organisation_of_its_sector_fills_it(seat: Seat):
    with pytest.raises(OtherSector):
        seat.fill(COUNCIL, TODAY, None, TODAY, **HOW)


def test_a_term_ends_after_it_begins(seat: Seat):
    with pytest.raises(TermEndsBefore):
        seat.fill(TRUST, TODAY, TODAY, TODAY, **HOW)
    seat.fill(TRUST, TODAY, TODAY + DAY, TODAY, **HOW)


def test_days_neither_lie_ahead_nor_before_what_is_recorded(seat: Seat):
    for act in (
        lambda on: seat.fill(TRUST, on, None, TODAY, **HOW),
        lambda on: seat.give_up(on, TODAY, **HOW),
    ):
        with pytest.raises(SeatDayToCome):
            act(TODAY + DAY)
        with pytest.raises(SeatDayTooEarly):
            act(TODAY - 10 * DAY)
    seat.fill(TRUST, TODAY - 2 * DAY, None, TODAY, **HOW)
    with pytest.raises(SeatDayTooEarly):
        seat.vacate(TODAY - 3 * DAY, TODAY, **HOW)


def test_nothing_happens_to_a_seat_that_was_given_up(seat: Seat):
    seat.give_up(TODAY, TODAY, **HOW)
    assert seat.given_up_on == TODAY
    for act in (
        lambda: seat.fill(TRUST, TODAY, None, TODAY, **HOW),
        lambda: seat.vacate(TODAY, TODAY, **HOW),
        lambda: seat.give_up(TODAY, TODAY, **HOW),
    ):
        with pytest.raises(SeatGivenUp):
            act()


def test_a_seat_is_described_in_every_language_of_the_partnership():
    both = ("en", "cy")
    check_set_up(words("Seat"), {}, "private", TODAY, both, TODAY)
    check_set_up(words("Seat"), words("tenants"), "private", TODAY, both, TODAY)
    with pytest.raises(SeatUnwritten):
        check_set_up({"en": "Seat"}, {}, "private", TODAY, both, TODAY)
    with pytest.raises(SeatUnwritten):
        check_set_up(words("Seat"), {"en": "tenants", "cy": " "}, "private", TODAY, both, TODAY)
    with pytest.raises(SeatTooLong):
        check_set_up(words("x" * (TITLE_LENGTH_MAX + 1)), {}, "private", TODAY, both, TODAY)
    with pytest.raises(UnknownSector):
        check_set_up(words("Seat"), {}, "royal", TODAY, both, TODAY)
    with pytest.raises(SeatDayToCome):
        check_set_up(words("Seat"), {}, "private", TODAY + DAY, both, TODAY)
