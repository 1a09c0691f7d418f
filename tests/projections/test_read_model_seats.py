"""The seats of a board as they are now: in the order of setting up, without those given up."""

from datetime import timedelta
from uuid import uuid4

from consult.commands.partnerships import admit_member
from consult.commands.seats import fill_seat, give_up_seat, set_up_seat, vacate_seat
from events.partnership import Organisation
from projections.seats import Seats
from tests.builders import ADMINISTRATOR, ORGANISER, partnership, words
from tests.projections.asking import ask

TRUST = Organisation("canal", words("Canal Trust"), "voluntary")


def test_each_seat_says_who_fills_it_or_since_when_it_is_vacant(services, clock):
    formed = partnership(services)
    admit_member(services, formed.id, TRUST, actor=ADMINISTRATOR)
    today = clock.now.date()
    made = [
        set_up_seat(
            services, formed.id, title=words(title), sector="voluntary", on=today, actor=ORGANISER
        )
        for title in ("One", "Two", "Three")
    ]
    later = today + timedelta(days=2)
    clock.move(days=3)
    for seat in made:
        fill_seat(services, seat.id, "canal", on=today, term_ends_on=later, actor=ORGANISER)
    vacate_seat(services, made[1].id, on=later, actor=ORGANISER)
    give_up_seat(services, made[2].id, on=later, actor=ORGANISER)
    found = ask(services, Seats, "of_partnership", formed.id)
    assert [each.title["en"] for each in found] == ["One", "Two"]
    assert [each.organisation for each in found] == [TRUST, None]
    assert [each.changed_on for each in found] == [today, later]
    assert [each.is_over(later) for each in found] == [False, False]
    assert [each.is_over(later + timedelta(days=1)) for each in found] == [True, False]
    assert ask(services, Seats, "of_partnership", uuid4()) == []
    given_up = ask(services, Seats, "find", formed.id, made[2].id)
    assert given_up.given_up_on == later
    assert ask(services, Seats, "find", uuid4(), made[2].id) is None
