"""What members have declared: the current interests first, the newest of each kind first."""

from datetime import timedelta
from uuid import uuid4

from consult.commands.interests import declare_interest, end_interest
from consult.commands.partnerships import admit_member
from events.partnership import Organisation
from projections.interests import Interests
from tests.builders import ADMINISTRATOR, ORGANISER, partnership, words
from tests.projections.asking import ask

TRUST = Organisation("canal", words("Canal Trust"), "voluntary")


def test_current_interests_come_before_ended_ones_and_the_newest_first(services, clock):
    formed = partnership(services)
    admit_member(services, formed.id, TRUST, actor=ADMINISTRATOR)
    today = clock.now.date()
    made = [
        declare_interest(
            services, formed.id, "canal", what=words(what), since=today, actor=ORGANISER
        )
        for what in ("Towpath", "Lock", "Weir")
    ]
    clock.move(days=2)
    end_interest(services, made[1].id, today + timedelta(days=1), actor=ORGANISER)
    found = ask(services, Interests, "of_partnership", formed.id)
    assert [each.id for each in found] == [made[2].id, made[0].id, made[1].id]
    assert [each.until for each in found] == [None, None, today + timedelta(days=1)]
    assert (found[0].what, found[0].since, found[0].organisation) == (words("Weir"), today, TRUST)
    assert ask(services, Interests, "of_partnership", uuid4()) == []
