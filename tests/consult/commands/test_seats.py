"""Seats of a board are kept by commands: once for a command id, and only of one's partnership."""

import pytest

from consult.commands.interests import NoMember
from consult.commands.partnerships import admit_member, constitute_partnership
from consult.commands.seats import fill_seat, give_up_seat, set_up_seat, vacate_seat
from events import Partnership
from events.partnership import Constitution, ConstitutionUnwritten, Organisation, UnknownTier
from events.partnerships.seat import SeatVacant
from tests.builders import ADMINISTRATOR, ORGANISER, partnership, words

TRUST = Organisation("canal", words("Canal Trust"), "voluntary")


@pytest.fixture
def home(services) -> Partnership:
    formed = partnership(services)
    return admit_member(services, formed.id, TRUST, actor=ADMINISTRATOR)


def made(services, home, **how):
    today = services.today()
    about = {"title": words("Seat 1"), "sector": "voluntary", "on": today, "actor": ORGANISER}
    return set_up_seat(services, home.id, **(about | how))


def test_a_command_that_is_sent_twice_sets_up_one_seat(services, home):
    first = made(services, home, command_id="once")
    assert made(services, home, command_id="once").id == first.id
    assert made(services, home, command_id="other").id != first.id


def test_a_seat_goes_from_set_up_to_given_up(services, home):
    seat, today = made(services, home), services.today()
    filled = fill_seat(services, seat.id, "canal", on=today, actor=ORGANISER, command_id="f")
    assert filled.organisation == TRUST
    again = fill_seat(services, seat.id, "canal", on=today, actor=ORGANISER, command_id="f")
    assert again.version == filled.version
    assert vacate_seat(services, seat.id, on=today, actor=ORGANISER).organisation is None
    with pytest.raises(SeatVacant):
        vacate_seat(services, seat.id, on=today, actor=ORGANISER)
    assert give_up_seat(services, seat.id, on=today, actor=ORGANISER).given_up_on == today


def test_only_a_member_fills_a_seat(services, home):
    seat = made(services, home)
    with pytest.raises(NoMember):
        fill_seat(services, seat.id, "nobody", on=services.today(), actor=ORGANISER)


def test_a_group_that_is_only_spaces_keeps_no_seat(services, home):
    seat = made(services, home, kept_for={"en": " ", "cy": ""})
    assert seat.kept_for == {}


def test_what_a_partnership_is_is_said_whole_and_in_every_language(services, home):
    whole = Constitution("unitary", words("A meeting"), words("The fund"), words("Tax"))
    said = constitute_partnership(services, home.id, whole, actor=ORGANISER)
    assert said.constitution == whole
    again = constitute_partnership(services, home.id, whole, actor=ORGANISER)
    assert again.version == said.version
    with pytest.raises(UnknownTier):
        constitute_partnership(services, home.id, Constitution("empire"), actor=ORGANISER)
    half = Constitution("unitary", {"en": "A meeting"}, words("The fund"), words("Tax"))
    with pytest.raises(ConstitutionUnwritten):
        constitute_partnership(services, home.id, half, actor=ORGANISER)
