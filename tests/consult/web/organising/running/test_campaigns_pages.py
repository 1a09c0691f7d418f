"""Organisers mark answers as part of a campaign, and name it in every language."""

import pytest

from consult.commands.answers.submitting import Sheet, submit_answers
from consult.commands.results.counting import publish_results
from events.consultations.terms import CountingTerms
from tests.builders import ORGANISER, RESIDENT, close_consultation, consultation, question
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROOM = "/organise/c/riverside/written/more"
TICKED = "grouped"
NAMES = {"name__en": "Postcards", "name__cy": "Cardiau post"}


@pytest.fixture
def asked(services):
    about = consultation(
        services,
        question("visit", "single", "Where?", "Park", "Quay"),
        question("more", "text", "Anything else?", required=False),
        counting={"visit": CountingTerms("plurality")},
    )
    for number in range(11):
        is_card = number < 6
        words = "Save the park" if is_card else f"Mine {number}"
        submit_answers(
            services,
            consultation_id=about.id,
            voter=f"device/{number}",
            sheet=Sheet({"visit": "p" if is_card else "q"}, texts={"more": words}),
            actor=RESIDENT,
            command_id=f"key-{number}00",
        )
    services.catch_up()
    return about


@pytest.fixture
def organiser(app, services, asked):
    return sign_in(app, services)


def room(organiser, search=""):
    """Where the button for campaigns leads, the form's token, and what can be ticked."""
    page = organiser.open(f"{ROOM}?q={search}")
    inputs = [(each.get("name"), each.get("value")) for each in page.tree.iter("input")]
    buttons = [each.get("formaction", "") for each in page.tree.iter("button")]
    (address,) = (each for each in buttons if "campaign" in each)
    return address, dict(inputs)["csrf_token"], [value for name, value in inputs if name == TICKED]


def named(organiser):
    """Look for words, tick what is found, and press the button for campaigns."""
    address, token, found = room(organiser, "Save")
    return Page(organiser.client.post(address, data={"csrf_token": token, TICKED: found}))


def test_the_ticked_answers_get_a_name_in_both_languages_wherever_it_is_shown(
    services, asked, organiser, resident
):
    page = named(organiser)
    assert page.faults == []
    assert "Answers you chose: 6." in page.words
    assert "in the public log" in page.words
    after = organiser.send(page, **NAMES)
    assert "The answers are marked." in after.text
    assert organiser.open(ROOM).words.count("Campaign: Postcards") == 6
    assert organiser.open(f"/cy{ROOM}").words.count("Ymgyrch: Cardiau post") == 6
    close_consultation(services, asked.id)
    publish_results(services, asked.id, actor=ORGANISER)
    services.catch_up()
    assert "“Postcards”: 6 answers" in resident.open("/c/riverside/results").words
    assert "“Cardiau post”: 6" in resident.open("/cy/c/riverside/results").words


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"name__en": "", "name__cy": ""}, "name-en", "Say what it is called."),
        ({"name__en": "Cards", "name__cy": ""}, "name-cy", "Write this in Cymraeg too."),
        ({"name__en": "x" * 101, "name__cy": "y"}, "name-en", ""),
    ],
)
def test_a_name_that_is_missing_or_too_long_is_told_at_its_field(organiser, typed, field, message):
    page = organiser.send(named(organiser), **typed)
    assert page.status == 422
    assert [each for each, _message in page.summary] == [field]
    assert message in page.summary[0][1]
    mended = organiser.send(page, **NAMES)
    assert "The answers are marked." in mended.text


def test_who_ticked_nothing_is_told_so(organiser):
    address, token, _found = room(organiser)
    answer = organiser.client.post(address, data={"csrf_token": token})
    assert answer.status_code == 303
    assert "Choose the answers that belong to the campaign first." in organiser.open(ROOM).text
    answer = organiser.client.post(address, data={"csrf_token": token, TICKED: "made-up"})
    assert answer.status_code == 303
    assert organiser.client.get(address).status_code == 303
