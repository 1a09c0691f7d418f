"""A question for a place offers the wards that take part, wherever it is answered."""

import csv
import io

import pytest
from msgspec.structs import replace as altered

from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.consultations.drafting import fix_terms, put_question
from consult.commands.files.exporting_answers import Wish, export_answers
from consult.wording.option_words import other_title
from events import Consultation
from events.kinds.answer_refusals import UnknownOption
from events.question import OTHER, Condition, Option
from tests.builders import (
    ORGANISER,
    RANKING,
    RESIDENT,
    close_consultation,
    consultation,
    draft,
    question,
    words,
)
from tests.consult.web.organisers import link_for
from tests.consult.web.residents import Resident

HOME = question("home", "area", "Where do you work?", required=False)
ASKED = (RANKING, HOME)
CONNECTED = {"wards": ("W03",), "elsewhere": "connected"}


def offered(page) -> list[str]:
    """The places that a page offers as answers to the question."""
    found = [each for each in page.tree.iter("select") if each.get("name") == "q-home"]
    if found:
        return ["".join(each.itertext()) for each in found[0].iter("option") if each.get("value")]
    labels = {each.get("for"): "".join(each.itertext()) for each in page.tree.iter("label")}
    return [
        labels[each.get("id")] for each in page.tree.iter("input") if each.get("name") == "q-home"
    ]


@pytest.mark.parametrize(
    ("terms", "places"),
    [
        ({"wards": True}, ["Canal Side", "Ironstone", "Somewhere else"]),
        ({"wards": ("W03",)}, ["Canal Side", "Somewhere else"]),
        (CONNECTED, ["Canal Side", "Somewhere else"]),
        ({"wards": ("W03",), "elsewhere": "nobody"}, ["Canal Side", "Somewhere else"]),
    ],
)
def test_online_and_at_the_desk_the_places_are_those_that_take_part(
    app, services, resident, terms, places
):
    consultation(services, *ASKED, identity=("open", "desk"), **terms)
    assert offered(resident.open("/c/riverside/q/home")) == places
    assert offered(resident.open("/c/riverside/all")) == places
    clerk = Resident(app.test_client())
    clerk.send(clerk.open(link_for(services, role="desk", email="desk@example.org")))
    form = clerk.send(
        clerk.open("/assist/riverside"), "riverside", channel="paper", reference="LIB 1234"
    )
    assert offered(form) == places


def test_in_welsh_the_answer_for_elsewhere_says_no_more_than_that(services, resident):
    consultation(services, *ASKED, **CONNECTED)
    page = resident.open("/cy/c/riverside/q/home")
    assert offered(page) == ["Glan y Gamlas", "Rhywle arall"]


@pytest.mark.parametrize("area", ["W09", "W99"])
def test_a_place_that_does_not_take_part_is_no_answer(services, resident, submissions, area):
    about = consultation(services, *ASKED, wards=("W03",), elsewhere="nobody")
    page = resident.open("/c/riverside/all")
    assert resident.send(page, q__order=["a"], q__home=area).status == 422
    with pytest.raises(UnknownOption):
        submit_answers(
            services,
            consultation_id=about.id,
            voter="device/one",
            sheet=Sheet({"order": ["a"], "home": area}),
            actor=RESIDENT,
            command_id="first-of-all",
        )
    assert not submissions()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_terms_that_change_change_the_places_of_questions_that_were_there_before(services):
    drafted = draft(services, *ASKED, wards=True)

    def places(**terms):
        fix_terms(services, drafted.id, altered(drafted.terms, **terms), actor=ORGANISER)
        question = services.record.get(Consultation, drafted.id).questions["home"]
        return [option.id for option in question.options], question.takes_other

    assert places(wards=("W09",)) == (["W09"], True)
    assert places(wards=("W09",), elsewhere="nobody") == (["W09"], True)
    assert places() == (["W03", "W09"], True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_question_that_is_put_later_follows_the_terms_there_are(services):
    drafted = draft(services, RANKING, wards=("W03",), elsewhere="nobody")
    put_question(services, drafted.id, HOME, actor=ORGANISER)
    put_question(services, drafted.id, altered(HOME, title=words("Where?")), actor=ORGANISER)
    put = services.record.get(Consultation, drafted.id).questions["home"]
    assert ([option.id for option in put.options], put.takes_other) == (["W03"], True)
    assert put.title == words("Where?")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_sets_it_up_is_told_which_places_there_will_be(app, services):
    follow = altered(RANKING, asked_when=Condition("home", ("W09",)))
    draft(services, HOME, follow, **CONNECTED)
    services.catch_up()
    organiser = Resident(app.test_client())
    organiser.send(organiser.open(link_for(services)))
    page = organiser.open("/organise/c/riverside/questions/new/area")
    assert "Canal Side, Somewhere else." in page.words
    assert "Ironstone" not in page.words
    # A question that depended on a place that is gone is named before opening.
    assert "Say who is asked question “Put" in organiser.open("/organise/c/riverside/").words


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_results_and_the_file_of_answers_know_the_places_that_take_part(services, resident):
    about = consultation(services, *ASKED, **CONNECTED)
    for place in ("W03", OTHER):
        resident.client.delete_cookie("folkmoot")
        resident.send(resident.open("/c/riverside/all"), q__order=["a"], q__home=place, area=place)
    close_consultation(services, about.id)
    services.catch_up()
    content = b"".join(export_answers(services, about.id, Wish("csv"), actor=ORGANISER))
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    column = rows[0].index("Where do you work?")
    assert {row[column] for row in rows[1:]} == {"Canal Side", "Somewhere else"}
    elsewhere = "Somewhere else; I work or study here"
    column = rows[0].index("Where they live")
    assert {row[column] for row in rows[1:]} == {"Canal Side", elsewhere}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_lives_here_and_works_elsewhere_can_say_so(services, resident, submissions):
    consultation(services, *ASKED, wards=("W03",), elsewhere="nobody")
    page = resident.open("/c/riverside/all")
    resident.send(page, q__order=["a"], q__home=OTHER, area="W03")
    [given] = submissions()
    assert (given.answers["home"], given.area) == (OTHER, "W03")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_terms_of_an_earlier_version_do_not_put_words_into_the_answer(app):
    """Questions of before carry what their terms said of people from elsewhere."""
    asked = altered(HOME, options=(Option("W03", words("Canal Side")),), elsewhere="connected")
    with app.test_request_context():
        assert other_title(asked) == "Somewhere else"
