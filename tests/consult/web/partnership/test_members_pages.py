"""Who works for a partnership: administrators list, add, change and remove them on pages."""

import pytest
from flask import Flask

from consult import access
from consult.access import STAFF
from consult.commands.accounts.staff import find_colleague, of_partnership
from consult.roles.rules import CONFLICTS
from consult.services import Services
from events import Partnership
from tests import builders
from tests.consult.web.organisers import Organiser, sign_in

PEOPLE = "/organise/partnership/ashenmoor/members/"
HERE = Partnership.id_for("ashenmoor")


@pytest.fixture
def boss(app: Flask, services: Services) -> Organiser:
    builders.partnership(services)
    services.catch_up()
    return sign_in(app, services, role="administrator", email="boss@example.org")


def ticked(*roles: str) -> dict[str, str]:
    """The boxes of these roles in the form."""
    return {f"role__{STAFF.index(role)}": "yes" for role in roles}


def address_of(services: Services, email: str) -> str:
    return f"{PEOPLE}{find_colleague(services, HERE, email).id.hex}"


def test_somebody_is_added_changed_and_removed(boss: Organiser, app: Flask, services: Services):
    page = boss.send(
        boss.open(f"{PEOPLE}new"),
        email="bob@example.org",
        name="Bob",
        **ticked(access.ORGANISER, access.AUDITOR),
    )
    assert "They can sign in now." in page.words
    assert "bob@example.org. Auditor, Organiser." in page.words
    bob = sign_in(app, services, email="bob@example.org")
    assert bob.open("/organise/").status == 200

    bobs = address_of(services, "bob@example.org")
    page = boss.send(
        boss.open(bobs), name="Robert", **{f"role__{STAFF.index(access.ORGANISER)}": None}
    )
    assert "Robert" in page.words
    assert "bob@example.org. Auditor." in page.words
    assert bob.open("/organise/").address != "/organise/", "it holds with the next page"

    page = boss.send(boss.open(f"{bobs}/remove"))
    assert "They are removed" in page.words
    assert "bob@example.org" not in page.words
    assert bob.open("/organise/").heading == "Sign in"
    assert boss.open(bobs).status == 404


@pytest.mark.parametrize("role", ["organiser", "council officer"])
def test_who_is_no_administrator_sees_and_changes_nobody(
    boss: Organiser, app: Flask, services: Services, role: str
):
    other = sign_in(app, services, role=role, email="other@example.org")
    bosses = address_of(services, "boss@example.org")
    before = of_partnership(services, HERE)
    for address in (PEOPLE, f"{PEOPLE}new", bosses, f"{bosses}/remove"):
        page = other.open(address)
        assert page.status == 403
        assert "boss@example.org" not in page.words
        assert other.client.post(address, data={}).status_code in {403, 405}
    assert of_partnership(services, HERE) == before


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            "",
            "Whoever has the role “Clerk, at a desk or by telephone” in a partnership cannot",
        ),
        (
            "/cy",
            "Ni all pwy bynnag sydd â’r rôl “Clerc, wrth ddesg neu dros y ffôn” mewn",
        ),
    ],
)
def test_roles_that_exclude_each_other_are_refused_in_words(
    boss: Organiser, services: Services, language: str, says: str
):
    page = boss.open(f"{language}{PEOPLE}new")
    both = ticked(*CONFLICTS[0])
    refused = boss.send(page, email="bob@example.org", name="Bob", **both)
    assert says in refused.words
    assert [one.name for one in of_partnership(services, HERE)] == ["Ann administrator"]


def test_an_administrator_of_another_partnership_is_kept_out(
    boss: Organiser, app: Flask, services: Services
):
    builders.partnership(services, "elsewhere")
    services.catch_up()
    other = sign_in(
        app, services, slug="elsewhere", role="administrator", email="other@example.org"
    )
    assert other.open(PEOPLE).status == 403


def test_nobody_removes_themselves_or_their_own_last_power(boss: Organiser, services: Services):
    me = address_of(services, "boss@example.org")
    for page in (
        boss.send(boss.open(f"{me}/remove")),
        boss.send(
            boss.open(me),
            **ticked(access.ORGANISER),
            **{f"role__{STAFF.index(access.ADMINISTRATOR)}": None},
        ),
    ):
        assert page.status == 422
        assert "You cannot remove yourself" in page.words
    assert find_colleague(services, HERE, "boss@example.org").roles == ("administrator",)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"email": "bob", "name": "Bob", "role__0": "yes"}, "is not an e-mail address"),
        ({"email": "bob@example.org", "name": "", "role__0": "yes"}, "Enter their name."),
        ({"email": "bob@example.org", "name": "Bob"}, "Choose at least one role."),
        ({"email": "boss@example.org", "name": "Bob", "role__0": "yes"}, "under the name"),
    ],
)
def test_what_cannot_be_right_is_told_and_changes_nobody(
    boss: Organiser, services: Services, typed: dict[str, str], told: str
):
    before = of_partnership(services, HERE)
    page = boss.send(boss.open(f"{PEOPLE}new"), **typed)
    assert (page.status, page.faults) == (422, [])
    assert told in page.words
    assert of_partnership(services, HERE) == before
