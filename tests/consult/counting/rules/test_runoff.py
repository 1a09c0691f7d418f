"""Instant run-off: hand-counted rounds."""

from tests.consult.counting.ballot_builders import CYCLE, LIBRARY, counted, flat, rankings


def test_the_library_goes_to_the_last_one_standing():
    outcome = counted(rankings(LIBRARY), "irv")
    assert flat(outcome) == "DABC"
    assert [one["eliminated"] for one in outcome.rounds] == [["C"], ["B"], ["A"]]
    assert outcome.rounds[1]["votes"] == {"A": "42", "B": "26", "D": "32"}
    assert outcome.rounds[2] == {
        "round": 3,
        "votes": {"A": "42", "D": "58"},
        "exhausted": "0",
        "majority": ["D"],
        "eliminated": ["A"],
        "elected": ["D"],
    }
    assert outcome.reasons["B"] == {"code": "eliminated", "round": 2, "votes": "26", "needed": 7}
    assert outcome.scores == {"A": "42", "B": "26", "C": "15", "D": "58"}


def test_ballots_with_nobody_left_are_exhausted():
    outcome = counted(rankings({"A": 4, "B": 3, "C": 2}), "irv")
    assert [one["exhausted"] for one in outcome.rounds] == ["0", "2"]
    assert outcome.elected == ("A",)


def test_a_shared_rank_splits_the_vote_exactly():
    outcome = counted(rankings({"A=B=C>D": 1, "D": 2, "A": 3}), "irv", lot="ADCB")
    assert outcome.rounds[0]["votes"] == {"A": "10/3", "B": "1/3", "C": "1/3", "D": "2"}
    assert outcome.rounds[0]["eliminated"] == ["B"]
    assert outcome.rounds[1]["votes"] == {"A": "7/2", "C": "1/2", "D": "2"}


def test_the_rounds_go_on_after_a_majority_so_that_every_place_is_decided():
    outcome = counted(rankings({"A": 6, "B": 3, "C": 1}), "irv")
    assert [one["majority"] for one in outcome.rounds] == [["A"], ["A"]]
    assert flat(outcome) == "ABC"


def test_a_tie_for_last_is_decided_by_the_lot_and_reported():
    outcome = counted(rankings({"A": 3, "B": 2, "C": 2}), "irv", lot="CAB")
    assert outcome.rounds[0]["eliminated"] == ["B"]
    assert outcome.ties[0]["at"] == {"round": 1, "choice": "elimination"}
    assert outcome.reasons["B"]["needed"] == 1


def test_without_a_lot_the_last_resort_is_named():
    outcome = counted(rankings({"A": 2, "B": 2}), "irv")
    assert [tie["decided_by"] for tie in outcome.ties] == ["last-resort"]
    # SHA-256 of "A" begins 559a, of "B" df7e.
    assert flat(outcome) == "AB"


def test_earlier_rounds_may_be_named_in_the_chain():
    ballots = rankings({"A": 5, "B": 3, "C>D": 1, "D": 2})
    outcome = counted(ballots, "irv", tie_chain=("earlier-rounds",))
    # After C is out, B and D have 3 each; a round earlier D had 2.
    assert outcome.rounds[1]["votes"] == {"A": "5", "B": "3", "D": "3"}
    assert outcome.rounds[1]["eliminated"] == ["D"]
    assert outcome.ties[0]["steps"][0]["values"] == {"B": "3", "D": "2"}


def test_a_single_option_wins_in_one_round():
    outcome = counted(rankings({"A": 1}), "irv")
    assert (outcome.elected, len(outcome.rounds)) == (("A",), 1)


def test_the_cycle_is_decided_by_the_fewest_first_choices():
    assert flat(counted(rankings(CYCLE), "irv")) == "ABC"
