"""Organisers say how people show who they are, of the ways that their site can offer."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from consult.services import Services
from tests import builders
from tests.consult.web.organisers import Organiser, sign_in
from tests.consult.web.residents import Page

TERMS = "/organise/c/riverside/terms/"


@pytest.fixture
def organiser(app: Flask, services: Services) -> Organiser:
    builders.draft(services)
    services.catch_up()
    return sign_in(app, services)


def boxes(page: Page) -> set[str]:
    return {
        each.get("name", "").removeprefix("identity-")
        for each in page.tree.iter("input")
        if each.get("type") == "checkbox" and each.get("name", "").startswith("identity-")
    }


def chosen(services: Services) -> Any:
    from consult.commands.consultations.drafting import consultation_id
    from events import Consultation, Partnership

    id = consultation_id(Partnership.id_for("ashenmoor"), "riverside")
    return services.record.get(Consultation, id).terms.identity


def test_what_is_ticked_is_in_the_terms_weakest_first(organiser: Organiser, services: Services):
    page = organiser.open(TERMS)
    assert boxes(page) == {"open", "letter", "desk"}, "no mail server, no provider"
    done = organiser.send(page, identity__open=None, identity__desk="yes", identity__letter="yes")
    assert done.status == 200, done.summary
    assert chosen(services) == ("letter", "desk")
    services.catch_up()
    again = organiser.open(TERMS)
    ticked = [box for box in again.tree.iter("input") if box.get("checked") is not None]
    assert [box.get("name") for box in ticked if box.get("type") == "checkbox"] == [
        "identity-letter",
        "identity-desk",
    ]


def test_mail_and_accounts_are_offered_where_the_settings_have_them(
    organiser: Organiser, services: Services
):
    services.config = replace(
        services.config,
        smtp_url="smtp://localhost",
        mail_from="a@example.org",
        oidc_issuer="https://login.example.org",
    )
    page = organiser.open(TERMS)
    assert boxes(page) == {"open", "email", "letter", "oidc", "desk"}
    assert "One answer for each account at login.example.org." in page.words
    organiser.send(page, identity__open=None, identity__email="yes")
    services.config = replace(services.config, smtp_url="", oidc_issuer="")
    services.catch_up()
    page = organiser.open(TERMS)
    assert "email" in boxes(page), "what was chosen is not dropped unseen"
    organiser.send(page, minutes="7")
    assert chosen(services) == ("email",)


def test_at_least_one_way_is_needed_and_the_rest_is_kept(organiser: Organiser):
    page = organiser.send(organiser.open(TERMS), identity__open=None, minutes="9")
    assert page.status == 422
    assert page.summary == [("identity-open", "Choose at least one way.")]
    assert 'value="9"' in page.text
    assert page.faults == []
