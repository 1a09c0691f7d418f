"""results.csv: a column means the same in every row, whatever the question asks."""

import csv
import io
from fractions import Fraction

import pytest

from consult.commands.answers.sheets import Sheet
from consult.commands.results.counting import publish_results
from consult.counting import RULES
from tests.builders import ORGANISER, close_consultation, consultation, question
from tests.conftest import only
from tests.kinds import KINDS, TITLES, from_draft_to_published, of_kind, send_all

pytestmark = only("sqlite")
UNITS = {rule.unit.title for rule in RULES.values()} | {
    "Responses",
    "Votes",
    "Answer",
    "miles",
    "£",
}


def rows_of(resident, language=""):
    text = resident.client.get(f"{language}/c/riverside/results.csv").get_data()
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("people", [0, 3, 7, 12])
def test_every_row_names_its_question_and_has_a_number_or_says_why_not(services, resident, people):
    from_draft_to_published(services, *KINDS, people=people, ballots_public=False)
    rows = rows_of(resident)
    for row in rows:
        kind = row["question"].removeprefix("q-")
        assert row["question title"] == TITLES[kind]
        assert row["option"]
        assert row["option title"]
        assert row["number of"] in UNITS
        assert row["number"] == "" or Fraction(row["number"]) >= 0
        assert row["number"] or row["note"] or row["won"]
    asked = [row["question"] for row in rows]
    assert list(dict.fromkeys(asked)) == [f"q-{kind}" for kind in KINDS], "the order asked"
    assert len({(row["question"], row["option"]) for row in rows}) == len(rows)
    hidden = [row for row in rows if "Here numbers from 1 to under 5 are hidden" in row["note"]]
    assert all(row["number"] == "" for row in hidden)
    assert bool(hidden) == (people in {3, 7, 12})


def answer(services, asked, sheets):
    send_all(services, asked, sheets)
    close_consultation(services, asked.id)
    publish_results(services, asked.id, actor=ORGANISER)
    services.catch_up()


def test_two_middles_are_two_numbers_of_their_unit(services, resident):
    far = question("q-number", "number", TITLES["number"], unit={"en": "miles", "cy": "milltir"})
    sheets = [Sheet({"q-number": str(number + 1_200)}) for number in range(12)]
    answer(services, consultation(services, far), sheets)
    rows = {row["option"]: row for row in rows_of(resident)}
    assert [(each, row["number"], row["number of"]) for each, row in rows.items()] == [
        ("answered", "12", "Responses"),
        ("middle-lower", "1205", "miles"),
        ("middle-upper", "1206", "miles"),
        ("low", "1204", "miles"),
        ("high", "1207", "miles"),
    ]


def test_how_many_left_a_counted_question_out_is_in_its_file(services, resident):
    sheets = [
        Sheet({"q-ranking": ["a"]} if number else {}, {"q-text": "Words"}) for number in range(6)
    ]
    answer(services, consultation(services, of_kind("ranking"), of_kind("text")), sheets)
    answered = next(row for row in rows_of(resident) if row["option"] == "answered")
    assert (answered["number"], answered["note"]) == ("5", "1 response has no answer to it.")
