"""The greedy budget rules by hand, by property, and on the fund of the demonstration."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.counting import Option, Profile, WrongSpecification
from tests.consult.counting.budget_builders import (
    approvals,
    budgets,
    counted,
    three_wards_fund,
    won,
)

RULES = ("greedy-skip", "greedy-stop", "greedy-per-cost")
VILLAGE = approvals(
    {"ab": 4, "ac": 3, "bd": 2, "d": 1}, {"a": 60, "b": 50, "c": 30, "d": 10}, pot=100
)


def test_the_three_wards_fund_is_spent_as_its_terms_say():
    outcome = counted(three_wards_fund(), "greedy-skip")
    assert outcome.funded == ("P04", "P01", "P02", "P09", "P05", "P07", "P06")
    assert (outcome.spent, outcome.left) == (24_260_000, 740_000)
    funded = [line["spent"] for line in outcome.rounds if line["decision"] == "funded"]
    assert [spent // 100 for spent in funded] == [
        62_000,
        110_000,
        146_500,
        165_200,
        206_200,
        230_200,
        242_600,
    ]
    assert outcome.ballots == 3_180
    assert sum(int(score) for score in outcome.scores.values()) == 13_417


def test_a_tie_that_moves_money_is_reported_with_what_decided_it():
    [tie] = counted(three_wards_fund(), "greedy-skip").ties
    assert tie["items"] == ["P03", "P07"]
    assert tie["order"] == ["P07", "P03"]
    assert tie["decided_by"] == "cost"
    assert tie["at"] == {"merit": "1105"}
    assert tie["changes_result"] is True


def test_the_same_tie_broken_by_a_lot_funds_the_other_project():
    profile = three_wards_fund()
    specification = {"lot": ("P03", "P07")}
    outcome = counted(profile, "greedy-skip")
    other = counted_with_lot_only(profile, specification["lot"])
    assert set(outcome.funded) ^ set(other.funded) == {"P03", "P07"}
    assert other.spent == 24_640_000
    assert other.ties[0]["decided_by"] == "lot"


def counted_with_lot_only(profile, lot):
    from consult.counting import Specification, count

    return count(profile, Specification("greedy-skip", tie_chain=("lot",), lot=lot))


def test_every_loser_is_told_by_how_much_it_missed():
    reasons = counted(three_wards_fund(), "greedy-skip").reasons
    assert reasons["P03"] == {
        "code": "does-not-fit",
        "cost": 2_780_000,
        "left": 1_980_000,
        "over": 800_000,
    }
    assert reasons["P08"]["over"] == (252_200 - 250_000) * 100
    assert set(reasons) == {"P03", "P08", "P10", "P11", "P12"}


def test_skipping_goes_on_after_a_misfit_and_stopping_does_not():
    assert won(VILLAGE, "greedy-skip") == "adc"
    assert won(VILLAGE, "greedy-stop") == "a"
    reasons = counted(VILLAGE, "greedy-stop").reasons
    assert reasons["b"] == {"code": "does-not-fit", "cost": 50, "left": 40, "over": 10}
    assert reasons["c"] == reasons["d"] == {"code": "stopped", "at": "b"}


def test_votes_per_cost_turns_the_order_round():
    outcome = counted(VILLAGE, "greedy-per-cost")
    assert outcome.funded == ("d", "b", "c")
    assert outcome.tables["options"]["a"] == {
        "votes": 7,
        "score": 7,
        "cost": 60,
        "cost_per_vote": "60/7",
    }


def test_a_free_option_comes_first_by_votes_per_cost():
    profile = approvals({"a": 5, "b": 1}, {"a": 1, "b": 0, "c": 0}, pot=1)
    outcome = counted(profile, "greedy-per-cost")
    assert outcome.funded == ("b", "a")
    assert outcome.reasons == {"c": {"code": "no-support"}}


def test_below_the_threshold_nothing_is_funded_and_the_gap_is_told():
    outcome = counted(VILLAGE, "greedy-skip", threshold=4)
    assert outcome.funded == ("a",)
    assert outcome.reasons["c"] == {
        "code": "below-threshold",
        "score": 3,
        "threshold": 4,
        "short": 1,
    }


@pytest.mark.parametrize("rule", RULES)
def test_of_an_exclusive_group_one_is_funded_and_the_other_told_why(rule):
    profile = approvals({"a": 3, "b": 2, "c": 1}, {"a": 1, "b": 1, "c": 1}, 9, groups="ab")
    outcome = counted(profile, rule)
    assert outcome.funded == ("a", "c")
    assert outcome.reasons == {"b": {"code": "group-taken", "by": "a", "group": "ab"}}


def test_a_group_whose_favourite_does_not_fit_is_open_to_the_next():
    profile = approvals({"a": 3, "b": 2}, {"a": 11, "b": 10}, 10, groups="ab")
    assert won(profile, "greedy-skip") == "b"


def test_a_withdrawn_project_never_fits():
    profile = approvals({"a": 3, "b": 2}, {"a": 999_999_999, "b": 10}, 10)
    assert won(profile, "greedy-skip") == "b"


def test_rankings_count_as_many_points_as_the_ballot_ranks():
    options = tuple(Option(item, 10) for item in "abc")
    profile = Profile("ranking", options, ((["a", "b", "c"], 1), (["c"], 1), ([], 3)), 10)
    outcome = counted(profile, "greedy-skip")
    assert outcome.scores == {"a": "3", "b": "2", "c": "2"}
    assert counted(profile, "greedy-skip", first_choice=2).scores == {"a": "2", "b": "1", "c": "2"}
    assert outcome.tables["options"]["c"]["votes"] == 2


def test_shared_ranks_get_the_points_of_their_best_place():
    options = tuple(Option(item, 10) for item in "abc")
    profile = Profile("ranking", options, (([["b", "a"], "c"], 1),), 10)
    assert counted(profile, "greedy-skip").scores == {"a": "3", "b": "3", "c": "1"}


def test_points_are_added_and_single_choices_counted():
    options = (Option("a", 10), Option("b", 10))
    points = Profile("points", options, (({"a": 3, "b": 7}, 2), ({"a": 10}, 1)), 10)
    assert counted(points, "greedy-skip").scores == {"a": "16", "b": "14"}
    single = Profile("single", options, (("a", 2), ("b", 5)), 10)
    assert won(single, "greedy-stop") == "b"


def test_a_tie_that_changes_nothing_says_so():
    profile = approvals({"ab": 1}, {"a": 1, "b": 2}, pot=3)
    [tie] = counted(profile, "greedy-skip").ties
    assert tie["changes_result"] is False


def test_a_lot_decides_what_cost_and_votes_leave_level():
    profile = approvals({"ab": 1}, {"a": 2, "b": 2}, pot=3)
    assert won(profile, "greedy-skip", lot="ba") == "b"
    assert won(profile, "greedy-skip", lot="ab") == "a"
    assert counted(profile, "greedy-skip").ties[0]["decided_by"] == "last-resort"


def test_without_a_pot_or_a_cost_there_is_nothing_to_count():
    no_pot = Profile("approval", (Option("a", 1),), ((["a"], 1),))
    with pytest.raises(WrongSpecification, match="pot"):
        counted(no_pot, "greedy-skip")
    no_cost = Profile("approval", (Option("a"),), ((["a"], 1),), 10)
    with pytest.raises(WrongSpecification, match="cost"):
        counted(no_cost, "greedy-skip")


@given(budgets(kinds=("approval", "ranking", "points")), st.sampled_from(RULES))
def test_greedy_never_spends_more_than_there_is_and_explains_every_loser(profile, rule):
    outcome = counted(profile, rule)
    costs = {option.id: option.cost for option in profile.options}
    assert outcome.spent == sum(costs[item] for item in outcome.funded) <= profile.pot
    assert outcome.left == profile.pot - outcome.spent
    assert set(outcome.reasons) == set(costs) - set(outcome.funded)
    groups = [profile.by_id[item].group for item in outcome.funded]
    named = [group for group in groups if group]
    assert len(named) == len(set(named))


@given(budgets(), st.sampled_from(RULES), st.integers(1, 5), st.data())
def test_asking_for_more_money_never_helps(profile, rule, more, data):
    loser = data.draw(st.sampled_from(profile.ids))
    if loser in counted(profile, rule).funded:
        return
    dearer = tuple(
        replace(option, cost=option.cost + more) if option.id == loser else option
        for option in profile.options
    )
    assert loser not in counted(replace(profile, options=dearer), rule).funded


@given(budgets(kinds=("approval", "points")), st.sampled_from(RULES), st.randoms())
def test_the_order_of_ballots_and_options_changes_nothing(profile, rule, chance):
    groups, options = list(profile.groups), list(profile.options)
    chance.shuffle(groups)
    chance.shuffle(options)
    shuffled = replace(profile, groups=tuple(groups), options=tuple(options))
    assert counted(shuffled, rule).as_json() == counted(profile, rule).as_json()
