"""Sentences about losing: their numbers were counted, their grounds are the real ones."""

import random
import re
from collections.abc import Mapping
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from consult.counting import RULES, Option, Profile, Specification, count
from consult.counting.enough import enough
from consult.wording import language
from consult.wording.outcomes import explanations
from consult.wording.outcomes.counted import Counted
from events.question import Option as AskedOption
from events.question import Question
from tests.builders import RANKING, consultation
from tests.consult.web.results.test_results_states import cast, finish, read

MORE = re.compile(r"with (one|[\d,]+) more (?:person|people)")
LESS = re.compile(r"cost £([\d,.]+) less")


def told(profile: Profile, specification: Specification, *, searched: bool = True) -> Counted:
    """A count as pages have it, in English."""
    outcome = count(profile, specification)
    asked: Any = SimpleNamespace(unit="£", decimals=2)
    found = enough(profile, specification, outcome) if searched else None
    options = tuple(AskedOption(option.id, {"en": option.id.upper()}) for option in profile.options)
    question = Question("q", profile.kind, {"en": "Q"}, options=options)
    comparison = {} if found is None else {"enough": found}
    return Counted(asked, question, outcome.as_json(), comparison)


def sentences(counted: Counted) -> Mapping[str, str]:
    with language.in_language("en"):
        return {id: explanations.reason(counted, it) for id, it in counted.reasons.items()}


@pytest.fixture
def in_app(app):
    with app.test_request_context("/"):
        yield


def budget(rule: str, *groups: tuple[Any, int], kind: str = "approval", **parameters: Any) -> Any:
    options = (Option("a", 6_000, "pair"), Option("b", 6_000, "pair"), Option("c", 7_000))
    return Profile(kind, options, groups, 10_000), Specification(
        rule, parameters, tie_chain=("lot",), lot=("a", "b", "c")
    )


@pytest.mark.usefixtures("in_app")
def test_every_number_in_a_sentence_is_one_that_was_counted():
    seen = 0
    for number in range(200):
        chance = random.Random(number)
        rule = RULES[sorted(RULES)[number % len(RULES)]]
        kind = "ranking" if "ranking" in rule.accepts else rule.accepts[0]
        ids = ["a", "b", "c", "d"]
        groups = [(chance.sample(ids, chance.randint(1, 4)), chance.randint(1, 9)) for _ in ids]
        if kind in {"points", "rating"}:
            groups = [(dict.fromkeys(some, 3), number) for some, number in groups]
        options = tuple(Option(id, 30_00 if rule.budget else None) for id in ids)
        profile = Profile(kind, options, tuple(groups), 70_00 if rule.budget else None)
        counted = told(profile, Specification(rule.id.replace("points-N", "points-3")))
        for option, sentence in sentences(counted).items():
            numbers = counted.comparison["enough"].get(option, {})
            more, less = MORE.search(sentence), LESS.search(sentence)
            assert bool(more) == ("more" in numbers)
            assert bool(less) == ("less" in numbers)
            if more:
                words = "one" if numbers["more"] == 1 else f"{numbers['more']:,}"
                assert more[1] == words
                seen += 1
            promises = sentence.replace(explanations.OTHER_STEP, "")
            assert promises.count("would have") == bool(more or less)
    assert seen > 100


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("rule", ["stv", "irv", "borda", "approval", "greedy-skip"])
def test_a_result_of_an_earlier_version_says_how_far_and_promises_nothing(rule: str):
    if rule == "greedy-skip":
        profile, specification = budget(rule, (["a", "c"], 3), (["b"], 1))
    else:
        kind = "approval" if rule == "approval" else "ranking"
        groups = ((["a", "b"], 5), (["b"], 3), (["c"], 2))
        profile = Profile(kind, tuple(Option(id) for id in "abc"), groups)
        specification = Specification(rule)
    for sentence in sentences(told(profile, specification, searched=False)).values():
        assert "would have" not in sentence
        assert "more vote" not in sentence


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize(
    ("rule", "groups", "says"),
    [
        ("greedy-skip", [(["a"], 4), (["b"], 3)], "and A had more support."),
        ("greedy-skip", [(["a"], 3), (["b"], 3)], "A was level with it, and came first by"),
        ("greedy-per-cost", [(["a"], 4), (["b"], 3)], "had more support for the money."),
        ("greedy-per-cost", [(["a"], 3), (["b"], 3)], "A was level with it"),
        ("phragmen", [(["a"], 4), (["b"], 3)], "A left a smaller load on each of its supporters."),
        ("phragmen", [(["a"], 3), (["b"], 3)], "A was level with it"),
        ("equal-shares", [(["a"], 6), (["b"], 4)], "it asked the least of each supporter for its"),
        ("equal-shares", [(["a"], 5), (["b"], 5)], "A was level with it"),
    ],
)
def test_the_ground_for_an_alternative_is_the_one_that_decided(
    rule: str, groups: list[Any], says: str
):
    profile, specification = budget(rule, *groups)
    assert says in sentences(told(profile, specification))["b"]


@pytest.mark.usefixtures("in_app")
def test_more_support_is_not_claimed_where_more_people_chose_the_loser():
    """Whoever chose B carries C already, so funding A leaves a smaller load on each."""
    options = (Option("a", 3_000, "pair"), Option("b", 3_000, "pair"), Option("c", 4_000))
    groups = ((["b", "c"], 6), (["a"], 5), (["c"], 9))
    profile = Profile("approval", options, groups, 10_000)
    counted = told(profile, Specification("phragmen"))
    assert int(counted.outcome["scores"]["b"]) > int(counted.outcome["scores"]["a"])
    assert counted.reasons["b"]["code"] == "group-taken"
    assert "left a smaller load on each of its supporters" in sentences(counted)["b"]


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize(("kind", "unit"), [("points", "points"), ("approval", "votes")])
def test_a_threshold_counts_what_people_gave(kind: str, unit: str):
    groups = [({"a": 5}, 3), ({"b": 2}, 1)] if kind == "points" else [(["a"], 9), (["b"], 2)]
    profile, specification = budget("greedy-skip", *groups, kind=kind, threshold=5)
    assert f"It had 2 {unit} and needed at least 5." in sentences(told(profile, specification))["b"]


@pytest.mark.usefixtures("in_app")
def test_nobody_is_called_a_winner_where_a_tie_elected_nobody():
    profile = Profile("approval", tuple(Option(id) for id in "abc"), ((["a", "b"], 5), (["c"], 2)))
    said = sentences(told(profile, Specification("approval")))
    assert said["c"].startswith("It had 2 votes, and those level for the last place had 5.")


@pytest.mark.usefixtures("in_app")
def test_who_was_put_out_by_the_tie_rule_is_told_so():
    profile = Profile(
        "ranking", tuple(Option(id) for id in "abc"), ((["a"], 5), (["b"], 2), (["c"], 2))
    )
    out = Specification("irv", tie_chain=("lot",), lot=("a", "b", "c"))
    assert "level with others at the fewest" in sentences(told(profile, out))["c"]
    assert "the fewest, and dropped out" in sentences(told(profile, out))["b"]


def test_published_sentences_have_their_numbers_on_the_page(services, client):
    asked = consultation(services, RANKING)
    cast(services, asked, [{"order": ["a"]}] * 7 + [{"order": ["b"]}] * 5)
    finish(services, asked)
    page = read(client, "/c/riverside/results")
    assert re.search(r"It would have won with [23] more people who put it first and rank", page)


@pytest.mark.usefixtures("in_app")
def test_a_gap_that_is_not_what_would_have_been_enough_is_explained_by_the_raised_share():
    """At another cost shares end at another step, whether that makes the gap larger or smaller."""
    raised = explained = as_began = 0
    for number in range(60):
        chance = random.Random(number)
        ids = ["a", "b", "c", "d"]
        options = tuple(Option(id, chance.randint(10, 60) * 100) for id in ids)
        groups = [(chance.sample(ids, chance.randint(1, 2)), chance.randint(1, 9)) for _ in ids]
        profile = Profile("approval", options, tuple(groups), 10_000)
        step = {"step": 50 if number % 3 else 0}
        counted = told(profile, Specification("equal-shares", step))
        for option, sentence in sentences(counted).items():
            numbers = counted.reasons[option]
            if numbers["code"] != "supporters-short":
                continue
            is_raised = counted.outcome["tables"]["share"]["increases"] > 0
            final = int(Fraction(counted.outcome["tables"]["share"]["final"]))
            assert (f"raised to £{final / 100:.2f}".removesuffix(".00") in sentence) == is_raised
            is_other = is_raised and numbers.get("less", numbers["short"]) != numbers["short"]
            assert ("is not this gap" in sentence) == is_other
            raised, explained = raised + is_raised, explained + is_other
            as_began += not is_raised
    assert raised > 10
    assert explained > 3
    assert as_began > 3
