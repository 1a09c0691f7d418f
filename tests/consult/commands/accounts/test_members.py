"""Who works for a partnership: asked for by whoever may, and never taken from oneself."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any
from uuid import UUID, uuid4

import pytest

from consult import access
from consult.access import STAFF, NotYours
from consult.commands.accounts.members import (
    NoRoleLeft,
    NotYourself,
    UnknownRole,
    add_member,
    change_member,
    remove_member,
)
from consult.commands.accounts.staff import (
    Colleague,
    NotAMember,
    everybody_with,
    find_colleague,
    find_member,
    of_partnership,
)
from consult.commands.context import Actor
from consult.people import tables
from consult.people.accounts import sign_in_links, staff, staff_sessions
from consult.people.accounts.staff import OtherName
from consult.people.mailboxes.addresses import BadEmail
from consult.roles.rules import CONFLICTS
from consult.services import Services
from events import NotFound, StaffMember
from events.staff.roles import RolesConflict
from tests.builders import BEGINNING, OPERATOR, member
from tests.consult.people.erasable import rows

HERE, THERE = uuid4(), uuid4()
ROLES = ", ".join(STAFF)


def roles(services) -> dict[str, tuple[str, ...]]:
    return {one.email: one.roles for one in of_partnership(services, HERE)}


def add(
    services: Services, name: str = "Ann", role: str = "organiser", at: UUID = HERE, email: str = ""
) -> UUID:
    email = email or f"{name.lower()}@example.org"
    return member(services, email=email, name=name, partnership_id=at, role=role)


def change(services: Services, id: UUID, *given: str, name: str = "", **more: Any) -> None:
    change_member(services, HERE, id, name=name, roles=given, **{"actor": OPERATOR, **more})


@pytest.fixture
def ann(services):
    add(services, "Ann", access.ADMINISTRATOR)
    [one] = of_partnership(services, HERE)
    return one


def test_whoever_gives_out_roles_adds_changes_and_removes_others(services, ann):
    me = Actor(access.ADMINISTRATOR, ann.id.hex)
    how = {"email": "bob@example.org", "name": "Bob", "actor": me}
    for _ in range(2):
        bob = add_member(services, HERE, **how, roles=(access.DESK, access.SCRUTINY))
    assert roles(services)["bob@example.org"] == (access.DESK, access.SCRUTINY)
    change(services, bob, access.AUDITOR, actor=me)
    assert roles(services)["bob@example.org"] == (access.AUDITOR,)
    remove_member(services, HERE, bob, actor=me)
    assert set(roles(services)) == {"ann@example.org"}


def test_each_act_stands_in_the_record_once_with_who_did_it(services, ann):
    me = Actor(access.ADMINISTRATOR, ann.id.hex)
    head = services.record.head()
    bob = {"email": "bob@example.org", "name": "Bob", "roles": ("desk", "auditor")}
    for _ in range(2):
        id = add_member(services, HERE, **bob, actor=me, command_id="add")
    for _ in range(2):
        change(services, id, "auditor", actor=me, command_id="change")
    change(services, id, "desk", actor=me, command_id="later")
    change(services, id, "auditor", actor=me, command_id="change")
    remove_member(services, HERE, id, actor=me, command_id="remove")
    facts = [services.record.mapper.to_domain_event(row) for row in recorded(services, head)]
    assert [(each.fact.NAME, getattr(each.fact, "role", "")) for each in facts] == [
        ("account_made", ""),
        ("role_granted", "desk"),
        ("role_granted", "auditor"),
        ("role_ended", "desk"),
        ("role_ended", "auditor"),
        ("role_granted", "desk"),
        ("role_ended", "desk"),
    ]
    assert {each.originator_id for each in facts} == {id}
    assert {(each.fact.by.role, each.fact.by.actor) for each in facts} == {
        ("administrator", ann.id.hex)
    }


def recorded(services: Services, after: int) -> list[Any]:
    return services.record.recorder.select_notifications(after + 1, 100)


def test_nobody_takes_their_own_access(services, ann):
    me = Actor(access.ADMINISTRATOR, ann.id.hex)
    with pytest.raises(NotYourself):
        remove_member(services, HERE, ann.id, actor=me)
    with pytest.raises(NotYourself):
        change(services, ann.id, access.DESK, name="Ann", actor=me)
    assert roles(services) == {"ann@example.org": (access.ADMINISTRATOR,)}
    more = (access.ADMINISTRATOR, access.DESK)
    change(services, ann.id, *more, name="Ann", actor=me)
    assert roles(services) == {"ann@example.org": more}


@pytest.mark.parametrize("role", [access.ORGANISER, access.RESIDENT, access.CUSTODIAN])
def test_other_roles_change_nobody(services, ann, role):
    other = Actor(role, uuid4().hex)
    with pytest.raises(NotYours):
        remove_member(services, HERE, ann.id, actor=other)
    assert roles(services) == {"ann@example.org": (access.ADMINISTRATOR,)}


def test_an_address_that_has_an_account_is_not_given_another_name(services, ann):
    how = {"email": "ann@example.org", "name": "Anna", "roles": (access.DESK,)}
    with pytest.raises(OtherName):
        add_member(services, HERE, **how, actor=OPERATOR)
    assert roles(services) == {"ann@example.org": (access.ADMINISTRATOR,)}


def test_a_role_or_an_address_that_does_not_exist_makes_no_account(services):
    how = {"name": "Ann", "actor": OPERATOR}
    with pytest.raises(UnknownRole) as told:
        add_member(services, HERE, email="ann@example.org", roles=("desk", "Organiser"), **how)
    assert str(told.value) == f"There is no role “Organiser”. Roles are: {ROLES}."
    with pytest.raises(BadEmail):
        add_member(services, HERE, email="ann@", roles=("desk",), **how)
    assert (services.record.head(), rows(services, tables.staff)) == (0, [])


def test_each_role_is_held_where_it_was_given_and_nowhere_else(services):
    for role in STAFF:
        id = add(services, role=role, email=f"{STAFF.index(role)}@example.org")
        assert find_member(services, id).roles == {HERE: (role,)}
    add(services, role="auditor", at=THERE, email="0@example.org")
    id = staff.find_by_email(services.vault, "0@example.org")
    assert find_member(services, id).held == {HERE: (STAFF[0],), THERE: ("auditor",)}
    assert find_member(services, id).roles == {}, "none is chosen"
    assert find_member(services, id).acting_as("auditor").roles == {THERE: ("auditor",)}
    assert find_member(services, uuid4()) is None


def test_an_account_to_which_no_role_was_given_may_do_nothing(services):
    """Whoever adds somebody may die between the account and its first role."""
    id = staff.make_account(services.vault, "ann@example.org", "Ann")
    assert find_member(services, id).roles == {}
    for act in (
        lambda: change(services, id, "desk"),
        lambda: remove_member(services, HERE, id, actor=OPERATOR),
    ):
        with pytest.raises(NotFound):
            act()
    assert add(services) == id
    assert find_member(services, id).roles == {HERE: ("organiser",)}


def test_of_two_roles_that_exclude_each_other_nobody_has_both_in_one_partnership(services):
    one, other = CONFLICTS[0]
    ann = add(services, role=one)
    for act in (lambda: add(services, role=other), lambda: change(services, ann, one, other)):
        with pytest.raises(RolesConflict):
            act()
    assert find_member(services, ann).roles == {HERE: (one,)}
    add(services, role=other, at=THERE)
    change(services, ann, other)
    assert find_member(services, ann).roles == {THERE: (other,), HERE: (other,)}


def test_of_two_grants_at_once_that_exclude_each_other_one_stands(services):
    """Each is checked against what the store has when it is stored, on whatever host it comes."""
    one, other = CONFLICTS[0]
    for number in range(8):
        email = f"{number}@example.org"

        def give(role: str, email: str = email) -> bool:
            try:
                add_member(there, HERE, email=email, name=email, roles=(role,), actor=OPERATOR)
            except RolesConflict:
                return False
            return True

        with (
            closing(Services.open(services.config, services.clock)) as there,
            ThreadPoolExecutor(2) as pool,
        ):
            assert sorted(pool.map(give, (one, other))) == [False, True]
        id = staff.find_by_email(services.vault, email)
        assert find_member(services, id).roles in ({HERE: (one,)}, {HERE: (other,)})


def test_a_role_that_ended_on_one_host_is_gone_on_every_other_at_once(services):
    ann = add(services)
    assert find_member(services, ann).roles == {HERE: ("organiser",)}
    with closing(Services.open(services.config, services.clock)) as there:
        assert find_member(there, ann).roles == {HERE: ("organiser",)}
        change(services, ann, "auditor")
        assert find_member(there, ann).roles == {HERE: ("auditor",)}


def test_everybody_with_one_of_some_roles_is_listed_once_by_name(services):
    cid, bob = add(services, "Cid", "desk"), add(services, "Bob", "administrator")
    ann = add(services)
    add(services, "Ann", "scrutiny", THERE)
    assert everybody_with(services, ["desk"]) == [(cid, "Cid")]
    assert everybody_with(services, ["scrutiny", "organiser"]) == [(ann, "Ann")]
    assert everybody_with(services, ("desk", "administrator")) == [(bob, "Bob"), (cid, "Cid")]
    assert everybody_with(services, ["auditor"]) == []


def test_colleagues_are_listed_by_name_each_once_with_their_roles_here(services):
    bob, ann = add(services, "Bob", "scrutiny"), add(services, "Ann", "desk")
    add(services, "Ann", "auditor")
    add(services, "Ann", "organiser", THERE)
    also_ann = add(services, "Ann", "desk", email="a@example.org")
    add(services, "Eve", at=THERE)
    assert of_partnership(services, HERE) == [
        Colleague(also_ann, "Ann", "a@example.org", ("desk",)),
        Colleague(ann, "Ann", "ann@example.org", ("auditor", "desk")),
        Colleague(bob, "Bob", "bob@example.org", ("scrutiny",)),
    ]
    assert of_partnership(services, uuid4()) == []
    found = find_colleague(services, HERE, "BOB@example.org")
    assert found == Colleague(bob, "Bob", "bob@example.org", ("scrutiny",))


@pytest.mark.parametrize("email", ["eve@example.org", "nobody@example.org", "x" * 300])
def test_who_does_not_work_here_is_told_by_the_address(services, email):
    add(services, "Ann")
    add(services, "Eve", at=THERE)
    with pytest.raises(NotAMember) as told:
        find_colleague(services, HERE, email)
    assert str(told.value) == (
        f"Nobody with the address {email[:254]} works for this partnership. Nothing was changed."
    )


def test_a_change_gives_exactly_these_roles_here_and_leaves_other_places_alone(services):
    ann, bob = add(services), add(services, "Bob")
    add(services, "Ann", "scrutiny")
    add(services, "Ann", "organiser", THERE)
    before = services.record.head()
    change(services, ann, "scrutiny", "organiser")
    assert services.record.head() == before, "those are the roles there are"
    change(services, ann, "scrutiny", "desk", name=" Anna ")
    assert of_partnership(services, HERE) == [
        Colleague(ann, "Anna", "ann@example.org", ("desk", "scrutiny")),
        Colleague(bob, "Bob", "bob@example.org", ("organiser",)),
    ]
    assert of_partnership(services, THERE) == [
        Colleague(ann, "Anna", "ann@example.org", ("organiser",))
    ]


@pytest.mark.parametrize(
    ("given", "refusal", "says"),
    [
        ((), NoRoleLeft, "Leave at least one role, or remove the person. Nothing was changed."),
        (("desk", "king"), UnknownRole, f"There is no role “king”. Roles are: {ROLES}."),
    ],
)
def test_a_change_that_is_refused_changes_nothing(services, given, refusal, says):
    ann = add(services)
    with pytest.raises(refusal) as told:
        change(services, ann, *given, name="Anna")
    assert str(told.value) == says
    assert roles(services) == {"ann@example.org": ("organiser",)}
    assert find_member(services, ann).name == "Ann"


def test_who_is_removed_keeps_the_roles_elsewhere_and_the_account_goes_with_the_last(services):
    ann, bob = add(services), add(services, "Bob")
    add(services, "Ann", "desk")
    add(services, "Ann", "auditor", THERE)
    for one in (ann, bob):
        staff_sessions.begin(services.vault, one, BEGINNING)
        sign_in_links.make_sign_in_token(services.vault, one, BEGINNING)
    remove_member(services, HERE, ann, actor=OPERATOR)
    assert find_member(services, ann).roles == {THERE: ("auditor",)}
    assert {row.staff_id for row in rows(services, tables.staff_session)} == {bob}
    assert {row.staff_id for row in rows(services, tables.sign_in_link)} == {bob}
    assert set(roles(services)) == {"bob@example.org"}
    remove_member(services, THERE, ann, actor=OPERATOR)
    assert find_member(services, ann) is None
    assert services.record.get(StaffMember, ann).roles == {}
    head = services.record.head()
    remove_member(services, HERE, ann, actor=OPERATOR)
    assert services.record.head() == head, "who is gone is gone"
