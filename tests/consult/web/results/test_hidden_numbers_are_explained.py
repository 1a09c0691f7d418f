"""That numbers are hidden is said of the tables in which some are, and of no other."""

import io

import pytest
from pypdf import PdfReader

from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.context import Actor
from consult.commands.results.counting import publish_results
from tests.builders import RESIDENT, close_consultation, consultation
from tests.conftest import only
from tests.kinds import of_kind

pytestmark = only("sqlite")
HERE = "Here numbers from 1 to under 5 are hidden, and those that would give one of them away"
YMA = "Yma caiff niferoedd o 1 i lai na 5 eu cuddio"
ANYBODY = {"ballots_public": True, "fingerprints_accepted": True}
AUDITOR = {"ballots_public": False}
PHONE = Actor("resident", channel="telephone")


def published(services, *kinds, answers, **terms):
    """Publish what people answered: a pair of the answers and who sent them for each."""
    opened = consultation(services, *(of_kind(kind) for kind in kinds), **terms)
    for number, (given, texts, actor) in enumerate(answers):
        submit_answers(
            services,
            consultation_id=opened.id,
            voter=f"resident/{number}",
            sheet=Sheet(given, texts),
            actor=actor,
            command_id="",
        )
    close_consultation(services, opened.id)
    publish_results(services, opened.id, actor=Actor("organiser"))
    services.catch_up()


def places(resident, language=""):
    """What the page, the paper and the panel say."""
    pdf = resident.client.get(f"{language}/c/riverside/results.pdf").get_data()
    paper = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return {
        "page": resident.open(f"{language}/c/riverside/results").words,
        "paper": " ".join(paper.split()),
        "panel": resident.open(f"{language}/c/riverside/embed").words,
    }


def test_where_no_number_is_hidden_nobody_is_told_that_one_is(services, resident):
    answers = [({"q-single": "b"}, {}, RESIDENT)]
    published(services, "single", answers=answers, **ANYBODY)
    for language, none in (("", "are hidden"), ("/cy", "cuddio")):
        said = places(resident, language)
        assert not [place for place, words in said.items() if none in words]
    assert "Buses 1" in places(resident)["page"]


def test_it_is_said_of_the_question_whose_numbers_are_hidden_and_not_of_the_counted_one(
    services, resident
):
    answers = [
        ({"q-ranking": ["a"], "q-single": "a" if number < 9 else "b"}, {}, RESIDENT)
        for number in range(12)
    ]
    published(services, "ranking", "single", answers=answers, **AUDITOR)
    for place, words in places(resident).items():
        assert words.count(HERE) == 1, place
        before, _here, after = words.partition(HERE)
        assert "fewer than 5" in before, place
        assert "How often do you visit?" in before, place
        assert "fewer than 5" not in after, place
    assert YMA in places(resident, "/cy")["page"]


def test_open_ballots_hide_nothing_while_who_took_part_and_who_wrote_do(services, resident):
    answers = [
        (
            {"q-single": "a" if number < 9 else "b"},
            {"q-text": "Words"} if number < 2 else {},
            PHONE if number < 3 else RESIDENT,
        )
        for number in range(12)
    ]
    published(services, "single", "text", answers=answers, **ANYBODY)
    said = places(resident)
    for place, times in (("page", 2), ("paper", 2), ("panel", 1)):
        assert said[place].count(HERE) == times, place
    question, written, people = (
        said["page"].partition("How often do you visit?")[2].partition("Anything else?")[0],
        said["page"].partition("Anything else?")[2].partition("Who took part")[0],
        said["page"].partition("Who took part")[2],
    )
    assert "Buses 3" in question
    assert HERE not in question
    assert "Written answers: fewer than 5." in written
    assert HERE in written
    assert "By telephone fewer than 5" in people
    assert HERE in people


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (("single", "text"), "Where from 1 to under 5 people wrote or attached something"),
        (("single",), None),
    ],
)
def test_how_it_is_counted_says_so_where_it_will_hold(services, resident, kinds, said):
    consultation(services, *(of_kind(kind) for kind in kinds), **ANYBODY)
    page = resident.open("/c/riverside/count").words
    assert ("hidden" in page) == bool(said)
    assert (said or "") in page


def test_a_table_of_which_nothing_can_be_shown_is_named_and_not_left_out(services, resident):
    """Three people of one ward in one of four weeks."""
    opened = consultation(services, of_kind("single"), wards=True, **ANYBODY)
    for number in range(3):
        submit_answers(
            services,
            consultation_id=opened.id,
            voter=f"resident/{number}",
            sheet=Sheet({"q-single": "b"}, area="W09"),
            actor=RESIDENT,
            command_id="",
        )
    close_consultation(services, opened.id)
    publish_results(services, opened.id, actor=Actor("organiser"))
    services.catch_up()
    said = places(resident)
    for place in ("page", "paper"):
        people = said[place].partition("Who took part")[2]
        for title in ("Which wards the responses came from", "How many took part in each week"):
            assert f"{title} Too few people took part to show this." in people, place
        assert "A ward is under-represented when" not in people
    assert "O ba wardiau y daeth yr ymatebion" in places(resident, "/cy")["page"]
