"""What no rule counts is shown in numbers that point at nobody."""

from typing import Any

import pytest

from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.results.counting import publish_results
from consult.counting.tallies import tally
from consult.web.results import tallied_answers
from events.question import Condition, Option, Question
from tests.builders import (
    ORGANISER,
    RANKING,
    RESIDENT,
    close_consultation,
    consultation,
    question,
    words,
)

TITLE = words("How far?")
COLUMNS = (Option("g", words("Good")), Option("b", words("Bad")))
ROWS = (Option("1", words("Paths")), Option("2", words("Lights")))
KINDS = (
    RANKING,
    Question("far", "number", TITLE, decimals=1, unit=words("miles"), required=False),
    Question("since", "date", words("Since when?"), required=False),
    Question("grid", "matrix", words("How is it?"), options=COLUMNS, statements=ROWS),
    Question("home", "area", words("Where?"), required=False),
    question("how", "single", "How?", "Bus", "Car", other=True),
)


def published(services, sheets: list[dict[str, Any]]) -> None:
    opened = consultation(services, *KINDS, wards=True)
    for number, answers in enumerate(sheets):
        submit_answers(
            services,
            consultation_id=opened.id,
            voter=f"resident/{number}",
            sheet=Sheet({"order": ["a"], **answers}, texts={"how": "By boat"}),
            actor=RESIDENT,
            command_id=f"key-{number}",
        )
    close_consultation(services, opened.id, actor=ORGANISER)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()


def test_every_kind_is_shown_and_few_are_hidden(services, resident):
    sheets = [
        {
            "far": f"{number}.5",
            "since": f"20{10 + number % 2}-03-{number + 1:02}",
            "grid": {"1": "g", "2": "b" if number < 3 else "g"},
            "home": "W03" if number < 9 else "other",
            "how": "b" if number < 6 else "other",
        }
        for number in range(12)
    ]
    published(services, sheets)
    page = resident.open("/c/riverside/results")
    shown = page.words
    assert "5.5 miles and 6.5 miles" in shown
    assert "Low: at least 5 answers are this or less 4.5 miles" in shown
    assert "High: at least 5 answers are this or more 7.5 miles" in shown
    assert "0.5 miles" not in shown, "nobody's own lowest answer"
    assert "March 2010 6" in shown
    assert "How is it? – Paths" in shown
    assert "Good 12" in shown
    assert "Canal Side 9" in shown or "Canal Side hidden" in shown
    assert "fewer than 5" in shown
    assert "Other 6" in shown
    assert "By boat" not in page.text
    table = resident.client.get("/c/riverside/results.csv").get_data(as_text=True)
    assert "far,How far?,middle-lower,The middle: half gave this or less,5.5,miles,5.5" in table
    assert "grid,How is it?,1/g,Paths: Good,12,Responses" in table
    document = resident.client.get("/c/riverside/results.json").get_json()
    tallies = {each["id"]: each for each in document["tallies"]["questions"]}
    assert tallies["how"]["options"]["other"] == 6
    assert "answers" not in document
    assert resident.client.get("/c/riverside/results.pdf").status_code == 200


def test_who_was_asked_is_said_and_six_answers_have_no_low_and_high(services, resident):
    depending = Question(
        "far", "number", TITLE, asked_when=Condition("how", ("c", "other")), required=False
    )
    opened = consultation(services, RANKING, KINDS[-1], depending)
    for number in range(6):
        submit_answers(
            services,
            consultation_id=opened.id,
            voter=f"resident/{number}",
            sheet=Sheet({"order": ["a"], "how": "c", "far": str(number)}),
            actor=RESIDENT,
            command_id=f"key-{number}",
        )
    close_consultation(services, opened.id, actor=ORGANISER)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    shown = resident.open("/c/riverside/results").words
    assert "Asked only of people who answered “Car” or “Other” to “How?”." in shown
    assert "2 and 3" in shown
    assert "at least 5 answers" not in shown


def test_too_few_answers_to_a_number_show_nothing(services, resident):
    published(services, [{"far": "3.0", "grid": {"1": "g", "2": "g"}, "how": "b"}] * 4)
    page = resident.open("/c/riverside/results")
    assert "3.0 miles" not in page.words
    assert "Too few people answered to show numbers." in page.words


def test_where_many_answered_and_all_numbers_are_hidden_it_is_not_said_that_few_did(app):
    from types import SimpleNamespace

    asked = SimpleNamespace(page=SimpleNamespace(terms=None, questions={}))
    which = question("which", "single", "Which?", "Gravel", "Tarmac", "Soil", other=True)
    given = [("g", 6), ("t", 2), ("s", 1), ("other", 1)]
    counted = tally(which, given, least=5)
    assert counted["options"] is None
    with app.test_request_context("/"):
        [view] = tallied_answers.views(asked, which, counted, 5)
    assert view["says"].startswith("Answers: 10. How many gave each is not shown")
    assert "Too few people" not in view["says"]


@pytest.mark.parametrize(
    ("given", "middle"),
    [({"1": 3, "5": 2}, "1"), ({"1": 2, "2": 1, "3": 3}, "2 and 3"), ({"-4": 6}, "-4")],
)
def test_the_middle_is_the_median(given, middle):
    from types import SimpleNamespace

    asked = SimpleNamespace(page=SimpleNamespace(terms=None, questions={}))
    question = Question("q", "number", TITLE)
    [view] = tallied_answers.views(asked, question, tally(question, given.items(), least=5), 5)
    assert dict(view["facts"])["The middle: half gave this or less, half this or more"] == middle
