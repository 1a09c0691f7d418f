"""Anybody sees what a partnership is, who is on its board, and whose voice is missing there."""

import pytest

from consult.commands.partnerships import admit_member, create_sub_partnership
from events.partnership import Organisation
from tests import builders
from tests.builders import ADMINISTRATOR, words
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Resident

SEATS = "/organise/partnership/ashenmoor/seats/"
TRUST = Organisation("canal", {"en": "Canal Trust", "cy": "Ymddiriedolaeth y Gamlas"}, "voluntary")
POLICE = Organisation("police", words("Police"), "statutory", duty_to_cooperate=True)
SEAT = {
    "title-en": "Voluntary seat 1",
    "title-cy": "Sedd wirfoddol 1",
    "sector": "voluntary",
    "kept_for-en": "disabled residents",
    "kept_for-cy": "trigolion anabl",
    "on-day": "1",
    "on-month": "2",
    "on-year": "2026",
}


@pytest.fixture
def home(services):
    home = builders.partnership(services, wards=True)
    admit_member(services, home.id, TRUST, actor=ADMINISTRATOR)
    admit_member(services, home.id, POLICE, actor=ADMINISTRATOR)
    create_sub_partnership(
        services, home.id, sub_id="safer", theme=words("Safer"), statutory_base="the Act of 1998",
        actor=ADMINISTRATOR,
    )  # fmt: skip
    create_sub_partnership(
        services, home.id, sub_id="greener", theme=words("Greener"), actor=ADMINISTRATOR
    )
    services.catch_up()
    return home


@pytest.fixture
def organiser(app, services, home):
    return sign_in(app, services)


@pytest.fixture
def anybody(app):
    return Resident(app.test_client())


def who(anybody, language="") -> str:
    page = anybody.open(f"{language}/partnership/ashenmoor")
    assert page.faults == []
    return page.words


def test_what_is_not_said_yet_is_not_made_up(anybody, home):
    page = who(anybody)
    assert "What the partnership is and what it can decide has not been stated yet." in page
    assert "No seat is recorded, so nothing can be said of its balance." in page
    assert "Residents 33,300" in page


def test_staff_say_what_it_is_and_anybody_reads_it(anybody, organiser):
    told = organiser.send(
        organiser.open("/organise/partnership/ashenmoor/constitution"),
        **{
            "tier": "unitary",
            **{f"{name}-{code}": f"{name} in {code}" for name in
               ("status", "decides", "does_not_decide") for code in ("en", "cy")},
        },
    )  # fmt: skip
    assert "It is saved, and everybody can read it." in told.words
    page = who(anybody)
    for each in (
        "One council does all",
        "status in en",
        "does_not_decide in en",
        "Safer",
        "Greener",
    ):
        assert each in page
    assert "by law: the Act of 1998" in page
    assert "decides in cy" in who(anybody, "/cy")


def test_a_vacant_seat_is_a_warning_with_whose_voice_is_missing(anybody, organiser, services):
    told = organiser.send(organiser.open(f"{SEATS}new"), **SEAT)
    assert "The seat is there." in told.words
    page = who(anybody)
    assert "Vacant since 1 February 2026: Voluntary seat 1." in page
    assert "It is kept for: disabled residents, whose voice is missing." in page
    assert "Members without a seat on the board: Statutory (public bodies)." in page
    assert "Voluntary 1 1 0 1" in page
    welsh = who(anybody, "/cy")
    assert "Yn wag ers 1 Chwefror 2026: Sedd wirfoddol 1." in welsh


def test_a_seat_is_filled_its_term_ends_and_it_becomes_vacant(anybody, organiser, services, clock):
    organiser.send(organiser.open(f"{SEATS}new"), **SEAT)
    [fill] = [each for each in organiser.open(SEATS).links() if each.endswith("/fill")]
    form = organiser.open(fill)
    assert "Police" not in form.words  # of another sector
    told = organiser.send(
        form,
        **{"organisation": "canal", "on-day": "2", "on-month": "2", "on-year": "2026"},
        **{"term_ends_on-day": "3", "term_ends_on-month": "2", "term_ends_on-year": "2026"},
    )
    assert "It is recorded, and everybody can read it." in told.words
    page = who(anybody)
    assert "The term ended on 3 February 2026: Voluntary seat 1." in page
    assert "Voluntary 1 1 1 0" in page
    [vacate] = [each for each in organiser.open(SEATS).links() if each.endswith("/vacate")]
    organiser.send(organiser.open(vacate), **{"on-day": "4", "on-month": "2", "on-year": "2026"})
    assert "Vacant since 4 February 2026" in who(anybody)


def test_a_day_that_cannot_be_is_refused_and_what_was_typed_stays(organiser, services, home):
    told = organiser.send(organiser.open(f"{SEATS}new"), **(SEAT | {"on-year": "2199"}))
    assert "That day has not come yet." in told.words
    assert "Voluntary seat 1" in told.text


def test_a_seat_of_another_partnership_is_not_there(organiser, services, home):
    organiser.send(organiser.open(f"{SEATS}new"), **SEAT)
    [fill] = [each for each in organiser.open(SEATS).links() if each.endswith("/fill")]
    builders.partnership(services, "mill")
    services.catch_up()
    assert organiser.client.get(fill.replace("ashenmoor", "mill")).status_code in {403, 404}


def test_one_partnership_is_led_to_and_several_are_listed(anybody, services, home):
    assert anybody.client.get("/partnership").location.endswith("/partnership/ashenmoor")
    builders.partnership(services, "mill", name=words("Mill"))
    services.catch_up()
    page = anybody.open("/partnership")
    assert {"/partnership/ashenmoor", "/partnership/mill"} <= set(page.links())
    assert anybody.client.get("/partnership/nowhere").status_code == 404
