"""Member organisations are admitted and leave on pages, and everybody can see it in the record."""

import pytest
from flask import Flask

from consult.services import Services
from events import Partnership
from events.partnership import Organisation
from tests import builders
from tests.consult.web.organisers import Organiser, sign_in

LIST = "/organise/partnership/ashenmoor/organisations/"
TRUST = {"name__en": "The Mill Trust", "name__cy": "Ymddiriedolaeth y Felin", "sector": "voluntary"}


@pytest.fixture
def administrator(app: Flask, services: Services) -> Organiser:
    builders.partnership(services)
    services.catch_up()
    return sign_in(app, services, role="administrator")


def members(services: Services) -> dict[str, Organisation]:
    return services.record.get(Partnership, Partnership.id_for("ashenmoor")).members


def test_an_organisation_is_admitted_and_leaves(administrator: Organiser, services: Services):
    assert "There are none yet." in administrator.open(LIST).words
    admitted = administrator.send(administrator.open(f"{LIST}new"), **TRUST, duty="yes")
    assert "The Mill Trust Voluntary organisation." in admitted.words
    assert members(services)["mill-trust"].duty_to_cooperate
    interest = administrator.open("/organise/partnership/ashenmoor/interests/declare")
    assert "The Mill Trust" in interest.words
    asked = administrator.open(f"{LIST}mill-trust/leave")
    assert asked.heading == "Ashenmoor Together The Mill Trust has left"
    left = administrator.send(asked)
    assert "It is recorded that it has left." in left.words
    assert members(services) == {}
    assert "It is recorded that it has left." in administrator.send(asked).words


def test_two_of_one_name_are_told_apart(administrator: Organiser, services: Services):
    for _time in range(2):
        administrator.send(administrator.open(f"{LIST}new"), **TRUST)
    assert list(members(services)) == ["mill-trust", "mill-trust-2"]


def test_what_is_missing_is_said_in_every_language(administrator: Organiser, services: Services):
    refused = administrator.send(administrator.open(f"{LIST}new"), name__en="Mill")
    assert refused.summary == [
        ("name-cy", "Name the organisation, in every language."),
        ("sector", "Choose what it is."),
    ]
    assert members(services) == {}


def test_organisers_do_not_admit_anybody(app: Flask, services: Services):
    builders.partnership(services)
    services.catch_up()
    organiser = sign_in(app, services)
    assert organiser.client.get(LIST).status_code == 403
    assert "Member organisations" not in organiser.open("/organise/partnership/ashenmoor/").words
