"""Accounts of people who work here: made once, found by any spelling, renamed and deleted."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from consult.people import tables
from consult.people.accounts import sign_in_links, staff, staff_sessions
from consult.people.accounts.sign_in_links import LinkUsedOrOld
from consult.people.accounts.staff import Account, OtherName
from consult.people.mailboxes import addresses
from consult.people.vault import Vault
from tests.builders import BEGINNING
from tests.consult.people.erasable import rows, utc

A_DAY = timedelta(days=1)
JUST = timedelta(microseconds=1)


@pytest.fixture
def vault(services) -> Vault:
    return services.vault


def add(vault: Vault, name: str = "Ann", email: str = "") -> UUID:
    return staff.make_account(vault, email or f"{name.lower()}@example.org", name)


def everything(services) -> list[list[Any]]:
    """Every row of the tables about staff."""
    kept = (tables.staff, tables.staff_session, tables.sign_in_link)
    return [sorted((tuple(row) for row in rows(services, table)), key=str) for table in kept]


def test_an_account_is_made_once_however_its_address_is_spelt(services, vault):
    id = add(vault, "  Ann Larch ", "Ann.Larch@Example.ORG")
    before = everything(services)
    assert add(vault, "Another Name", " ann.larch@example.org") == id
    assert everything(services) == before
    assert staff.find_account(vault, id) == Account(id, "Ann Larch", "ann.larch@example.org")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", "bob@example.org"), ("   ", "bob@example.org"), ("B" * 201, "B" * 200), ("Bo", "Bo")],
)
def test_a_name_is_cut_at_200_letters_and_an_account_without_one_is_called_by_its_address(
    vault, typed, kept
):
    id = staff.make_account(vault, "bob@example.org", typed)
    assert staff.find_account(vault, id).name == kept


def test_an_address_that_is_none_makes_no_account(services, vault):
    with pytest.raises(addresses.BadEmail) as told:
        add(vault, "Ann", "ann@")
    assert str(told.value) == ("“ann@” is not an e-mail address. It looks like name@example.org.")
    assert everything(services) == [[], [], []]


def test_nobody_is_found_under_an_address_or_a_number_that_has_no_account(vault):
    id = add(vault)
    assert staff.find_by_email(vault, " ANN@EXAMPLE.ORG ") == id
    assert staff.find_by_email(vault, "bob@example.org") is None
    assert staff.find_by_email(vault, "no address") is None
    assert staff.find_account(vault, uuid4()) is None
    assert staff.find_account(vault, id).id == id


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


def test_accounts_are_found_together_in_the_order_of_their_names(vault):
    cid, bob, ann = add(vault, "Cid"), add(vault, "Bob"), add(vault)
    also_ann = add(vault, "Ann", "a@example.org")
    found = staff.accounts(vault, {cid, bob, ann, also_ann, uuid4()})
    assert list(found) == [also_ann, ann, bob, cid]
    assert found[bob] == Account(bob, "Bob", "bob@example.org")
    assert staff.accounts(vault, []) == {}


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
    assert everything(services)[:2] == [[], []]


def test_links_that_are_too_old_go_when_the_next_is_made(services, vault):
    ann = add(vault)
    sign_in_links.make_sign_in_token(vault, ann, BEGINNING)
    sign_in_links.make_sign_in_token(vault, ann, BEGINNING + A_DAY)
    assert len(rows(services, tables.sign_in_link)) == 2, "the first still works"
    sign_in_links.make_sign_in_token(vault, ann, BEGINNING + A_DAY + JUST)
    assert len(rows(services, tables.sign_in_link)) == 2


@pytest.mark.parametrize("name", ["Ann", " Ann ", "", "  "])
def test_an_account_goes_by_its_name_or_by_none(vault, name):
    add(vault)
    staff.must_be_called(vault, "ann@example.org", name)
    staff.must_be_called(vault, "nobody@example.org", name)


def test_a_name_as_long_as_it_is_kept_is_the_same_name(vault):
    add(vault, "A" * 200, "ann@example.org")
    staff.must_be_called(vault, "ann@example.org", "A" * 250)
    with pytest.raises(OtherName):
        staff.must_be_called(vault, "ann@example.org", "A" * 199)


def test_an_account_is_not_given_another_name_by_the_way(vault):
    add(vault)
    with pytest.raises(OtherName) as told:
        staff.must_be_called(vault, "ANN@example.org", "Anna")
    assert str(told.value) == (
        "ann@example.org has an account under the name Ann. Nothing was changed. Use that name, "
        "or change it first."
    )


def test_an_account_is_renamed_unless_the_new_name_is_empty(vault):
    ann = add(vault)
    for typed, called in (("", "Ann"), ("  ", "Ann"), (" Anna ", "Anna"), ("A" * 201, "A" * 200)):
        staff.rename(vault, ann, typed)
        assert staff.find_account(vault, ann).name == called


def test_an_account_goes_with_its_sessions_and_links_and_no_others(services, vault):
    ann, bob = add(vault), add(vault, "Bob")
    for one in (ann, bob):
        staff_sessions.begin(vault, one, BEGINNING)
        staff_sessions.begin(vault, one, BEGINNING)
        sign_in_links.make_sign_in_token(vault, one, BEGINNING)
    staff.delete_account(vault, ann)
    assert staff.find_account(vault, ann) is None
    assert staff.find_account(vault, bob) is not None
    assert {row.staff_id for row in rows(services, tables.staff_session)} == {bob}
    assert {row.staff_id for row in rows(services, tables.sign_in_link)} == {bob}
    before = everything(services)
    staff.delete_account(vault, ann)
    assert everything(services) == before, "who is gone is gone"
