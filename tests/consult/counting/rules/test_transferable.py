"""Single transferable vote: stages counted by hand."""

from tests.consult.counting.ballot_builders import counted, flat, rankings


def test_a_surplus_passes_on_in_parts_of_each_paper():
    outcome = counted(rankings({"A>C": 4, "B": 2, "C": 1}), "stv", seats=2)
    first, second, third = outcome.rounds
    assert (first["quota"], first["elected"]) == ("3.00000", ["A"])
    assert (second["action"], second["of"]) == ("surplus", "A")
    assert second["votes"] == {"A": "3.00000", "B": "2.00000", "C": "2.00000"}
    # B and C are level; one stage earlier B had 2 and C had 1.
    assert second["eliminated"] == ["C"]
    assert outcome.ties[0]["decided_by"] == "earlier-rounds"
    assert (third["action"], third["of"], third["filled"]) == ("exclusion", "C", ["B"])
    assert third["non_transferable"] == "2.00000"
    assert outcome.elected == ("A", "B")
    assert outcome.reasons == {
        "C": {"code": "eliminated", "round": 2, "votes": "2.00000", "needed": 1}
    }


def test_five_decimals_are_kept_and_the_rest_is_dropped():
    outcome = counted(rankings({"A>B": 3, "C": 1}), "stv", seats=2)
    # A third of a vote is 0.33333, three papers give 0.99999: C stays ahead.
    assert outcome.rounds[1]["votes"] == {"A": "2.00000", "B": "0.99999", "C": "1.00000"}
    assert outcome.rounds[1]["lost_to_rounding"] == "0.00001"
    assert outcome.elected == ("A", "C")


def test_a_paper_received_at_a_part_is_passed_on_at_a_part_of_that():
    ballots = rankings({"A>B>C": 12, "B>D": 5, "C": 1, "D": 1, "E": 4})
    outcome = counted(ballots, "stv", seats=3)
    # Quota 6. A's surplus 6 of 12: 0.5 each, B 5+6=11. B's surplus 5 of 11: the twelve papers
    # are worth 0.5*5/11 = 0.22727 each, the five 0.45454 each.
    assert outcome.rounds[0]["quota"] == "6.00000"
    assert outcome.rounds[1]["votes"]["B"] == "11.00000"
    assert outcome.rounds[2]["votes"]["C"] == "3.72724"
    assert outcome.rounds[2]["votes"]["D"] == "3.27270"
    assert outcome.rounds[2]["lost_to_rounding"] == "0.00006"


def test_the_largest_surplus_goes_first():
    ballots = rankings({"A>C": 5, "B>C": 7, "C": 1, "D": 2})
    outcome = counted(ballots, "stv", seats=3)
    assert outcome.rounds[0]["elected"] == ["B", "A"]
    assert [one["of"] for one in outcome.rounds[:3]] == [None, "B", "A"]


def test_as_many_options_as_places_are_all_elected():
    outcome = counted(rankings({"A": 3, "B": 1}), "stv", seats=2)
    assert outcome.elected == ("A", "B")
    assert (outcome.rounds[0]["elected"], outcome.rounds[0]["filled"]) == (["A"], ["B"])
    assert outcome.reasons == {}


def test_whoever_is_left_when_the_places_are_filled_hears_what_was_missing():
    outcome = counted(rankings({"A": 3, "B": 3, "C": 1}), "stv", seats=2, lot="ABC")
    assert outcome.elected == ("A", "B")
    assert outcome.reasons["C"] == {"code": "places_filled", "votes": "1.00000", "needed": 2}
    assert flat(outcome) == "ABC"


def test_a_shared_rank_divides_a_paper_between_its_members():
    outcome = counted(rankings({"A=B=C": 1, "D": 3}), "stv", seats=1)
    assert outcome.rounds[0]["votes"]["A"] == "0.33333"
    assert outcome.rounds[0]["lost_to_rounding"] == "0.00001"


def test_an_unresolved_equality_is_decided_by_the_chain_and_said():
    outcome = counted(rankings({"A": 3, "B": 2, "C": 2}), "stv", lot="CBA")
    [tie] = [tie for tie in outcome.ties if tie["at"]["choice"] == "elimination"]
    assert (tie["items"], tie["decided_by"]) == (["B", "C"], "lot")
    assert outcome.rounds[0]["eliminated"] == ["B"]
