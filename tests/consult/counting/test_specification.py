"""The specification: what is refused, and the sentences that say so."""

import hashlib

import pytest

from consult.counting import (
    RULES,
    Option,
    Profile,
    Specification,
    WrongSpecification,
    count,
    find_rule,
    lot_order,
)
from consult.counting.specification import WHOLE_MAX, Parameter
from tests.consult.counting.ballot_builders import rankings

BALLOTS = rankings({"A>B": 1})


def refusal(rule: str, profile: Profile = BALLOTS, **fields: object) -> str:
    with pytest.raises(WrongSpecification) as refused:
        count(profile, Specification(rule, **fields))
    return str(refused.value)


def test_every_rule_for_priorities_is_registered():
    names = "borda borda-zero borda-modified points-N plurality irv stv schulze ranked-pairs"
    assert {*names.split(), "copeland", "approval", "points-sum", "rating"} <= set(RULES)
    assert all(rule.title and rule.version for rule in RULES.values())


def test_an_unknown_rule_is_refused_with_the_list():
    assert "There is no rule called 'fairest'" in refusal("fairest")
    assert "borda" in refusal("fairest")


@pytest.mark.parametrize("rule", ["points-0", "points-03", "points-x", "points-1000", "points-²"])
def test_points_need_a_sensible_number(rule):
    assert "There is no rule called" in refusal(rule)


def test_points_without_a_number_are_asked_for_it():
    assert "Say how many points" in refusal("points-N")
    assert find_rule("points-3").id == "points-3"


def test_ballots_of_the_wrong_kind_are_refused():
    assert refusal("approval") == (
        "approval does not count ranking ballots, only: approval, basket, several, single."
    )


def test_parameters_are_checked():
    assert "strength cannot be 'love'" in refusal("schulze", parameters={"strength": "love"})
    assert "no parameter called 'speed'" in refusal("schulze", parameters={"speed": "9"})
    assert "Its parameters: none" in refusal("borda", parameters={"speed": "9"})


def test_the_outcome_states_the_defaults_it_was_counted_with():
    outcome = count(BALLOTS, Specification("schulze"))
    assert outcome.specification["parameters"] == {"strength": "winning-votes"}


def test_seats_ties_and_version_are_checked():
    assert "at least one place" in refusal("borda", seats=0)
    assert "cannot be broken by 'mood'" in refusal("borda", tie_chain=("mood",))
    assert "version 1 only" in refusal("borda", version="0")


def test_a_profile_with_two_options_of_one_id_is_refused():
    with pytest.raises(ValueError, match="same id"):
        Profile("ranking", (Option("A"), Option("A")), ())
    with pytest.raises(ValueError, match="no kind of ballot"):
        Profile("shouting", (Option("A"),), ())
    with pytest.raises(ValueError, match="fewer than none"):
        Profile("ranking", (Option("A"),), ((["A"], -1),))


def test_a_lot_is_the_order_of_the_digests_of_seed_and_id():
    drawn = lot_order("2027-05-06 witnessed draw", ["A", "B", "C"])
    digests = [
        hashlib.sha256(f"2027-05-06 witnessed draw{item}".encode()).hexdigest() for item in drawn
    ]
    assert digests == sorted(digests)
    assert lot_order("other", "ABCDEFGH") != lot_order("seed", "HGFEDCBA")
    assert lot_order("seed", "ABCDEFGH") == lot_order("seed", "HGFEDCBA")


MONEY = Profile("approval", (Option("A", 5), Option("B", 6)), ((["A"], 1),), pot=10)


@pytest.mark.parametrize(
    ("rule", "profile", "fields", "says"),
    [
        (
            "points-N",
            BALLOTS,
            {},
            "Say how many points a first choice gets, for instance points-3.",
        ),
        ("borda", BALLOTS, {"version": "2"}, "This program counts under version 1 only."),
        ("borda", BALLOTS, {"seats": 0}, "There must be at least one place to fill."),
        ("borda", BALLOTS, {"seats": -1}, "There must be at least one place to fill."),
        (
            "schulze",
            BALLOTS,
            {"parameters": {"strength": "love"}},
            "strength cannot be 'love'. Choose one of: winning-votes, margins.",
        ),
        (
            "schulze",
            BALLOTS,
            {"parameters": {"speed": "9"}},
            "schulze has no parameter called 'speed'. Its parameters: strength.",
        ),
        (
            "greedy-skip",
            Profile("approval", MONEY.options, MONEY.groups),
            {},
            "greedy-skip needs a pot of money to spend.",
        ),
        (
            "greedy-skip",
            Profile("approval", (*MONEY.options, Option("C")), MONEY.groups, pot=10),
            {},
            "greedy-skip needs the cost of every option.",
        ),
    ],
)
def test_each_refusal_says_what_is_wrong_in_a_sentence(rule, profile, fields, says):
    assert refusal(rule, profile, **fields) == says


def test_what_stands_just_within_its_limit_is_counted():
    assert count(BALLOTS, Specification("borda", seats=1)).elected == ("A",)
    assert count(MONEY, Specification("greedy-skip")).funded == ("A",)
    assert [find_rule(f"points-{n}").id for n in (1, 999)] == ["points-1", "points-999"]


NUMBER = Parameter("threshold", minimum=2)


@pytest.mark.parametrize(("given", "meant"), [(2, 2), ("2", 2), ("007", 7), (WHOLE_MAX, WHOLE_MAX)])
def test_a_whole_number_from_the_least_to_the_most_is_taken(given, meant):
    assert NUMBER.parse(given) == meant


@pytest.mark.parametrize("given", [1, "1", -2, "", "2.0", " 2", "x", "٣", "²"])
def test_any_other_number_is_refused_with_the_least(given):
    with pytest.raises(WrongSpecification) as refused:
        NUMBER.parse(given)
    assert str(refused.value) == (
        f"threshold cannot be {given!r}. Give a whole number of at least 2."
    )


@pytest.mark.parametrize("given", [WHOLE_MAX + 1, "9" * 5_000])
def test_a_parameter_that_is_too_large_is_called_too_large(given):
    with pytest.raises(WrongSpecification, match=r"too large. Give at most 1,000,000,000,000,000"):
        Parameter("threshold", default=0).parse(given)
