"""What would have been enough: every number is tried, and one less is tried too."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consult.counting import RULES, Option, Outcome, Profile, Specification, count
from consult.counting.enough import (
    WORK_MAX,
    cheaper,
    enough,
    least,
    points_most,
    reasons_with,
    supported,
)
from consult.formats import read
from consult.wording.outcomes import explanations
from consult.wording.rules import WORDS
from tests.votes import named

ELECTIONS = 500
CHUNKS = 10
CHAINS = ((), ("cost", "votes", "lot"), ("lot",), ("votes", "first-choices"), ("earlier-rounds",))


def wins(profile: Profile, specification: Specification, option: str) -> bool:
    outcome = count(profile, specification)
    return option in outcome.elected or option in outcome.funded


def check(profile: Profile, specification: Specification, outcome: Outcome) -> int:
    """Try every number that is said; return how many."""
    tried = 0
    for option, numbers in enough(profile, specification, outcome).items():
        assert option in outcome.reasons
        points = numbers.get("points", 0)
        if more := numbers.get("more"):
            assert wins(supported(profile, option, more, points), specification, option)
            assert not wins(supported(profile, option, more - 1, points), specification, option)
            tried += 1
        if less := numbers.get("less"):
            assert wins(cheaper(profile, option, less), specification, option)
            assert not wins(cheaper(profile, option, less - 1), specification, option)
            tried += 1
    return tried


def test_a_further_ballot_of_grades_is_one_that_can_be_cast():
    """Every option has a grade, and the lowest is 1."""
    options = (Option("a"), Option("b"), Option("c"))
    profile = Profile("rating", options, (({"a": 4, "b": 2, "c": 1}, 3),))
    assert supported(profile, "b", 2, 4).groups[-1] == ({"a": 1, "b": 4, "c": 1}, 2)
    assert supported(replace(profile, kind="points"), "b", 2, 4).groups[-1] == ({"b": 4}, 2)


def answer(chance: random.Random, kind: str, ids: list[str]) -> Any:
    some = chance.sample(ids, chance.randint(0, len(ids)))
    if kind == "single":
        return chance.choice(ids)
    if kind in ("points", "rating"):
        return {item: chance.randint(1, 5) for item in some}
    if kind == "ranking" and len(some) > 2 and chance.random() < 0.2:
        return [some[0], some[1:3], *some[3:]]
    return some


def election(number: int) -> tuple[Profile, Specification]:
    """An election made up from its number: every rule, every kind of ballot it takes, in turn."""
    chance = random.Random(number)
    rules = sorted(RULES)
    rule = RULES[rules[number % len(rules)]]
    kind = rule.accepts[number // len(rules) % len(rule.accepts)]
    ids = [chr(97 + n) for n in range(chance.randint(3, 6))]
    groups = {
        str(given): (given, chance.randint(1, 9))
        for given in (answer(chance, kind, ids) for _ in range(chance.randint(2, 9)))
    }
    parameters: dict[str, int | str] = {}
    if rule.budget and chance.random() < 0.3:
        parameters["threshold"] = chance.randint(2, 12)
    if rule.id == "equal-shares":
        parameters["step"] = chance.choice((0, 1, 5))
        parameters["utility"] = chance.choice(("cost", "votes"))
        parameters["top_up"] = chance.choice(("none", "greedy"))
    options = tuple(
        Option(
            item,
            chance.choice((0, 10, 20, 30, 45, 60, 150)) if rule.budget else None,
            "pair" if item in "ab" and rule.budget and chance.random() < 0.8 else None,
        )
        for item in ids
    )
    return (
        Profile(kind, options, tuple(groups.values()), 100 if rule.budget else None),
        Specification(
            rule.id.replace("points-N", "points-3"),
            parameters,
            seats=1 if rule.one_place else chance.randint(1, 3),
            tie_chain=chance.choice(CHAINS),
            lot=tuple(chance.sample(ids, len(ids))) if chance.random() < 0.7 else (),
        ),
    )


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_number_of_every_rule_is_enough_and_one_less_is_not(chunk: int) -> None:
    tried = 0
    for number in range(chunk, ELECTIONS, CHUNKS):
        profile, specification = election(number)
        tried += check(profile, specification, count(profile, specification))
    assert tried > ELECTIONS / CHUNKS, "most elections have something to say"


def test_every_rule_and_every_kind_of_reason_is_among_them() -> None:
    codes, rules = set(), set()
    for number in range(ELECTIONS):
        profile, specification = election(number)
        outcome = count(profile, specification)
        codes |= {reason["code"] for reason in outcome.reasons.values()}
        rules.add(outcome.rule)
    assert len(rules) == len(RULES)
    of_rules = {code for words in WORDS.values() for code in words.reasons}
    assert codes == set(explanations._REASONS) | of_rules


FILES = [
    *named(
        "pb",
        ("green_streets", ""),
        ("one_each", ""),
        ("ten_points", ""),
        ("ranked_few", ""),
        ("youth_ideas", "greedy-per-cost"),
        ("Poland_Czestochowa_2024_Polnoc", ""),
        ("Poland_Gdynia_2022_Chwarzno-Wiczlino__large", ""),
        ("US_Stanford_Dataset_Merced_Peoples_Budget_Ballot_2019_vote_rankings", ""),
        ("Netherlands_Assen_2024", "greedy-per-cost"),
    ),
    *named(
        "ranked",
        ("playground", "irv"),
        ("colours", "schulze"),
        ("walking_route", "stv"),
        ("village_hall", "borda"),
        ("meeting_days", "approval"),
        ("uk_labour_2010_mps", "irv"),
        ("debian_2012_leader", "schulze"),
        ("ers_05", "stv"),
        ("burlington_2009_mayor", "borda"),
        ("french_approval_2002_gyles", "approval"),
    ),
]


@pytest.mark.parametrize(("path", "rule"), FILES)
def test_numbers_of_elections_in_files_hold(path: Path, rule: str) -> None:
    found = read(path)
    options = tuple(Option(option.id, option.cost, option.group) for option in found.options)
    profile = Profile(found.kind, options, found.groups(), found.pot)
    parameters = dict(found.rule.parameters) if not rule else {}
    specification = Specification(rule or found.rule.id, parameters, seats=3)
    assert check(profile, specification, count(profile, specification)) > 0


def test_a_number_is_searched_for_from_the_guess_in_both_directions() -> None:
    for enough_is in (1, 2, 7, 100):
        for guess in (1, 6, 7, 8, 99, 100):
            assert least(lambda n, it=enough_is: n >= it, guess, 100) == enough_is
    assert least(lambda _n: False, 5, 100) is None


def test_the_search_ends_where_counting_again_is_too_dear(monkeypatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr("consult.counting.enough.count", lambda *_: asked.append(1))
    options = tuple(Option(str(n)) for n in range(40))
    groups = tuple(([str(n % 40), str(m % 40)], 1) for n in range(300) for m in range(200))
    profile = Profile("ranking", options, groups)
    specification = Specification("stv")
    outcome = Outcome("stv", "1", {}, 1, order=(("1",),), reasons={"1": {"code": "eliminated"}})
    assert len(groups) * 8 > WORK_MAX
    assert enough(profile, specification, outcome) == {}
    assert asked == []


def test_a_difference_is_not_told_as_what_was_needed() -> None:
    reasons = {"a": {"code": "eliminated", "votes": "3", "needed": 9}}
    assert reasons_with(reasons, {}) == {"a": {"code": "eliminated", "votes": "3", "option": "a"}}
    short = {"b": {"code": "supporters-short", "held": 1, "needed": 5, "short": 4}}
    assert reasons_with(short, {"b": {"less": 4}})["b"]["needed"] == 5
    assert reasons_with(short, {"b": {"less": 4}})["b"]["less"] == 4


def test_points_of_a_supporter_are_those_somebody_gave() -> None:
    profile = Profile("points", (Option("a"), Option("b")), (({"a": 4, "b": 2}, 1),))
    assert points_most(profile) == 4
    assert points_most(Profile("approval", (Option("a"),), ((["a"], 1),))) == 0
