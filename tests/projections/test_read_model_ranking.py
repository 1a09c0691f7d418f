"""Live tallies: which option stands where how often, as answers come, change and go."""

import pytest

from consult.commands.answers.submitting import withdraw_answers
from projections import ranking
from projections.ballot_box import BallotBox
from tests.builders import RANKING, RESIDENT, consultation
from tests.projections.asking import send


def test_places_count_what_stands_of_one_consultation(services):
    asked = consultation(services, RANKING)
    other = consultation(services, RANKING, slug="other")
    send(services, asked, "ann", order=["a", "b"])
    send(services, asked, "bob", order=["b"])
    send(services, asked, "ann", order=["c", "b"])
    back = send(services, asked, "eve", order=["a"])
    send(services, asked, "dan", order=["c"])
    send(services, other, "ann", order=["a"])
    withdraw_answers(services, holder=back.holder, actor=RESIDENT, command_id="")
    services.catch_up()
    tally = services.views.reader(BallotBox).tally
    with services.views.connect() as db:
        places = ranking.places(db, tally, asked.id, "order")
        totals = ranking.totals(db, tally, asked.id, "order")
    assert places == {"b": {1: 1, 2: 1}, "c": {1: 2}}
    assert {id: number for id, number in totals.items() if number[0]} == {"b": (2, 0), "c": (2, 0)}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("a", [("a", 0, 0)]),
        (["b", "a"], [("b", 1, 0), ("a", 2, 0)]),
        ([["b", "a"], "c"], [("b", 1, 0), ("a", 1, 0), ("c", 2, 0)]),
        ([], []),
        ({"a": 4, "b": 20}, [("a", 4, 4), ("b", 20, 20)]),
        ({"a": 21, "b": 0}, [("a", 0, 21), ("b", 0, 0)]),
        ({"row": "column", "other": "x"}, [("row/column", 0, 0), ("other/x", 0, 0)]),
        ({}, []),
    ],
)
def test_an_answer_names_options_at_places_with_amounts(answer, expected):
    assert list(ranking.marks(answer)) == expected
