"""Sequential Phragmen for budgets by hand and by property."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.consult.counting.budget_builders import approvals, budgets, counted, won


def test_loads_are_shared_evenly_and_carried_on():
    # a costs three people 4 each. Then b would leave its two with (4 + 10) / 2 = 7, c with 8.
    profile = approvals({"ab": 1, "a": 2, "b": 1, "c": 1}, {"a": 12, "b": 10, "c": 8}, pot=40)
    outcome = counted(profile, "phragmen")
    assert outcome.funded == ("a", "b", "c")
    assert [line["load"] for line in outcome.rounds] == ["4.000000", "7.000000", "8.000000"]


def test_the_first_award_that_does_not_fit_ends_the_count():
    profile = approvals({"a": 4, "b": 3, "c": 1}, {"a": 40, "b": 33, "c": 20}, pot=60)
    outcome = counted(profile, "phragmen")
    assert outcome.funded == ("a",)
    assert outcome.reasons["b"] == {"code": "does-not-fit", "cost": 33, "left": 20, "over": 13}
    assert outcome.reasons["c"] == {"code": "stopped", "at": "b"}
    assert won(profile, "phragmen", misfit="skip") == "ac"


def test_what_costs_more_than_the_whole_pot_never_has_a_turn():
    profile = approvals({"a": 40, "b": 1}, {"a": 61, "b": 60}, pot=60)
    outcome = counted(profile, "phragmen")
    assert outcome.funded == ("b",)
    assert outcome.reasons["a"] == {
        "code": "dearer-than-the-pot",
        "cost": 61,
        "left": 60,
        "over": 1,
    }


def test_equal_loads_go_to_the_lower_cost_and_are_reported():
    profile = approvals({"a": 2, "b": 1}, {"a": 20, "b": 10}, pot=10)
    outcome = counted(profile, "phragmen", misfit="skip")
    assert outcome.funded == ("b",)
    profile = approvals({"a": 2, "b": 1}, {"a": 20, "b": 10}, pot=25)
    [tie] = counted(profile, "phragmen").ties
    assert (tie["order"], tie["at"]) == (["b", "a"], {"round": 1, "load": "10.000000"})


def test_exclusive_options_shut_each_other_out():
    profile = approvals({"a": 3, "b": 2, "c": 1}, {"a": 1, "b": 1, "c": 1}, 9, groups="ab")
    outcome = counted(profile, "phragmen")
    assert outcome.funded == ("a", "c")
    assert outcome.reasons["b"]["code"] == "group-taken"


def slow(profile):
    """The same rule in fractions, ballot by ballot; groups and misfits included."""
    ballots = [answer for answer, number in profile.groups for _ in range(number)]
    loads = [Fraction(0)] * len(ballots)
    left, funded = profile.pot, []
    options = {o.id: o for o in profile.options if o.cost <= profile.pot}
    while True:
        offers = []
        for item, option in options.items():
            fans = [n for n, ballot in enumerate(ballots) if item in ballot]
            shut = any(option.group and options[won].group == option.group for won in funded)
            if fans and item not in funded and not shut:
                load = (option.cost + sum(loads[n] for n in fans)) / Fraction(len(fans))
                offers.append((load, option.cost, -len(fans), item, fans))
        if not offers:
            return funded
        best = min(offers)
        if [offer[:3] for offer in offers].count(best[:3]) > 1:
            return None
        if best[1] > left:
            return funded
        left -= best[1]
        funded.append(best[3])
        for n in best[4]:
            loads[n] = best[0]


@given(budgets())
def test_the_quick_way_is_the_slow_way(profile):
    expected = slow(profile)
    if expected is not None:
        assert list(counted(profile, "phragmen").funded) == expected


@given(budgets(kinds=("approval", "points")), st.randoms(), st.sampled_from(["stop", "skip"]))
def test_never_overspent_and_the_order_of_ballots_changes_nothing(profile, chance, misfit):
    outcome = counted(profile, "phragmen", misfit=misfit)
    assert 0 <= outcome.left == profile.pot - outcome.spent
    groups = list(profile.groups)
    chance.shuffle(groups)
    shuffled = replace(profile, groups=tuple(groups), options=profile.options[::-1])
    assert counted(shuffled, "phragmen", misfit=misfit).as_json() == outcome.as_json()
