"""Approvals, points and grades: sums and means."""

from consult.counting import Option, Profile
from tests.consult.counting.ballot_builders import counted

OPTIONS = (Option("a"), Option("b"), Option("c"))


def test_every_approval_is_one_vote():
    groups = ((["a", "b"], 3), (["b"], 2), ([], 4), (["z"], 1))
    for kind in ("approval", "basket", "several"):
        outcome = counted(Profile(kind, OPTIONS, groups), "approval")
        assert outcome.scores == {"a": "3", "b": "5", "c": "0"}
        assert (outcome.ballots, outcome.elected) == (10, ("b",))
        assert outcome.reasons["a"]["needed"] == 3


def test_points_are_added_up():
    groups = (({"a": 7, "b": 3}, 2), ({"c": 10}, 1), ({}, 1))
    outcome = counted(Profile("points", OPTIONS, groups), "points-sum")
    assert outcome.scores == {"a": "14", "b": "6", "c": "10"}
    assert outcome.order == (("a",), ("c",), ("b",))


def test_the_mean_grade_is_exact_and_comes_with_its_distribution():
    groups = (({"a": 5, "b": 3}, 2), ({"a": 4}, 1))
    outcome = counted(Profile("rating", OPTIONS, groups), "rating")
    assert outcome.scores == {"a": "14/3", "b": "3", "c": "0"}
    assert outcome.tables == {"distribution": {"a": {"4": 1, "5": 2}, "b": {"3": 2}, "c": {}}}
    assert outcome.reasons["b"] == {"code": "lower_mean", "score": "3", "line": "14/3"}


def test_a_tie_goes_to_the_cheaper_and_then_to_more_votes():
    options = (Option("a", cost=9), Option("b", cost=5), Option("c"))
    profile = Profile("approval", options, ((["a", "b", "c"], 1),))
    outcome = counted(profile, "approval", tie_chain=("votes", "cost"))
    assert outcome.order == (("b",), ("a",), ("c",))
    assert outcome.ties[0]["steps"][1] == {
        "by": "cost",
        "values": {"a": "9", "b": "5", "c": "10"},
    }
