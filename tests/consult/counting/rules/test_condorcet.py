"""Head-to-head rules: small tables worked out by hand."""

import pytest

from tests.consult.counting.ballot_builders import CYCLE, LIBRARY, counted, flat, rankings

RULES = ("schulze", "ranked-pairs", "copeland")


@pytest.mark.parametrize("rule", RULES)
def test_the_option_that_beats_each_other_one_wins(rule):
    outcome = counted(rankings(LIBRARY), rule)
    assert flat(outcome) == "BCDA"
    assert outcome.tables["pairwise"]["B"] == {"A": 58, "C": 68, "D": 68}
    assert outcome.tables["pairwise"]["A"] == {"B": 42, "C": 42, "D": 42}


def test_a_loser_hears_who_beat_it_and_by_how_much():
    outcome = counted(rankings(LIBRARY), "ranked-pairs")
    assert outcome.reasons["C"] == {"code": "beaten", "by": "B", "for": 68, "against": 32}


def test_schulze_takes_the_strongest_chain_through_a_cycle():
    outcome = counted(rankings(CYCLE), "schulze")
    assert flat(outcome) == "ABC"
    assert outcome.tables["paths"] == {
        "A": {"B": 14, "C": 14},
        "B": {"A": 13, "C": 15},
        "C": {"A": 13, "B": 13},
    }
    assert outcome.scores == {"A": "2", "B": "0", "C": "-2"}
    assert outcome.reasons["C"] == {
        "code": "beaten",
        "by": "A",
        "for": 8,
        "against": 13,
        "path": 14,
        "path_back": 13,
    }


def test_ranked_pairs_drops_the_weakest_win_of_a_cycle():
    outcome = counted(rankings(CYCLE), "ranked-pairs")
    assert flat(outcome) == "ABC"
    assert [(one["kept"], one["dropped"]) for one in outcome.rounds] == [
        ([("B", "C")], []),
        ([("A", "B")], []),
        ([], [("C", "A")]),
    ]


def test_copeland_leaves_the_cycle_tied_without_a_lot():
    outcome = counted(rankings(CYCLE), "copeland", tie_chain=())
    assert flat(outcome) == "A=B=C"
    assert outcome.elected == ()
    assert outcome.reasons["A"] == {"code": "tie_undecided"}


def test_copeland_gives_half_a_point_for_an_exact_tie():
    outcome = counted(rankings({"A>B>C": 1, "B>A>C": 1}), "copeland", lot="BAC")
    assert outcome.scores == {"A": "3/2", "B": "3/2", "C": "0"}
    assert outcome.tables["pairwise_ties"] == [["A", "B"]]
    assert outcome.elected == ("B",)
    assert outcome.reasons["C"] == {
        "code": "fewer_wins",
        "score": "0",
        "line": "3/2",
        "needed": 2,
    }


def test_a_ranked_option_is_above_the_unranked_and_a_shared_rank_is_level():
    table = counted(rankings({"A=B>C": 3, "D": 2}), "copeland").tables["pairwise"]
    assert table["A"] == {"B": 0, "C": 3, "D": 3}
    assert table["C"] == {"A": 0, "B": 0, "D": 3}
    assert table["D"] == {"A": 2, "B": 2, "C": 2}


@pytest.mark.parametrize("rule", ["schulze", "ranked-pairs"])
def test_winning_votes_and_margins_can_elect_different_options(rule):
    # A beats B 6-5, B beats C 8-3, C beats A 5-3. C over A has the fewest votes, A over B the
    # smallest margin.
    ballots = rankings({"A>B>C": 3, "C>A>B": 3, "B>C>A": 2, "B": 3})
    assert flat(counted(ballots, rule)) == "ABC"
    assert flat(counted(ballots, rule, strength="winning-votes")) == "ABC"
    assert flat(counted(ballots, rule, strength="margins")) == "BCA"


def test_ranked_pairs_breaks_equal_strengths_only_where_it_matters():
    even = {"A>B>C": 1, "B>C>A": 1, "C>A>B": 1}
    outcome = counted(rankings(even), "ranked-pairs", lot="BCA")
    # All three wins are 2-1. B over C is kept first, then C over A; A over B contradicts them.
    assert flat(outcome) == "BCA"
    assert outcome.ties[0]["at"] == {"strength": [2, 1]}
    assert outcome.rounds[0]["dropped"] == [("A", "B")]
    calm = {"A>B>C": 2}
    assert counted(rankings(calm), "ranked-pairs", lot="BCA").ties == []


def test_two_unbeaten_options_are_a_tie_for_the_first_place():
    outcome = counted(rankings({"A>B>C": 2, "B>A>C": 2}), "schulze", lot="BAC")
    assert outcome.ties[0]["items"] == ["A", "B"]
    assert outcome.ties[0]["steps"][0] == {"by": "score", "values": {"A": "1", "B": "1"}}
    assert outcome.elected == ("B",)
    assert outcome.reasons["A"] == {"code": "tie_lost"}
