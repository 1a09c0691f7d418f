"""Accounts of people who work here: made once, in roles, found by any spelling, and removed."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from consult.access import STAFF
from consult.people import tables
from consult.people.accounts import members, sign_in_links, staff, staff_sessions
from consult.people.accounts.members import Colleague, NoRoleLeft, NotAMember, OtherName
from consult.people.accounts.sign_in_links import LinkUsedOrOld
from consult.people.accounts.staff import UnknownRole
from consult.people.mailboxes import addresses
from consult.people.vault import Vault
from tests.builders import BEGINNING
from tests.consult.people.erasable import rows, utc

HERE, THERE = uuid4(), uuid4()
A_DAY = timedelta(days=1)
JUST = timedelta(microseconds=1)
ROLES = (
    "organiser, council officer, desk, data protection officer, scrutiny, auditor, administrator"
)


@pytest.fixture
def vault(services) -> Vault:
    return services.vault


def add(
    vault: Vault,
    name: str = "Ann",
    role: str = "organiser",
    at: UUID = HERE,
    email: str = "",
) -> UUID:
    email = email or f"{name.lower()}@example.org"
    return staff.add_member(vault, email=email, name=name, partnership_id=at, role=role)


def everything(services) -> list[list[Any]]:
    """Every row of the tables about staff."""
    kept = (tables.staff, tables.role, tables.staff_session, tables.sign_in_link)
    return [sorted((tuple(row) for row in rows(services, table)), key=str) for table in kept]


def test_an_account_is_made_once_and_holds_each_role_once(services, vault):
    id = add(vault, "  Ann Larch ", email="Ann.Larch@Example.ORG")
    assert add(vault, "Another Name", "scrutiny", email=" ann.larch@example.org") == id
    before = everything(services)
    assert add(vault, "Ann Larch", email="ANN.LARCH@example.org") == id
    assert everything(services) == before
    assert add(vault, "Ann", "auditor", THERE, "ann.larch@example.org") == id
    member = staff.find_member(vault, id)
    assert (member.id, member.name, member.email) == (id, "Ann Larch", "ann.larch@example.org")
    assert {at: set(held) for at, held in member.roles.items()} == {
        HERE: {"organiser", "scrutiny"},
        THERE: {"auditor"},
    }


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", "bob@example.org"), ("   ", "bob@example.org"), ("B" * 201, "B" * 200), ("Bo", "Bo")],
)
def test_a_name_is_cut_at_200_letters_and_an_account_without_one_is_called_by_its_address(
    vault, typed, kept
):
    id = staff.add_member(
        vault, email="bob@example.org", name=typed, partnership_id=HERE, role="desk"
    )
    assert staff.find_member(vault, id).name == kept


@pytest.mark.parametrize(
    ("email", "role", "refusal", "says"),
    [
        (
            "ann@example.org",
            "Organiser",
            UnknownRole,
            f"There is no role “Organiser”. Roles are: {ROLES}.",
        ),
        (
            "ann@",
            "organiser",
            addresses.BadEmail,
            "“ann@” is not an e-mail address. It looks like name@example.org.",
        ),
    ],
)
def test_a_role_or_an_address_that_does_not_exist_makes_no_account(
    services, vault, email, role, refusal, says
):
    with pytest.raises(refusal) as told:
        add(vault, "Ann", role, email=email)
    assert str(told.value) == says
    assert everything(services) == [[], [], [], []]


def test_each_role_is_held_where_it_was_given_and_nowhere_else(vault):
    for role in STAFF:
        id = add(vault, role=role)
    add(vault, "Ann", "auditor", THERE)
    held = staff.find_member(vault, id).roles
    assert {place: set(roles) for place, roles in held.items()} == {
        HERE: {*STAFF},
        THERE: {"auditor"},
    }


def test_nobody_is_found_under_an_address_or_a_number_that_has_no_account(vault):
    id = add(vault)
    assert staff.find_by_email(vault, " ANN@EXAMPLE.ORG ") == id
    assert staff.find_by_email(vault, "bob@example.org") is None
    assert staff.find_by_email(vault, "no address") is None
    assert staff.find_member(vault, uuid4()) is None
    assert staff.find_member(vault, id).id == id


def test_an_account_of_an_earlier_version_is_found_as_it_was_written(services, vault):
    """It kept a domain with its own letters; now its name is written for name servers."""
    id = uuid4()
    with vault.transaction() as connection:
        old = insert(tables.staff).values(id=id, email="ann@gŵyl.cymru", name="Ann")
        connection.execute(old)
    assert staff.find_by_email(vault, "Ann@Gŵyl.cymru") == id
    assert staff.find_by_email(vault, "ann@xn--gyl-b2a.cymru") == id
    assert add(vault, email="ann@gŵyl.cymru") == id
    assert [row.email for row in rows(services, tables.staff)] == ["ann@gŵyl.cymru"]


def test_everybody_with_one_of_some_roles_is_listed_once_by_name(vault):
    cid, bob, ann = add(vault, "Cid", "desk"), add(vault, "Bob", "administrator"), add(vault)
    add(vault, "Ann", "scrutiny", THERE)
    assert staff.everybody_with(vault, ["desk"]) == [(cid, "Cid")]
    assert staff.everybody_with(vault, ["scrutiny", "organiser"]) == [(ann, "Ann")]
    assert staff.everybody_with(vault, ("desk", "administrator")) == [(bob, "Bob"), (cid, "Cid")]
    assert staff.everybody_with(vault, ["auditor"]) == []


def test_a_link_works_once_and_says_whose_it_is(services, vault):
    ann, bob = add(vault), add(vault, "Bob")
    links = {one: sign_in_links.make_sign_in_token(vault, one, BEGINNING) for one in (ann, bob)}
    assert len(set(links.values())) == 2
    assert all(len(token) == 32 for token in links.values())
    kept = rows(services, tables.sign_in_link)
    assert not {row.token_hash for row in kept} & set(links.values())
    assert sign_in_links.use_sign_in_token(vault, links[bob], BEGINNING) == bob
    with pytest.raises(LinkUsedOrOld) as told:
        sign_in_links.use_sign_in_token(vault, links[bob], BEGINNING)
    assert str(told.value) == ("This sign-in link has been used or is too old. Ask for a new one.")
    assert sign_in_links.use_sign_in_token(vault, links[ann], BEGINNING) == ann
    with pytest.raises(LinkUsedOrOld):
        sign_in_links.use_sign_in_token(vault, "another", BEGINNING)


@pytest.mark.parametrize(("after", "works"), [(A_DAY, True), (A_DAY + JUST, False)])
def test_a_link_works_for_a_day(vault, after, works):
    ann = add(vault)
    token = sign_in_links.make_sign_in_token(vault, ann, BEGINNING)
    if works:
        assert sign_in_links.use_sign_in_token(vault, token, BEGINNING + after) == ann
        return
    with pytest.raises(LinkUsedOrOld):
        sign_in_links.use_sign_in_token(vault, token, BEGINNING + after)


def test_a_link_for_nobody_never_works_and_leaves_no_other_trace(services, vault):
    token = sign_in_links.make_sign_in_token(vault, None, BEGINNING)
    [row] = rows(services, tables.sign_in_link)
    assert row.used == 1
    assert utc(row.expires_at) == BEGINNING
    with pytest.raises(LinkUsedOrOld):
        sign_in_links.use_sign_in_token(vault, token, BEGINNING)
    assert everything(services)[:3] == [[], [], []]


def test_links_that_are_too_old_go_when_the_next_is_made(services, vault):
    ann = add(vault)
    sign_in_links.make_sign_in_token(vault, ann, BEGINNING)
    sign_in_links.make_sign_in_token(vault, ann, BEGINNING + A_DAY)
    assert len(rows(services, tables.sign_in_link)) == 2, "the first still works"
    sign_in_links.make_sign_in_token(vault, ann, BEGINNING + A_DAY + JUST)
    assert len(rows(services, tables.sign_in_link)) == 2


def test_colleagues_are_listed_by_name_each_once_with_their_roles_here(vault):
    bob, ann = add(vault, "Bob", "scrutiny"), add(vault, "Ann", "desk")
    add(vault, "Ann", "auditor")
    add(vault, "Ann", "organiser", THERE)
    also_ann = add(vault, "Ann", "desk", email="a@example.org")
    add(vault, "Eve", at=THERE)
    assert members.of_partnership(vault, HERE) == [
        Colleague(also_ann, "Ann", "a@example.org", ("desk",)),
        Colleague(ann, "Ann", "ann@example.org", ("auditor", "desk")),
        Colleague(bob, "Bob", "bob@example.org", ("scrutiny",)),
    ]
    assert members.of_partnership(vault, uuid4()) == []
    found = members.find_colleague(vault, HERE, "BOB@example.org")
    assert found == Colleague(bob, "Bob", "bob@example.org", ("scrutiny",))


@pytest.mark.parametrize("email", ["eve@example.org", "nobody@example.org", "x" * 300])
def test_who_does_not_work_here_is_told_by_the_address(services, vault, email):
    add(vault, "Ann")
    add(vault, "Eve", at=THERE)
    before = everything(services)
    with pytest.raises(NotAMember) as told:
        members.find_colleague(vault, HERE, email)
    assert str(told.value) == (
        f"Nobody with the address {email[:254]} works for this partnership. Nothing was changed."
    )
    assert everything(services) == before


@pytest.mark.parametrize("name", ["Ann", " Ann ", "", "  "])
def test_an_account_goes_by_its_name_or_by_none(vault, name):
    add(vault)
    members.must_be_called(vault, "ann@example.org", name)
    members.must_be_called(vault, "nobody@example.org", name)


def test_a_name_as_long_as_it_is_kept_is_the_same_name(vault):
    add(vault, "A" * 200, email="ann@example.org")
    members.must_be_called(vault, "ann@example.org", "A" * 250)
    with pytest.raises(OtherName):
        members.must_be_called(vault, "ann@example.org", "A" * 199)


def test_an_account_is_not_given_another_name_by_the_way(vault):
    add(vault)
    with pytest.raises(OtherName) as told:
        members.must_be_called(vault, "ANN@example.org", "Anna")
    assert str(told.value) == (
        "ann@example.org has an account under the name Ann. Nothing was changed. Use that name, "
        "or change it first."
    )


def test_a_change_gives_exactly_these_roles_here_and_leaves_other_places_alone(services, vault):
    ann, bob = add(vault), add(vault, "Bob")
    add(vault, "Ann", "scrutiny")
    add(vault, "Ann", "organiser", THERE)
    before = everything(services)
    members.change(vault, HERE, ann, name="", roles=("scrutiny", "organiser"))
    assert everything(services) == before, "those are the roles there are"
    members.change(vault, HERE, ann, name=" Anna ", roles=("scrutiny", "desk"))
    assert members.of_partnership(vault, HERE) == [
        Colleague(ann, "Anna", "ann@example.org", ("desk", "scrutiny")),
        Colleague(bob, "Bob", "bob@example.org", ("organiser",)),
    ]
    assert members.of_partnership(vault, THERE) == [
        Colleague(ann, "Anna", "ann@example.org", ("organiser",))
    ]
    members.change(vault, HERE, ann, name="A" * 201, roles=("desk",))
    assert staff.find_member(vault, ann).name == "A" * 200


@pytest.mark.parametrize(
    ("roles", "refusal", "says"),
    [
        ((), NoRoleLeft, "Leave at least one role, or remove the person. Nothing was changed."),
        (
            ("desk", "king"),
            UnknownRole,
            f"There is no role “king”. Roles are: {ROLES}.",
        ),
    ],
)
def test_a_change_that_is_refused_changes_nothing(services, vault, roles, refusal, says):
    ann = add(vault)
    before = everything(services)
    with pytest.raises(refusal) as told:
        members.change(vault, HERE, ann, name="Anna", roles=roles)
    assert str(told.value) == says
    assert everything(services) == before


def test_who_is_removed_keeps_the_roles_elsewhere_and_the_account_goes_with_the_last(
    services, vault
):
    ann, bob = add(vault), add(vault, "Bob")
    add(vault, "Ann", "desk")
    add(vault, "Ann", "auditor", THERE)
    for one in (ann, bob):
        staff_sessions.begin(vault, one, BEGINNING)
        staff_sessions.begin(vault, one, BEGINNING)
        sign_in_links.make_sign_in_token(vault, one, BEGINNING)
    members.remove(vault, HERE, ann)
    assert staff.find_member(vault, ann).roles == {THERE: ("auditor",)}
    assert {row.staff_id for row in rows(services, tables.staff_session)} == {bob}
    assert {row.staff_id for row in rows(services, tables.sign_in_link)} == {bob}
    assert members.of_partnership(vault, HERE) == [
        Colleague(bob, "Bob", "bob@example.org", ("organiser",))
    ]
    members.remove(vault, THERE, ann)
    assert staff.find_member(vault, ann) is None
    assert staff.find_member(vault, bob).roles == {HERE: ("organiser",)}
    before = everything(services)
    members.remove(vault, HERE, ann)
    assert everything(services) == before, "who is gone is gone"
