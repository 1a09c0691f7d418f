"""What a partnership states on a page, and what residents are told and promised because of it."""

import pytest
from flask import Flask
from msgspec.structs import replace

from consult.commands.partnerships import state_particulars
from consult.services import Services
from events.particulars import Particulars
from tests import builders
from tests.builders import ORGANISER, PARTICULARS
from tests.consult.web.organisers import Organiser, sign_in
from tests.consult.web.residents import Resident

FACTS = "/organise/partnership/ashenmoor/facts"
TYPED = {
    "email": "hello@example.org",
    "telephone": "01632 960 123",
    "post": "Town Hall\r\nAshenmoor",
    "answer_days": "7",
    "controller__en": "Ashenmoor Council",
    "controller__cy": "Cyngor Ashenmoor",
    "officer__en": "The data protection office",
    "officer__cy": "Y swyddfa diogelu data",
    "officer_email": "dpo@example.org",
    "lawful_basis__en": "a public task",
    "lawful_basis__cy": "tasg gyhoeddus",
    "regulator__en": "the Commissioner",
    "regulator__cy": "y Comisiynydd",
    "accessibility_regulator__en": "the Commission",
    "accessibility_regulator__cy": "y Comisiwn",
}
ALL = ("/accessibility", "/privacy", "/paper")


@pytest.fixture
def organiser(app: Flask, services: Services) -> Organiser:
    builders.partnership(services, wards=True, particulars=Particulars())
    services.catch_up()
    return sign_in(app, services)


def test_a_draft_cannot_open_until_the_partnership_says_how_people_reach_it(
    organiser: Organiser, services: Services
):
    builders.draft(services)
    tasks = organiser.open("/organise/c/riverside/")
    assert "Say at which telephone number people reach the partnership." in tasks.words
    assert "Say in Welsh who is the controller of personal data." in tasks.words
    refused = organiser.open("/organise/c/riverside/open")
    assert "It cannot open yet" in refused.words
    assert "postal address" in refused.words
    about = organiser.open("/organise/partnership/ashenmoor/")
    assert "None of your consultations can open yet" in about.words
    saved = organiser.send(organiser.open(FACTS), **TYPED)
    assert "It is saved, and residents see it on the pages." in saved.words
    assert "Everything that people are owed is stated." in saved.words
    opened = organiser.send(organiser.open("/organise/c/riverside/open"))
    assert "It is open. People can answer now." in opened.words


def test_what_was_stated_stands_on_the_pages_for_residents(
    organiser: Organiser, resident: Resident
):
    organiser.send(
        organiser.open(FACTS),
        **TYPED,
        has_paper="yes",
        keys_twice="yes",
        place__1__name__en="Ironstone library",
        place__1__name__cy="Llyfrgell Ironstone",
        place__1__address="Furnace Lane",
        place__1__hours__en="Weekdays, 9 to 5",
        place__1__hours__cy="Yn ystod yr wythnos, 9 tan 5",
        place__1__ward="W09",
    )
    for address in ALL:
        page = resident.open(address)
        assert (page.status, page.faults) == (200, [])
        for told in ("hello@example.org", "01632 960 123", "Town Hall, Ashenmoor", "at most: 7."):
            assert told in page.words, address
    privacy = resident.open("/privacy").words
    assert "Ashenmoor Council decides why and how your data are used" in privacy
    assert "We use your data for: a public task." in privacy
    assert "The data protection office, dpo@example.org" in privacy
    assert "you can complain to: the Commissioner." in privacy
    assert "turn to: the Commission." in resident.open("/accessibility").words
    paper = resident.open("/paper").words
    assert "a paper copy, help at a place near you." in paper
    assert "Two people key it in separately" in paper
    assert "Ironstone library Furnace Lane (Ironstone) Weekdays, 9 to 5" in paper
    welsh = resident.open("/cy/privacy").words
    assert "Cyngor Ashenmoor" in welsh
    assert "tasg gyhoeddus" in welsh


@pytest.mark.parametrize(
    ("field", "promise"),
    [
        ("has_paper", "a paper copy"),
        ("has_telephone", "help by telephone"),
        ("has_large_print", "large print"),
        ("has_easy_read", "Easy Read"),
        ("keys_twice", "Two people key it in"),
        ("places", "help at a place near you"),
    ],
)
def test_what_is_not_offered_is_not_promised_anywhere(
    services: Services, resident: Resident, field: str, promise: str
):
    everything = replace(
        PARTICULARS,
        keys_twice=True,
        has_large_print=True,
        has_easy_read=True,
    )
    home = builders.partnership(services, particulars=everything)
    builders.consultation(services)
    pages = (*ALL, "/c/riverside", "/c/riverside/share")

    def promised() -> bool:
        services.catch_up()
        return any(promise in resident.open(address).words for address in pages)

    assert promised()
    less = {field: getattr(Particulars(), field)}
    if field == "has_paper":
        less["keys_twice"] = False
    state_particulars(services, home.id, replace(everything, **less), actor=ORGANISER)
    assert not promised()


def test_a_site_where_nobody_has_stated_anything_promises_nothing(resident: Resident):
    for address in ALL:
        page = resident.open(address)
        assert (page.status, page.faults) == (200, [])
        assert "has not said yet how to reach it" in page.words
        for promise in ("paper copy", "telephone", "library", "Commission"):
            assert promise not in page.words.partition("has not said yet")[2]


def test_two_partnerships_each_answer_for_themselves(services: Services, resident: Resident):
    builders.partnership(services)
    builders.partnership(
        services, "elsewhere", particulars=replace(PARTICULARS, telephone="01632 960 777")
    )
    services.catch_up()
    words = resident.open("/paper").words
    assert "01632 960 001" in words
    assert "01632 960 777" in words


def test_a_place_that_is_emptied_goes_and_the_others_stay(
    app: Flask, services: Services, resident: Resident
):
    place = PARTICULARS.places[0]
    two = (place, replace(place, name=builders.words("Kiosk")))
    builders.partnership(services, particulars=replace(PARTICULARS, places=two))
    services.catch_up()
    organiser = sign_in(app, services)
    emptied = dict.fromkeys(
        (f"place__1__{part}" for part in ("name__en", "name__cy", "address")), ""
    )
    emptied |= {"place__1__hours__en": "", "place__1__hours__cy": "", "place__1__ward": ""}
    assert organiser.send(organiser.open(FACTS), **emptied).status == 200
    words = resident.open("/paper").words
    assert "Kiosk" in words
    assert "Ironstone library" not in words


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"telephone": "ring us"}, "is not a telephone number"),
        ({"email": "hello"}, "is not an e-mail address"),
        ({"answer_days": "soon"}, "Write it in digits"),
        ({"keys_twice": "yes"}, "Paper is not offered"),
        ({"place__1__address": "High Street"}, "Name the place and its opening hours"),
    ],
)
def test_what_cannot_be_right_comes_back_with_the_words_kept(
    organiser: Organiser, services: Services, wrong: dict[str, str], told: str
):
    recorded = services.record.head()
    page = organiser.send(organiser.open(FACTS), **{**TYPED, **wrong})
    assert (page.status, page.faults) == (422, [])
    assert told in page.words
    assert "Cyngor Ashenmoor" in page.text
    assert services.record.head() == recorded


def test_only_an_administrator_changes_the_name_and_the_profile(
    app: Flask, organiser: Organiser, services: Services
):
    address = "/organise/partnership/ashenmoor/name"
    assert organiser.open(address).status == 403
    boss = sign_in(app, services, role="administrator", email="boss@example.org")
    page = boss.send(boss.open(address), name__en="Moor", name__cy="Rhos", profile="wales")
    assert "It is saved." in page.words
    assert "Moor" in page.words
    assert "84 days" in page.words


def test_another_partnership_is_neither_seen_nor_changed(app: Flask, services: Services):
    builders.partnership(services)
    builders.partnership(services, "elsewhere")
    services.catch_up()
    other = sign_in(app, services, slug="elsewhere", email="other@example.org")
    for part in ("", "facts", "name"):
        assert other.open(f"/organise/partnership/ashenmoor/{part}").status == 403
    assert other.open("/organise/partnership/nowhere/").status == 404
