"""What was answered in all: each distinct answer with its people, and who wrote something."""

from consult.commands.answers.submitting import withdraw_answers
from projections.ballot_box import BallotBox
from tests.builders import RANKING, RESIDENT, consultation
from tests.projections.asking import MORE, WHY, ask, send


def test_equal_answers_are_one_with_their_people_in_the_order_of_their_bytes(services):
    asked = consultation(services, RANKING, MORE, WHY)
    send(services, asked, "ann", {"more": "One", "why": "Because"}, order=["b", "a"])
    send(services, asked, "bob", {"more": "Two"}, order=["a"])
    send(services, asked, "eve", order=["b", "a"])
    found = ask(services, BallotBox, "answered", asked.id)
    assert found.groups == {"order": ((["a"], 1), (["b", "a"], 2))}
    assert found.wrote == {"more": 2, "why": 1}
    assert found.respondents == {"individual": 3}
    assert found.members == {"individual": 0}


def test_what_was_replaced_or_taken_back_is_in_no_sum(services):
    asked = consultation(services, RANKING, MORE)
    first = send(services, asked, "ann", {"more": "One"}, order=["a"])
    send(services, asked, "ann", order=["b"])
    back = send(services, asked, "bob", {"more": "Two"}, order=["c"])
    withdraw_answers(services, holder=back.holder, actor=RESIDENT, command_id="")
    found = ask(services, BallotBox, "answered", asked.id)
    assert (found.groups, found.wrote) == ({"order": ((["b"], 1),)}, {})
    before = ask(services, BallotBox, "answered", asked.id, as_at=first.position)
    assert (before.groups, before.wrote) == ({"order": ((["a"], 1),)}, {"more": 1})


def test_responses_are_handed_out_in_portions_each_once(services):
    asked = consultation(services, RANKING)
    sent = {send(services, asked, name).subject_id for name in ("ann", "bob", "eve")}
    services.catch_up()
    box = services.views.reader(BallotBox)
    with services.views.connect() as db:
        portions = list(box.standing(db, asked.id, 2))
    assert [len(some) for some in portions] == [2, 1]
    assert {each.subject_id for some in portions for each in some} == sent
    assert all(each.answers == {"order": ["a"]} for some in portions for each in some)
