"""What is read from ballots: rankings, sets, points and first choices, each counted exactly."""

from typing import Any

import pytest

from consult.counting import Option, Profile
from consult.counting.profile import input_digest, normal_answer
from tests.consult.counting.ballot_builders import ranking

ABC = tuple(Option(id) for id in "CAB")


def of(kind: str, *groups: tuple[Any, int], **more: Any) -> Profile:
    return Profile(kind, more.pop("options", ABC), groups, **more)


def ranked(**numbers: int) -> Profile:
    return of("ranking", *((ranking(text), number) for text, number in numbers.items()))


RANKINGS = of(
    "ranking",
    (["A", "B", "C"], 3),
    (["A", "X", "B", "C"], 2),
    (["A", "B", "A", "C"], 1),
    ([["B", "A"], "C"], 4),
    ([["A", "B", "A"], ["B", "C"]], 1),
    ([["C", "X"], ["A"]], 2),
    (["B"], 0),
    (["X"], 5),
    ([["X"], []], 1),
    ([], 7),
)


def test_rankings_close_up_over_what_is_unknown_or_named_twice():
    assert RANKINGS.rankings == {
        (("A",), ("B",), ("C",)): 6,
        (("A", "B"), ("C",)): 5,
        (("C",), ("A",)): 2,
    }
    assert RANKINGS.ids == ("A", "B", "C")
    assert RANKINGS.ballots == 26, "empty ones too"
    assert RANKINGS.first_choices == {"A": 6, "B": 0, "C": 2}, "a shared top counts for nobody"


def test_a_ranking_approves_of_whatever_it_ranks_alone_or_shared():
    assert RANKINGS.approvals == {("A", "B", "C"): 11, ("A", "C"): 2}
    assert RANKINGS.votes == {"A": 13, "B": 11, "C": 13}


@pytest.mark.parametrize("kind", ["approval", "basket", "several"])
def test_a_set_is_the_same_set_however_it_is_written(kind):
    profile = of(kind, (["B", "A"], 2), (["A", "B", "B", "X"], 1), (["C"], 0), ([], 3), (["X"], 4))
    assert profile.approvals == {("A", "B"): 3}
    assert profile.votes == {"A": 3, "B": 3, "C": 0}
    assert profile.ballots == 10


def test_a_single_choice_is_a_ranking_of_one():
    profile = of("single", ("A", 2), ("B", 1), ("X", 4), ([], 3), ("C", 0))
    assert profile.rankings == {(("A",),): 2, (("B",),): 1}
    assert profile.approvals == {("A",): 2, ("B",): 1}
    assert profile.first_choices == profile.votes == {"A": 2, "B": 1, "C": 0}


@pytest.mark.parametrize("kind", ["points", "rating"])
def test_points_of_nought_and_of_what_is_unknown_are_none(kind):
    profile = of(
        kind,
        ({"B": 2, "A": 1}, 2),
        ({"A": 1, "B": 2, "C": 0, "X": 9}, 1),
        ({"A": 2, "B": 1}, 1),
        ({"C": 3}, 0),
        ({"C": 0}, 5),
        ({}, 5),
    )
    assert profile.scorings == {(("A", 1), ("B", 2)): 3, (("A", 2), ("B", 1)): 1}
    assert profile.approvals == {("A", "B"): 4}
    assert profile.votes == {"A": 4, "B": 4, "C": 0}


@pytest.mark.parametrize(
    ("kind", "answer", "number", "silent"),
    [
        ("ranking", ["A"], 1, False),
        ("ranking", [["X", "A"]], 1, False),
        ("ranking", ["X"], 1, True),
        ("ranking", ["A"], 0, True),
        ("ranking", [], 9, True),
        ("single", "A", 1, False),
        ("single", [], 1, True),
        ("points", {"A": 1}, 1, False),
        ("points", {"A": 0}, 1, True),
        ("rating", {"X": 1}, 1, True),
        ("approval", ["A"], 1, False),
        ("approval", ["X"], 1, True),
    ],
)
def test_ballots_are_silent_when_none_of_them_gives_an_option_anything(
    kind, answer, number, silent
):
    assert of(kind, (answer, number)).silent is silent
    assert of(kind).silent
    assert not of("approval", (["X"], 1), (["A"], 1)).silent


@pytest.mark.parametrize("kind", ["approval", "basket", "several", "points", "rating"])
def test_only_rankings_are_read_as_rankings(kind):
    with pytest.raises(AssertionError) as told:
        _ = of(kind).rankings
    assert str(told.value) == f"{kind} ballots are not rankings"


@pytest.mark.parametrize("kind", ["approval", "basket", "several", "ranking", "single"])
def test_only_points_are_read_as_points(kind):
    with pytest.raises(AssertionError) as told:
        _ = of(kind).scorings
    assert str(told.value) == f"{kind} ballots carry no numbers"


@pytest.mark.parametrize(
    ("kind", "answer", "normal"),
    [
        ("ranking", ["B", ["C", "A", "C"], ["B"], []], ["B", ["A", "C"], "B"]),
        ("ranking", [], []),
        ("approval", ["B", "A", "B"], ["A", "B"]),
        ("basket", ["B", "A"], ["A", "B"]),
        ("several", ["B", "A"], ["A", "B"]),
        ("single", "B", "B"),
        ("points", {"B": 1, "A": 0}, {"B": 1, "A": 0}),
    ],
)
def test_an_answer_has_one_spelling(kind, answer, normal):
    assert normal_answer(kind, answer) == normal


PLAIN = of("approval", (["A"], 1), (["B"], 2), pot=10)
SAME = (
    of("approval", (["B", "B"], 2), (["A"], 1), pot=10),
    of("approval", (["A"], 1), (["B"], 1), (["B"], 1), (["C"], 0), pot=10),
    of("approval", (["A"], 1), (["B"], 2), pot=10, options=ABC[::-1]),
)
OTHER = (
    of("approval", (["A"], 1), (["B"], 3), pot=10),
    of("approval", (["A"], 1), (["B"], 2), pot=11),
    of("approval", (["A"], 1), (["B"], 2)),
    of("several", (["A"], 1), (["B"], 2), pot=10),
    of("approval", (["A"], 1), (["C"], 2), pot=10),
    of("approval", (["A"], 1), (["B"], 2), ([], 1), pot=10),
    of("approval", (["A"], 1), (["B"], 2), pot=10, options=(*ABC[:2], Option("B", 5))),
    of("approval", (["A"], 1), (["B"], 2), pot=10, options=(*ABC[:2], Option("B", group="g"))),
    of("approval", (["A"], 1), (["B"], 2), pot=10, options=(*ABC, Option("D"))),
)


def test_the_digest_of_ballots_changes_with_what_is_counted_and_with_nothing_else():
    assert {input_digest(each) for each in SAME} == {input_digest(PLAIN)}
    digests = [input_digest(each) for each in (PLAIN, *OTHER)]
    assert len(set(digests)) == len(digests)
