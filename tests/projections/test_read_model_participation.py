"""Turnout: how many people by ward, channel, kind and level, and on which day they first came."""

from datetime import date, timedelta

from consult.commands.answers.submitting import withdraw_answers
from projections import participation
from projections.ballot_box import BallotBox
from tests.builders import RANKING, RESIDENT, consultation
from tests.projections.asking import send


def test_turnout_and_days_count_what_stands_days_where_it_was_first_sent(services, clock):
    asked = consultation(services, RANKING, wards=True)
    other = consultation(services, RANKING, slug="other")
    send(services, asked, "ann", area="W03")
    send(services, asked, "bob", area="W09", channel="paper")
    first = clock.now.date()
    clock.move(days=1)
    send(services, asked, "ann", area="W09")
    back = send(services, asked, "eve", area="W03")
    send(services, asked, "dan")
    send(services, other, "ann")
    withdraw_answers(services, holder=back.holder, actor=RESIDENT, command_id="")
    services.catch_up()
    box = services.views.reader(BallotBox)
    with services.views.connect() as db:
        found = {
            name: participation.by(db, box.turnout, asked.id, name)
            for name in participation.DIMENSIONS
        }
        days = participation.days(db, box.day, asked.id)
    assert list(found["area"].items()) == [("W09", 2), ("", 1)], "the largest first"
    assert found["channel"] == {"online": 2, "paper": 1}
    assert found["respondent"] == {"individual": 3}
    assert found["assurance"] == {"open": 3}
    assert list(days.items()) == [(first, 2), (first + timedelta(days=1), 1)]
    assert isinstance(first, date)
