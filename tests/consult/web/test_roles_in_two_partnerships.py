"""Somebody with roles in two partnerships has in each what that role allows, and no more."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from consult.access import STAFF
from consult.commands.consultations.drafting import (
    Draft,
    draft_consultation,
    fix_terms,
    put_question,
)
from consult.commands.consultations.opening import open_consultation
from consult.commands.wards import define_area
from consult.services import Services
from events import Consultation
from tests import builders
from tests.builders import ORGANISER, WARDS, words
from tests.conftest import only
from tests.consult.web.organisers import sign_in

HERE, THERE = "ashenmoor", "elsewhere"
SLUGS = {HERE: "riverside", THERE: "quayside"}
ROOMS = ("organise.", "assisting.", "data_protection.", "scrutiny.")
VALUES = {
    "organisation": "canal",
    "question_id": "order",
    "option_id": "a",
    "kind": "ranking",
    "rule_id": "points-N",
    "name": "nobody",
    "batch": "none",
    "person": "nobody",
    "commitment": "0" * 64,
    "case_id": "00000000-0000-4000-8000-000000000000",
    "digest": "0" * 64,
    "id": "00000000-0000-4000-8000-000000000000",
}
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
PLACES = ("/organise/", "/assist/", "/organise/personal-data/", "/scrutiny/")


@pytest.fixture
def two(services: Services) -> dict[str, Consultation]:
    """Two partnerships with an open consultation each."""
    made = {HERE: builders.consultation(services, identity=("open", "desk"))}
    home = builders.partnership(services, THERE, name=words("Elsewhere Together"))
    drafted = draft_consultation(
        services,
        partnership_id=home.id,
        draft=Draft(SLUGS[THERE], words("Quayside"), words("Tell us more.")),
        actor=ORGANISER,
    )
    put_question(services, drafted.id, builders.RANKING, actor=ORGANISER)
    terms = services.record.get(Consultation, made[HERE].id).terms
    assert terms is not None
    fix_terms(services, drafted.id, terms, actor=ORGANISER)
    made[THERE] = open_consultation(services, drafted.id, actor=ORGANISER)
    services.catch_up()
    return made


def addresses(app: Flask, place: str) -> Iterator[tuple[str, set[str]]]:
    """Every address of staff pages about one partnership, or about its consultation."""
    own = {"slug": SLUGS[place], "partnership_slug": place, **VALUES}

    def rules() -> Iterator[Rule]:
        for rule in sorted(app.url_map.iter_rules(), key=str):
            if rule.endpoint.startswith(ROOMS) and rule.arguments & {"slug", "partnership_slug"}:
                yield rule

    for rule in rules():
        yield ARGUMENT.sub(lambda found: own[found[1]], rule.rule), rule.methods or set()


AWAY = "turned away"


def answers(app: Flask, client: FlaskClient, place: str) -> dict[str, int | str]:
    """How each address about a partnership is answered, looked at and pressed without a key."""
    page = client.get("/receipt").text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    said: dict[str, int | str] = {}
    for address, methods in addresses(app, place):
        for method in sorted(methods & {"GET", "POST"}):
            data = {"csrf_token": found[1]} if method == "POST" else None
            answer = client.open(address, method=method, data=data)
            # Who has no role in any partnership that opens a room is led to a room of their own.
            is_away = answer.status_code == 403 or answer.headers.get("Location") in PLACES
            said[f"{method} {address}"] = AWAY if is_away else answer.status_code
    return said


@only("sqlite")
@pytest.mark.slow
@pytest.mark.parametrize(("role", "other"), [*pairwise((*STAFF, STAFF[0])), ("desk", "desk")])
def test_each_address_answers_as_to_somebody_with_that_role_alone(app, services, two, role, other):
    alone = {
        HERE: sign_in(app, services, HERE, role, "here@example.org").client,
        THERE: sign_in(app, services, THERE, other, "there@example.org").client,
    }
    expected = {place: answers(app, client, place) for place, client in alone.items()}
    if role != "administrator":
        assert AWAY in expected[HERE].values()
    has_pages = bool(rooms_of(role))  # of its own about one partnership
    assert (200 in expected[HERE].values()) == has_pages, "and some of it is theirs"
    sign_in(app, services, HERE, role, "both@example.org")
    both = sign_in(app, services, THERE, other, "both@example.org")
    head = services.record.head()
    for place, held in ((HERE, role), (THERE, other)):
        both.act_as(held)
        found = answers(app, both.client, place)
        differs = {one for one, status in found.items() if status != expected[place][one]}
        assert not differs, (place, sorted(differs))
    assert services.record.head() == head


@only("sqlite")
@pytest.mark.parametrize("role", STAFF)
def test_each_room_lists_what_is_of_the_partnership_whose_role_opens_it(app, services, two, role):
    other = "auditor" if role != "auditor" else "organiser"
    sign_in(app, services, HERE, role)
    staff = sign_in(app, services, THERE, other)
    for where, held in ((HERE, role), (THERE, other)):
        staff.act_as(held)
        for place in PLACES:
            page = staff.open(place)
            links = " ".join(page.links()) if page.address == place else ""
            listed = {each for each, slug in SLUGS.items() if slug in links}
            assert listed == ({where} if place in rooms_of(held) else set()), place


def rooms_of(role: str) -> set[str]:
    opens = {
        "organiser": {"/organise/"},
        "council officer": {"/organise/"},
        "desk": {"/assist/"},
        "data protection officer": {"/organise/personal-data/"},
        "scrutiny": {"/scrutiny/"},
        "scrutiny officer": {"/scrutiny/"},
        "auditor": {"/scrutiny/"},
        "administrator": set(PLACES),
    }
    return opens.get(role, set())


@only("sqlite")
def test_what_somebody_does_is_recorded_in_the_role_that_they_have_there(app, services, two):
    sign_in(app, services, HERE, "council officer")
    staff = sign_in(app, services, THERE, "organiser")
    reasons = {"reason__en": "There were complaints.", "reason__cy": "Roedd cwynion."}
    for place, role in ((HERE, "council officer"), (THERE, "organiser")):
        staff.act_as(role)
        page = staff.open(f"/organise/c/{SLUGS[place]}/pause")
        after = staff.send(page, **reasons)
        assert after.status == 200, after.words
    roles: dict[Any, str] = {}
    for place, asked in two.items():
        facts = [event.fact for event in services.record.events.get(asked.id)]
        [paused] = [fact for fact in facts if isinstance(fact, Consultation.Paused)]
        roles[place] = paused.by.role
    assert roles == {HERE: "council officer", THERE: "organiser"}


@only("sqlite")
def test_wards_and_words_of_one_partnership_do_not_show_in_the_other(app, services, two, resident):
    define_area(
        services,
        two[HERE].partnership_id,
        wards=WARDS,
        source="counted",
        actor=ORGANISER,
    )
    services.catch_up()
    staff = sign_in(app, services, THERE)
    assert "Ironstone" not in staff.open(f"/organise/c/{SLUGS[THERE]}/").words
    assert "Elsewhere Together" not in resident.open(f"/c/{SLUGS[HERE]}").text
    assert "Ashenmoor Together" not in resident.open(f"/c/{SLUGS[THERE]}").text
