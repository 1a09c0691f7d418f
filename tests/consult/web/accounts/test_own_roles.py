"""Somebody with several roles acts in one of them, which they choose and everybody can see."""

import pytest

from consult import access
from consult.commands.accounts.members import change_member
from consult.people.accounts.staff import find_by_email
from consult.roles.rules import CONFLICTS, WITHOUT_PAGES, beside
from events import Consultation, Partnership
from tests.builders import OPERATOR, consultation, partnership
from tests.consult.web.organisers import EMAIL, Organiser, link_for, sign_in

REASON = {"reason__en": "There were complaints.", "reason__cy": "Roedd cwynion."}


@pytest.fixture
def asked(services) -> Consultation:
    return consultation(services)


@pytest.fixture
def both(app, services, asked) -> Organiser:
    """An organiser who is an auditor too, and has chosen nothing yet."""
    link_for(services, role="organiser")
    staff = Organiser(app.test_client())
    page = staff.send(staff.open(link_for(services, role="auditor")))
    assert page.address == "/roles/"
    return staff


def test_until_a_role_is_chosen_every_room_leads_to_the_choice(both):
    for address in ("/organise/", "/scrutiny/", "/organise/c/riverside/pause", "/jobs/"):
        assert both.open(address).address == "/roles/"
    page = both.open("/roles/")
    assert page.status == 200
    assert not page.faults
    assert "You act in one role at a time" in page.words
    assert "Runs consultations for a community network." in page.words


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_a_role_opens_its_own_rooms_and_no_others(both, prefix):
    assert both.act_as("auditor").address == "/scrutiny/"
    page = both.open(f"{prefix}/scrutiny/")
    assert f", {'Archwilydd' if prefix else 'Auditor'}</span>" in page.text, "in the header"
    assert both.open(f"{prefix}/organise/").address == f"{prefix}/scrutiny/"
    assert both.act_as("organiser").address == "/organise/"
    assert both.open(f"{prefix}/scrutiny/").status == 403
    assert f"{prefix}/roles/" in both.open(f"{prefix}/organise/").links()


def test_what_is_done_is_recorded_in_the_chosen_role(both, services, asked):
    change(services, "organiser", "council officer")
    both.act_as("council officer")
    both.send(both.open("/organise/c/riverside/pause"), **REASON)
    [paused] = [
        event.fact
        for event in services.record.events.get(asked.id)
        if isinstance(event.fact, Consultation.Paused)
    ]
    assert paused.by.role == "council officer"


def test_a_role_that_ended_is_acted_in_no_longer(both, services):
    both.act_as("auditor")
    change(services, "organiser", "desk")
    assert both.open("/scrutiny/").address == "/roles/", "another has to be chosen"
    change(services, "organiser")
    assert both.open("/organise/").address == "/organise/", "there is no choice any more"


def test_nobody_acts_in_a_role_that_they_do_not_have(both):
    page = both.open("/roles/")
    data = {**page.form()[1].to_dict(), "role": "administrator"}
    for form in page.tree.iterfind(".//form[@method='post']"):
        token = form.find(".//input[@name='csrf_token']")
        data["csrf_token"] = token.get("value")
    both.client.post("/roles/", data=data)
    assert both.open("/organise/").address == "/roles/"


def test_somebody_with_one_role_has_nothing_to_choose(app, services):
    consultation(services)
    staff = sign_in(app, services)
    page = staff.open("/roles/")
    assert "Act in this role" not in page.words
    assert "/roles/" not in staff.open("/organise/").links()


@pytest.mark.parametrize("role", WITHOUT_PAGES)
def test_a_role_with_nothing_to_do_yet_says_so(app, services, role):
    partnership(services)
    services.catch_up()
    page = sign_in(app, services, role=role).open("/organise/")
    assert page.address == "/roles/"
    assert "There is nothing to do on these pages in this role yet." in page.words


def test_roles_that_exclude_each_other_are_different_roles_of_staff():
    for pair in CONFLICTS:
        assert len(set(pair)) == 2
        assert set(pair) <= set(access.STAFF)
        assert pair[1] in beside(pair[0])
        assert pair[0] in beside(pair[1])
    assert len({frozenset(pair) for pair in CONFLICTS}) == len(CONFLICTS)


def change(services, *roles: str) -> None:
    id = find_by_email(services.vault, EMAIL)
    change_member(
        services, Partnership.id_for("ashenmoor"), id, name="", roles=roles, actor=OPERATOR
    )
