"""Equal shares by hand, against itself done the slow way, and by property."""

from dataclasses import replace

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from consult.counting import Option, Profile, WrongSpecification
from consult.counting.budgets import shares_race, shares_steps
from tests.consult.counting.budget_builders import (
    approvals,
    budgets,
    counted,
    slow_equal_shares,
    won,
)

# Six people with 10 each; four of them want the same two things.
TWO_CIRCLES = approvals({"ab": 4, "c": 2}, {"a": 36, "b": 24, "c": 20}, pot=60)


def test_a_small_circle_gets_its_share_although_it_has_fewer_votes():
    assert won(TWO_CIRCLES, "equal-shares", step=0) == "bc"
    assert won(TWO_CIRCLES, "greedy-skip") == "ba"


def test_each_award_tells_what_supporters_paid():
    [garden, shed] = counted(TWO_CIRCLES, "equal-shares", step=0).rounds
    assert garden == {
        "round": 1,
        "option": "b",
        "score": 4,
        "cost": 24,
        "decision": "funded",
        "payment": "6.000000",
        "paid_less": 0,
        "effective_support": "4.000000",
        "spent": 24,
        "left": 36,
    }
    assert shed["payment"] == "10.000000"
    assert shed["spent"] == 44


def test_a_loser_is_told_what_its_supporters_had_left():
    reasons = counted(TWO_CIRCLES, "equal-shares", step=0).reasons
    assert reasons["a"] == {"code": "supporters-short", "held": 16, "needed": 36, "short": 20}


def test_whoever_has_too_little_pays_all_they_have_and_the_others_more():
    # After a: one person has 4 left and pays it; the other two pay 8 each.
    profile = approvals({"ab": 1, "a": 1, "b": 2}, {"a": 12, "b": 20}, pot=40)
    [first, second] = counted(profile, "equal-shares", step=0).rounds
    assert (first["option"], first["payment"]) == ("b", "6.666666")
    assert (second["option"], second["payment"], second["paid_less"]) == ("a", "8.666666", 1)


def test_shares_rise_until_the_next_step_would_overspend():
    profile = approvals({"a": 2, "b": 1, "c": 1}, {"a": 10, "b": 9, "c": 12}, pot=20)
    outcome = counted(profile, "equal-shares")
    assert outcome.funded == ("a", "b")
    assert outcome.tables["share"] == {
        "initial": "5",
        "final": "11",
        "increases": 6,
        "ended": "overspend",
        "next_spent": 31,
    }
    assert outcome.reasons["c"] == {
        "code": "supporters-short",
        "held": 11,
        "needed": 12,
        "short": 1,
    }
    assert won(profile, "equal-shares", step=0) == "a"


def test_stopping_when_nothing_fits_stops_earlier():
    profile = approvals({"a": 2, "b": 1, "c": 1}, {"a": 10, "b": 9, "c": 12}, pot=20)
    outcome = counted(profile, "equal-shares", stop="exhaustive")
    assert outcome.tables["share"]["ended"] == "exhaustive"
    assert outcome.tables["share"]["increases"] == 4


def test_a_greedy_top_up_spends_what_is_left_by_votes():
    profile = approvals({"a": 3, "b": 1, "c": 2}, {"a": 30, "b": 15, "c": 40}, pot=60)
    assert won(profile, "equal-shares", step=0) == "a"
    outcome = counted(profile, "equal-shares", step=0, top_up="greedy")
    assert outcome.funded == ("a", "b")
    assert outcome.rounds[-1]["decision"] == "top-up"
    assert outcome.reasons["c"]["code"] == "does-not-fit"


def test_when_everything_is_funded_shares_rise_no_further():
    profile = approvals({"a": 1, "b": 1}, {"a": 1, "b": 5}, pot=8)
    outcome = counted(profile, "equal-shares")
    assert outcome.funded == ("a", "b")
    assert outcome.tables["share"]["ended"] == "nothing-left"


def test_a_million_steps_take_no_longer_than_a_few():
    profile = approvals(
        {"a": 5, "b": 1, "c": 5}, {"a": 100, "b": 90_000_000, "c": 999_999_999}, pot=100_000_000
    )
    outcome = counted(profile, "equal-shares")
    assert outcome.funded == ("a", "b")
    assert outcome.tables["share"]["ended"] == "overspend"
    assert outcome.tables["share"]["increases"] > 80_000_000
    assert outcome.reasons["c"]["short"] > 0


def test_utility_by_votes_prefers_the_cheap():
    profile = approvals({"ab": 3, "a": 1}, {"a": 40, "b": 10}, pot=40)
    assert won(profile, "equal-shares", step=0) == "a"
    assert won(profile, "equal-shares", step=0, utility="votes") == "b"


def test_points_make_those_who_care_more_pay_more():
    options = (Option("a", 12), Option("b", 20))
    profile = Profile("points", options, (({"a": 2, "b": 1}, 1), ({"a": 1}, 1)), 24)
    [award] = counted(profile, "equal-shares", step=0).rounds
    assert (award["option"], award["payment"]) == ("a", "4.000000")
    assert counted(profile, "equal-shares", step=0).reasons["b"]["held"] == 4


def test_a_free_option_is_funded_first_and_costs_nobody_anything():
    profile = approvals({"ab": 1, "b": 1}, {"a": 0, "b": 2, "c": 0}, pot=2)
    outcome = counted(profile, "equal-shares")
    assert outcome.funded == ("a", "b")
    assert outcome.rounds[0]["decision"] == "free"
    assert outcome.reasons == {"c": {"code": "no-support"}}
    assert counted(approvals({"a": 1}, {"a": 0}, 0), "equal-shares").funded == ("a",)


def test_one_of_an_exclusive_group_is_bought_and_the_other_told_why():
    profile = approvals({"ab": 3, "b": 1, "c": 1}, {"a": 3, "b": 8, "c": 3}, 15, groups="ab")
    outcome = counted(profile, "equal-shares")
    assert outcome.funded == ("b", "c")
    assert outcome.reasons == {"a": {"code": "group-taken", "by": "b", "group": "ab"}}


def test_empty_ballots_get_a_share_unless_the_terms_say_otherwise():
    profile = approvals({"a": 1, "": 1}, {"a": 10}, pot=10)
    assert counted(profile, "equal-shares", step=0).funded == ()
    assert counted(profile, "equal-shares", step=0, empty="ignored").funded == ("a",)


def test_equal_support_goes_to_the_lower_cost_and_is_reported():
    profile = approvals({"ab": 2}, {"a": 30, "b": 20}, pot=40)
    outcome = counted(profile, "equal-shares", step=0)
    assert outcome.funded == ("b",)
    [tie] = outcome.ties
    assert tie["items"] == ["a", "b"]
    assert tie["decided_by"] == "cost"
    assert tie["at"] == {"round": 1, "effective_support": "2.000000"}


def test_a_tie_between_circles_that_have_spent_unequally_is_still_a_tie():
    # One supporter of c has nothing left, so c and d have two who can pay each.
    profile = approvals(
        {"ac": 1, "a": 3, "c": 2, "d": 2, "": 2}, {"a": 40, "c": 12, "d": 10}, pot=100
    )
    outcome = counted(profile, "equal-shares", step=0)
    assert outcome.funded == ("a", "d", "c")
    assert [tie["items"] for tie in outcome.ties] == [["c", "d"]]


def test_nobody_voting_funds_nothing():
    outcome = counted(approvals({}, {"a": 1}, 5), "equal-shares")
    assert outcome.funded == ()
    assert outcome.tables["share"] == {"increases": 0, "ended": "nothing-left"}


@pytest.mark.parametrize(
    ("name", "value"), [("step", "-1"), ("stop", "never"), ("top_up", "yes"), ("utility", "joy")]
)
def test_a_wrong_setting_is_refused_with_a_sentence(name, value):
    with pytest.raises(WrongSpecification, match=name):
        counted(TWO_CIRCLES, "equal-shares", **{name: value})


@settings(max_examples=300)
@given(
    budgets(kinds=("approval", "approval", "points", "ranking")),
    st.integers(0, 3),
    st.sampled_from(["overspend", "exhaustive"]),
    st.sampled_from(["cost", "votes"]),
)
@example(approvals({"ab": 1, "b": 1}, {"a": 1, "b": 0}, pot=0), 1, "overspend", "cost")
def test_the_quick_way_is_the_slow_way(profile, step, stop, utility):
    slow = slow_equal_shares(profile, step=step, stop=stop, by_cost=utility == "cost")
    assume(slow is not None)
    outcome = counted(profile, "equal-shares", step=step, stop=stop, utility=utility)
    assert (list(outcome.funded), outcome.tables["share"]["increases"]) == slow


@settings(max_examples=150)
@given(
    budgets(kinds=("approval", "approval", "points")),
    st.integers(1, 2),
    st.sampled_from(["overspend", "exhaustive"]),
    st.integers(1, 2),
)
def test_leaping_over_steps_from_the_start_changes_nothing(profile, step, stop, together):
    slow = slow_equal_shares(profile, step=step, stop=stop, by_cost=True)
    assume(slow is not None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shares_steps, "TOGETHER_MAX", together)
        patch.setattr(shares_race, "BETWEEN_LOOKS", together)
        outcome = counted(profile, "equal-shares", step=step, stop=stop)
    assert (list(outcome.funded), outcome.tables["share"]["increases"]) == slow


@settings(max_examples=100)
@given(budgets(kinds=("approval", "points", "ranking")))
def test_never_more_is_spent_than_there_is_and_every_loser_has_a_reason(profile):
    outcome = counted(profile, "equal-shares", top_up="greedy")
    assert 0 <= outcome.left == profile.pot - outcome.spent
    assert set(outcome.reasons) == set(profile.ids) - set(outcome.funded)


@settings(max_examples=50)
@given(budgets(kinds=("approval", "points")), st.randoms())
def test_the_order_of_ballots_and_options_changes_nothing(profile, chance):
    groups, options = list(profile.groups), list(profile.options)
    chance.shuffle(groups)
    chance.shuffle(options)
    shuffled = replace(profile, groups=tuple(groups), options=tuple(options))
    other, one = counted(shuffled, "equal-shares"), counted(profile, "equal-shares")
    assert other.as_json() == one.as_json()


@settings(max_examples=100)
@given(budgets(), st.integers(1, 6), st.integers(1, 30))
def test_people_who_agree_get_what_their_shares_pay_for(profile, friends, cost):
    """A circle that wants one thing only, and whose shares pay for it, gets it."""
    ballots = profile.ballots + friends
    options = (*profile.options, Option("z", min(cost, profile.pot * friends // ballots)))
    larger = Profile("approval", options, (*profile.groups, (["z"], friends)), profile.pot)
    assert "z" in counted(larger, "equal-shares", step=0).funded
