"""Who works for a partnership: asked for by whoever may, and never taken from oneself."""

from uuid import uuid4

import pytest

from consult import access
from consult.access import NotYours
from consult.commands.accounts.members import (
    NotYourself,
    add_member,
    change_member,
    remove_member,
)
from consult.commands.context import Actor
from consult.people.accounts import members
from consult.people.accounts.members import OtherName

HERE = uuid4()
OPERATOR = Actor(access.OPERATOR)


def roles(services) -> dict[str, tuple[str, ...]]:
    return {one.email: one.roles for one in members.of_partnership(services.vault, HERE)}


@pytest.fixture
def ann(services):
    how = {"email": "ann@example.org", "name": "Ann", "roles": (access.ADMINISTRATOR,)}
    add_member(services, HERE, **how, actor=OPERATOR)
    [one] = members.of_partnership(services.vault, HERE)
    return one


def test_whoever_gives_out_roles_adds_changes_and_removes_others(services, ann):
    me = Actor(access.ADMINISTRATOR, ann.id.hex)
    how = {"email": "bob@example.org", "name": "Bob", "actor": me}
    for _ in range(2):
        add_member(services, HERE, **how, roles=(access.DESK, access.SCRUTINY))
    assert roles(services)["bob@example.org"] == (access.DESK, access.SCRUTINY)
    bob = next(one for one in members.of_partnership(services.vault, HERE) if one.name == "Bob")
    change_member(services, HERE, bob.id, name="", roles=(access.AUDITOR,), actor=me)
    assert roles(services)["bob@example.org"] == (access.AUDITOR,)
    remove_member(services, HERE, bob.id, actor=me)
    assert set(roles(services)) == {"ann@example.org"}


def test_nobody_takes_their_own_access(services, ann):
    me = Actor(access.ADMINISTRATOR, ann.id.hex)
    with pytest.raises(NotYourself):
        remove_member(services, HERE, ann.id, actor=me)
    with pytest.raises(NotYourself):
        change_member(services, HERE, ann.id, name="Ann", roles=(access.DESK,), actor=me)
    assert roles(services) == {"ann@example.org": (access.ADMINISTRATOR,)}
    more = (access.ADMINISTRATOR, access.DESK)
    change_member(services, HERE, ann.id, name="Ann", roles=more, actor=me)
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
