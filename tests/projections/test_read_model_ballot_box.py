"""The ballot box: who had answered what at a position of the record, and what a code belongs to."""

from datetime import UTC

from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.submitting import withdraw_answers
from projections.audit_trail import AuditTrail
from projections.ballot_box import BallotBox
from tests.builders import ORGANISER, RANKING, RESIDENT, Clock, consultation
from tests.projections.asking import MORE, ask, send


def test_the_last_answer_up_to_a_position_and_its_moment_in_utc(services, clock: Clock):
    asked = consultation(services, RANKING)
    first = send(services, asked, "ann")
    at = clock.now
    clock.move(hours=1)
    other = consultation(services, RANKING, slug="quayside")
    send(services, other, "bob")
    second = send(services, asked, "cid")
    services.catch_up()
    box, trail = services.views.reader(BallotBox), services.views.reader(AuditTrail)
    with services.views.connect() as db:
        found = {
            as_at: box.latest(db, asked.id, as_at=as_at)
            for as_at in (first.position - 1, first.position, second.position - 1, 1_000)
        }
        moment = trail.moment(db, first.position)
        assert trail.moment(db, 1_000) is None
    assert list(found.values()) == [None, first.position, first.position, second.position]
    assert moment == at
    assert moment.utcoffset() == UTC.utcoffset(None)


def test_answers_as_they_stood_at_a_position_are_those_and_no_others(services):
    asked = consultation(services, RANKING)
    first = send(services, asked, "ann")
    second = send(services, asked, "bob")
    services.catch_up()
    box = services.views.reader(BallotBox)
    with services.views.connect() as db:
        people = [
            box.people(db, asked.id, as_at=as_at)
            for as_at in (first.position - 1, first.position, second.position)
        ]
    assert people == [0, 1, 2]


def test_each_version_of_somebody_s_answers_is_found_with_where_it_stands(services):
    asked = consultation(services, RANKING)
    first = send(services, asked, "ann", order=["a"])
    later = send(services, asked, "ann", order=["b"])
    bob = send(services, asked, "bob", order=["b"])
    assert ask(services, BallotBox, "subjects", asked.id) == {
        first.subject_id: 2,
        bob.subject_id: 1,
    }
    assert ask(services, BallotBox, "groups", asked.id, "order") == ((["b"], 2),)
    as_it_was = ask(services, BallotBox, "groups", asked.id, "order", as_at=first.position)
    assert as_it_was == ((["a"], 1),)
    withdraw_answers(services, holder=later.holder, actor=RESIDENT, command_id="")
    assert ask(services, BallotBox, "groups", asked.id, "order") == ((["b"], 1),)
    assert ask(services, BallotBox, "people", asked.id) == 1


def test_people_of_a_campaign_count_and_can_be_left_out(services):
    asked = consultation(services, RANKING, MORE)
    sent = {name: send(services, asked, name, order=["a"]) for name in ("ann", "bob")}
    send(services, asked, "eve", order=["b"])
    group_campaign(
        services, asked.id, [each.subject_id for each in sent.values()], name="A", actor=ORGANISER
    )
    assert ask(services, BallotBox, "campaigns", asked.id) == {"A": 2}
    assert ask(services, BallotBox, "groups", asked.id, "order") == ((["a"], 2), (["b"], 1))
    rest = ask(services, BallotBox, "groups", asked.id, "order", without_campaigns=True)
    assert rest == ((["b"], 1),)
