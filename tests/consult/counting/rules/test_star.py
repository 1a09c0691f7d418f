"""The total of grades with a run-off, worked out by hand."""

import pytest

from consult.counting import Option, Profile, Specification, WrongSpecification, count

ABC = tuple(map(Option, "abc"))


def star(*groups, lot="", chain=("lot",), options=ABC, seats=1):
    profile = Profile("rating", options, tuple(groups))
    return count(profile, Specification("star", seats=seats, tie_chain=chain, lot=tuple(lot)))


def test_the_higher_total_loses_where_more_people_grade_the_other_higher():
    outcome = star(({"a": 4, "b": 3}, 4), ({"b": 4, "a": 1, "c": 2}, 3))
    assert outcome.scores == {"a": "19", "b": "24", "c": "6"}
    assert outcome.order == (("a",), ("b",), ("c",))
    assert outcome.elected == ("a",)
    assert outcome.rounds == [{"round": 1, "votes": {"b": "3", "a": "4"}, "no_preference": 0}]
    assert outcome.reasons == {
        "b": {"code": "lost_runoff", "by": "a", "votes": "3", "line": "4", "needed": 2},
        "c": {"code": "not_in_runoff", "score": "6", "line": "19", "needed": 14},
    }


def test_a_missing_grade_is_the_lowest_and_equal_grades_are_no_preference():
    outcome = star(({"a": 5, "b": 5}, 3), ({"b": 1}, 1), ({"a": 2}, 1), ({"c": 1}, 2))
    assert outcome.rounds[0]["votes"] == {"a": "1", "b": "1"}
    assert outcome.rounds[0]["no_preference"] == 5


def test_a_level_run_off_goes_to_the_higher_total():
    outcome = star(({"a": 5, "b": 1}, 1), ({"b": 3, "a": 2}, 1))
    assert (outcome.scores["a"], outcome.scores["b"]) == ("7", "4")
    assert outcome.elected == ("a",)
    assert outcome.reasons["b"]["votes"] == outcome.reasons["b"]["line"] == "1"


def test_what_is_level_in_everything_is_for_the_chain_or_stays_level():
    groups = (({"a": 5, "b": 1}, 1), ({"b": 5, "a": 1}, 1))
    assert star(*groups, lot="ba").elected == ("b",)
    assert star(*groups, lot="ba").reasons["a"] == {"code": "tie_lost"}
    level = star(*groups, chain=())
    assert level.elected == ()
    assert level.order[0] == ("a", "b")
    assert level.reasons["a"] == level.reasons["b"] == {"code": "tie_undecided"}


def test_who_is_in_the_run_off_is_decided_by_the_chain_where_totals_are_level():
    groups = (({"a": 5}, 3), ({"b": 4, "c": 1}, 1), ({"c": 4, "b": 1}, 1))
    with_b, with_c = star(*groups, lot="bca"), star(*groups, lot="cba")
    assert set(with_b.rounds[0]["votes"]) == {"a", "b"}
    assert set(with_c.rounds[0]["votes"]) == {"a", "c"}
    assert with_b.reasons["c"] == {"code": "tie_lost"}


def test_one_option_wins_without_a_run_off_and_two_places_are_refused():
    alone = star(({"a": 3}, 2), options=ABC[:1])
    assert (alone.elected, alone.rounds, alone.reasons) == (("a",), [], {})
    with pytest.raises(WrongSpecification, match="one place"):
        star(({"a": 3}, 2), seats=2)
