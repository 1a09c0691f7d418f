"""Points per rank: hand-counted cases for each convention."""

from consult.counting import Option, Profile
from tests.consult.counting.ballot_builders import LIBRARY, counted, flat, rankings

STORY = {"A>B>C": 1, "B>C>A": 1, "C>A": 1}


def test_a_tie_goes_to_first_choices_and_then_to_the_published_lot():
    outcome = counted(rankings(STORY), "points-3", lot="CAB")
    assert outcome.scores == {"A": "6", "B": "5", "C": "6"}
    assert flat(outcome) == "CAB"
    assert outcome.elected == ("C",)
    [tie] = outcome.ties
    assert (tie["items"], tie["at"]) == (["A", "C"], {"place": 1})
    assert (tie["decided_by"], tie["order"]) == ("lot", ["C", "A"])
    assert tie["steps"][0] == {"by": "first-choices", "values": {"A": "1", "C": "1"}}
    assert outcome.reasons["A"] == {"code": "tie_lost"}
    assert outcome.reasons["B"] == {
        "code": "fewer_points",
        "score": "5",
        "line": "6",
        "needed": 2,
    }


def test_after_the_first_resident_changes_the_order_follows_first_choices():
    outcome = counted(rankings({"B>A>C": 1, "B>C>A": 1, "C>A": 1}), "points-3", lot="CAB")
    assert outcome.scores == {"A": "5", "B": "6", "C": "6"}
    assert flat(outcome) == "BCA"
    assert outcome.ties[0]["decided_by"] == "first-choices"


def test_ranks_beyond_the_points_get_nothing():
    outcome = counted(rankings({"A>B>C>D": 2}), "points-2")
    assert outcome.scores == {"A": "4", "B": "2", "C": "0", "D": "0"}


def test_points_for_ranks_are_averaged_over_a_shared_rank_where_they_run_out():
    outcome = counted(rankings({"A>B=C=D": 1}), "points-3")
    assert outcome.scores == {"A": "3", "B": "1", "C": "1", "D": "1"}
    outcome = counted(rankings({"A>B>C=D": 1}), "points-3")
    assert outcome.scores == {"A": "3", "B": "2", "C": "1/2", "D": "1/2"}


def test_borda_over_complete_rankings():
    outcome = counted(rankings(LIBRARY), "borda")
    assert outcome.scores == {"A": "126", "B": "194", "C": "173", "D": "107"}
    assert flat(outcome) == "BCAD"
    assert outcome.reasons["C"]["needed"] == 22


def test_the_three_conventions_for_unranked_options():
    ballots = rankings({"A>B": 2, "C": 1}, "ABCD")
    # Two unranked share 1+0, three share 2+1+0.
    assert counted(ballots, "borda").scores == {"A": "7", "B": "5", "C": "4", "D": "2"}
    assert counted(ballots, "borda-zero").scores == {"A": "6", "B": "4", "C": "3", "D": "0"}
    assert counted(ballots, "borda-modified").scores == {"A": "4", "B": "2", "C": "1", "D": "0"}


def test_borda_averages_a_shared_rank():
    ballots = rankings({"A=B>C": 1}, "ABCD")
    assert counted(ballots, "borda").scores == {"A": "5/2", "B": "5/2", "C": "1", "D": "0"}
    assert counted(ballots, "borda-modified").scores["A"] == "5/2"


def test_plurality_gives_a_shared_top_to_nobody():
    outcome = counted(rankings({"A=B>C": 5, "B>A": 2, "C": 1}), "plurality")
    assert outcome.scores == {"A": "0", "B": "2", "C": "1"}
    assert outcome.reasons["C"] == {
        "code": "fewer_votes",
        "score": "1",
        "line": "2",
        "needed": 2,
    }


def test_plurality_counts_single_choices():
    profile = Profile("single", (Option("a"), Option("b")), (("a", 2), ("b", 3), ([], 4)))
    outcome = counted(profile, "plurality")
    assert (outcome.scores, outcome.ballots) == ({"a": "2", "b": "3"}, 9)


def test_a_withdrawn_option_is_ignored_and_the_ranks_close_up():
    outcome = counted(rankings({"X>A>B": 1, "X": 3}, "AB"), "points-2")
    assert outcome.scores == {"A": "2", "B": "1"}
    assert outcome.ballots == 4


def test_an_option_named_twice_keeps_its_first_rank():
    outcome = counted(rankings({"A>A>B>A": 1}), "points-3")
    assert outcome.scores == {"A": "3", "B": "2"}


def test_empty_ballots_are_counted_and_score_nothing():
    outcome = counted(rankings({"A>B": 1, "": 7}), "borda")
    assert (outcome.ballots, outcome.scores) == (8, {"A": "1", "B": "0"})


def test_without_any_preference_nobody_is_elected():
    outcome = counted(rankings({"": 7}, "BA"), "borda", lot="AB")
    assert outcome.order == (("A", "B"),)
    assert outcome.elected == ()
    assert outcome.reasons == {"A": {"code": "no_votes"}, "B": {"code": "no_votes"}}


def test_a_tie_at_the_last_seat_that_nothing_decides_leaves_the_seat_open():
    outcome = counted(rankings({"A": 3, "B": 2, "C": 2, "D": 1}), "plurality", seats=2)
    assert flat(outcome) == "AB=CD"
    assert outcome.elected == ("A",)
    assert outcome.reasons["B"] == {"code": "tie_undecided"}
    assert outcome.reasons["D"]["line"] == "2"
    assert outcome.ties[0]["decided_by"] == "nothing"
