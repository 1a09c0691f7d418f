"""Responses, people, organisations and meetings are counted and called by their names."""

import pytest

from consult.commands.answers.sheets import BadMembers, Sheet, UnknownRespondent
from consult.commands.answers.submitting import submit_answers
from consult.commands.results.counting import publish_results
from tests.builders import ORGANISER, RESIDENT, close_consultation, consultation
from tests.conftest import only
from tests.consult.web.organisers import sign_in
from tests.kinds import of_kind

NAMED = "People: 7. Organisations: 6, with 720 members. Meetings: 5, of 60 people."


def submit(services, opened, name, respondent="individual", members=0):
    submit_answers(
        services,
        consultation_id=opened.id,
        voter=name,
        sheet=Sheet({"q-single": "a"}, respondent=respondent, members=members),
        actor=RESIDENT,
        command_id=name,
    )


@pytest.fixture
def opened(services):
    return consultation(services, of_kind("single"), of_kind("text"))


def publish(services, opened, *kinds):
    for respondent, number, members in kinds:
        for each in range(number):
            submit(services, opened, f"{respondent}/{each}", respondent, members)
    close_consultation(services, opened.id, actor=ORGANISER)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()


@only("sqlite")
@pytest.mark.parametrize("place", ["/c/riverside/results", "/results", "/c/riverside/embed"])
def test_each_is_named_apart_with_for_how_many_it_speaks(services, opened, resident, place):
    publish(services, opened, ("individual", 7, 0), ("organisation", 6, 120), ("group", 5, 12))
    text = " ".join(resident.client.get(place).text.split())
    assert "Responses between 2 November and" in text or "Answers on 2 November 2026: 18." in text
    assert NAMED in text
    assert "18 people" not in text


def test_the_published_tallies_hold_them_on_both_databases(services, opened, resident):
    publish(services, opened, ("individual", 7, 0), ("organisation", 6, 120), ("group", 5, 12))
    shown = resident.client.get("/c/riverside/results.json").get_json()["participation"]
    assert shown["responses"] == 18
    assert shown["respondents"] == {"individual": 7, "organisation": 6, "group": 5}
    assert shown["members"] == {"organisation": 720, "group": 60}


@only("sqlite")
def test_few_organisations_are_hidden_with_their_members(services, opened, resident):
    publish(services, opened, ("individual", 9, 0), ("organisation", 2, 4_321), ("group", 7, 12))
    page = resident.open("/c/riverside/results").words
    assert "Organisations: fewer than 5." in page
    assert "8,642" not in resident.client.get("/c/riverside/results.json").text
    assert "8642" not in resident.client.get("/c/riverside/results.json").text


@only("sqlite")
def test_where_only_people_answered_they_are_people(services, opened, clock, resident):
    for number in range(9):
        submit(services, opened, f"person/{number}")
    clock.move(days=3)
    publish(services, opened)
    page = resident.open("/c/riverside/results").words
    assert "9 people took part between 2 November and 16 November 2026." in page
    assert "Organisations" not in page


@only("sqlite")
def test_staff_see_them_apart(services, opened, app):
    publish(services, opened, ("individual", 7, 0), ("organisation", 6, 120))
    page = sign_in(app, services).open("/organise/c/riverside/").words
    for words in ("Responses 13", "People 7", "Organisations 6", "Meetings 0"):
        assert words in page


@only("sqlite")
@pytest.mark.parametrize(
    ("respondent", "members", "refusal"),
    [
        ("individual", 3, BadMembers),
        ("organisation", -1, BadMembers),
        ("group", 10_000_001, BadMembers),
        ("nobody", 0, UnknownRespondent),
    ],
)
def test_who_speaks_for_how_many_is_checked(services, opened, respondent, members, refusal):
    with pytest.raises(refusal):
        submit(services, opened, "x", respondent, members)
