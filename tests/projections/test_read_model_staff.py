"""Who has which role, and who had which right after any fact."""

from uuid import uuid4

from consult.commands.accounts.members import change_member, remove_member
from projections.staff import Staff
from tests.builders import OPERATOR, member
from tests.projections.asking import ask

HERE, THERE = uuid4(), uuid4()


def test_who_held_a_role_at_a_position_is_who_was_given_it_and_not_ended_by_then(services):
    def held_at(position: int | None = None) -> list[tuple[str, str]]:
        found = ask(services, Staff, "of_partnership", HERE, position)
        return [(names[each.person_id], each.role) for each in found]

    ann = member(services, email="a@example.org", name="A", partnership_id=HERE, role="desk")
    given = services.record.head()
    bob = member(services, email="b@example.org", name="B", partnership_id=HERE, role="auditor")
    names = {ann: "Ann", bob: "Bob"}
    member(services, email="b@example.org", name="B", partnership_id=THERE, role="desk")
    both = services.record.head()
    change_member(services, HERE, ann, name="", roles=("organiser",), actor=OPERATOR)
    changed = services.record.head()
    remove_member(services, HERE, bob, actor=OPERATOR)
    assert held_at(given - 1) == []
    assert held_at(given) == [("Ann", "desk")]
    assert held_at(both) == [("Ann", "desk"), ("Bob", "auditor")]
    assert held_at(changed) == [("Bob", "auditor"), ("Ann", "organiser")]
    assert held_at() == held_at(services.record.head()) == [("Ann", "organiser")]
    [now] = ask(services, Staff, "of_partnership", HERE)
    assert (now.valid_from, now.valid_to) == (changed, None)
    [before, _] = ask(services, Staff, "of_partnership", HERE, both)
    assert (before.valid_from, before.valid_to) == (given, changed - 1)
    assert ask(services, Staff, "everybody_with", ("desk", "auditor")) == {bob}
    assert ask(services, Staff, "everybody_with", ("organiser", "desk")) == {ann, bob}


def test_a_role_that_is_given_again_begins_again(services):
    how = {"email": "a@example.org", "name": "A", "partnership_id": HERE}
    ann = member(services, role="desk", **how)
    member(services, role="auditor", **how)
    change_member(services, HERE, ann, name="", roles=("auditor",), actor=OPERATOR)
    without = services.record.head()
    member(services, role="desk", **how)
    roles = [each.role for each in ask(services, Staff, "of_partnership", HERE)]
    assert roles == ["auditor", "desk"]
    [then] = ask(services, Staff, "of_partnership", HERE, without)
    assert then.role == "auditor"
