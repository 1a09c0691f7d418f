"""The example of a counting rule says what comes of its answers when they are counted."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from consult.counting import RULES, Option, Profile, Specification, count, find_rule
from consult.wording import language
from consult.wording.outcomes import example_words, how_counted
from consult.wording.outcomes.counted import Counted
from consult.wording.outcomes.example_words import Shown
from tests.builders import consultation, question
from tests.conftest import only
from tests.consult.web.agreeing import agree

COUNTABLE_BY_HAND = {
    "points-3": "Points: Park 13, Market 9 and Library 8. Park comes first.",
    "borda": "Points: Park 6.5, Library 3.5 and Market 2. Park comes first.",
    "borda-zero": "Points: Park 6, Library 3 and Market 2. Park comes first.",
    "borda-modified": "Points: Park 9, Library 6 and Market 4. Park comes first.",
    "plurality": "First choices: Park 4, Library 3 and Market 2. Park comes first.",
    "irv": "First choices: Park 4, Library 3 and Market 2. Nobody has more than half of the 9 "
    "votes, so Market, with the fewest, drops out, and each of its votes moves to the next "
    "choice. Now: Library 5 and Park 4. Library wins.",
    "stv": "With 2 places the quota is 4 votes. First choices: Park 8, Market 3 and Library 0. "
    "Park is elected. Its 4 votes beyond the quota move on to next choices: Library has 4 now, "
    "and is elected too.",
    "schulze": "Two at a time: Library beats Market by 7 to 2, Park beats Library by 6 to 3 and "
    "Market beats Park by 5 to 4. That goes in a circle. The chain from Park through Library to "
    "Market is as strong as the weaker of its two wins: 6. The win of Market over Park has a "
    "strength of 5. Park wins.",
    "ranked-pairs": "Two at a time: Library beats Market by 7 to 2, Park beats Library by 6 to 3 "
    "and Market beats Park by 5 to 4. That goes in a circle. Fixed are first Library over Market, "
    "then Park over Library. Market over Park would contradict them and is left out. Park wins.",
    "copeland": "Two at a time: Library beats Market by 7 to 2, Library beats Park by 5 to 4 and "
    "Market beats Park by 5 to 4. Wins: Library 2, Market 1 and Park 0. Library comes first.",
    "approval": "Votes: Library 5, Park 4 and Market 2. Library comes first.",
    "points-sum": "Points: Library 8, Park 6 and Market 1. Library comes first.",
    "rating": "Average grades: Library 2.5, Park 2 and Market 1. Library comes first.",
    "star": "Totals: Park 19, Library 24 and Market 6. The two highest meet in the run-off: Park 4 "
    "and Library 3. Park wins.",
    "greedy-skip": "Park (4 votes) is funded, which leaves £2,000. Library (3 votes) costs more "
    "than that. Market (2 votes) is funded, which leaves £1,000. Funded: Park and Market.",
    "greedy-stop": "Park (4 votes) is funded, which leaves £2,000. Library (3 votes) costs more "
    "than that. There the count ends: Market (2 votes) is not tried. Funded: Park.",
    "greedy-per-cost": "Cost for each vote, the least first: Market £500, Park £750 and Library "
    "£800. Market (2 votes) is funded, which leaves £4,000. Park (4 votes) is funded, which "
    "leaves £1,000. Library (3 votes) costs more than that. Funded: Market and Park.",
    "equal-shares": "Everybody’s share is £1,000. The 5 people who chose Park pay £600 each. The "
    "2 who chose Market pay £1,000 each. The 4 who chose Library have £1,600 left together, too "
    "little for £3,000. Funded: Park and Market.",
    "phragmen": "Park leaves each of its 5 supporters with £600 to carry. Then Market would leave "
    "its 2 with £1,000, and Library its 4 with £1,350: Market is next. Library costs more than "
    "the £2,000 left. Funded: Park and Market.",
}
"""Worked out on paper, by rule."""
WINNERS = re.compile(r"(?:(\w+) (?:comes first|wins)|Funded: ([\w, ]+)|(\w+) is elected)\.")


def shown(rule: str, *, code: str = "en", kind: str = "", **settings: Any) -> Shown:
    """The example of a rule, under settings that terms fix."""
    asked: Any = SimpleNamespace(unit="£", decimals=2)
    asks = question("q", kind or find_rule(rule).example.profile.kind, "Which?")
    outcome = {"rule": rule, "specification": {"parameters": settings}}
    with language.in_language(code):
        return example_words.shown(Counted(asked, asks, outcome))


def counted_again(rule: str, said: Shown) -> set[str]:
    """The names of whoever wins when somebody counts the answers that the words list."""
    kind = find_rule(rule).example.profile.kind
    groups = []
    for line in said.answers:
        people, answer = line.replace(" person:", " people:").split(" people: ")
        names: Any = answer.replace(" and ", ", ").split(", ")
        if kind in {"points", "rating"}:
            names = {each.split()[0]: int(each.split()[1]) for each in names}
        groups.append((names, int(people)))
    costs = {name: pounds(cost) for name, cost in re.findall(r"(\w+) \((£[\d,]+)\)", said.lead)}
    pot = re.search(r"there is (£[\d,]+)", said.lead)
    profile = Profile(
        kind,
        tuple(Option(name, costs.get(name)) for name in ("Park", "Library", "Market")),
        tuple(groups),
        pounds(pot[1]) if pot else None,
    )
    outcome = count(profile, Specification(rule, seats=2 if rule == "stv" else 1))
    return {*outcome.elected, *outcome.funded}


def pounds(text: str) -> int:
    return int(text.strip("£").replace(",", "")) * 100


def test_every_rule_has_an_example_with_words_and_every_example_is_worked_out_here():
    assert {rule.replace("points-3", "points-N") for rule in COUNTABLE_BY_HAND} == RULES.keys()


@pytest.mark.parametrize("rule", COUNTABLE_BY_HAND)
def test_the_words_say_what_was_worked_out_on_paper(rule):
    assert shown(rule).outcome == COUNTABLE_BY_HAND[rule]


@pytest.mark.parametrize("rule", COUNTABLE_BY_HAND)
def test_whoever_counts_the_answers_that_the_words_list_finds_whoever_wins_in_them(rule):
    said = shown(rule)
    named = {
        name
        for found in WINNERS.findall(said.outcome)
        for name in "".join(found).replace(" and ", ", ").split(", ")
    }
    if rule == "stv":
        named.add("Library")  # "is elected too"
    assert counted_again(rule, said) == named


@pytest.mark.parametrize("rule", COUNTABLE_BY_HAND)
def test_in_welsh_the_same_numbers_stand_in_other_words(rule):
    english, welsh = shown(rule), shown(rule, code="cy")
    for one, other in zip(
        (english.lead, *english.answers, english.outcome),
        (welsh.lead, *welsh.answers, welsh.outcome),
        strict=True,
    ):
        assert sorted(re.findall(r"[\d.,]*\d", one)) == sorted(re.findall(r"[\d.,]*\d", other))
        assert not re.search("Park|Library|Market|votes|people", other)
    assert english.outcome != welsh.outcome


def winners(rule, terms):
    example = find_rule(rule).example
    specification = Specification(rule, example.specified(terms), example.seats)
    outcome = count(example.profile, specification)
    return {*outcome.elected, *outcome.funded}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "points-N"])
def test_no_setting_that_terms_may_fix_changes_who_wins_in_the_example(rule):
    for parameter in RULES[rule].parameters:
        for choice in parameter.choices:
            assert winners(rule, {parameter.name: choice}) == winners(rule, {})


@pytest.mark.parametrize("points", [1, 2, 5, 10, 999])
def test_points_are_those_of_the_terms_and_one_option_wins_whatever_they_are(points):
    said = shown(f"points-{points}").outcome
    assert f"Park {3 * points + 2 * max(points - 1, 0):,}" in said
    assert said.endswith("Park comes first.")


def test_the_strength_of_wins_is_that_of_the_terms():
    said = shown("schulze", strength="margins").outcome
    assert "the weaker of its two wins: 3. The win of Market over Park has a strength of 1." in said


def test_whoever_may_choose_once_sees_an_example_of_choosing_once():
    said = shown("plurality", kind="single")
    assert said.answers == ("4 people: Park", "3 people: Library", "2 people: Market")
    assert said.outcome == COUNTABLE_BY_HAND["plurality"]


def test_the_start_page_shows_the_example_of_each_rule_once_in_both_languages(services, resident):
    consultation(
        services,
        question("one", "ranking", "First?", "Allotments", "Buses", "Clinics"),
        question("two", "ranking", "Second?", "Allotments", "Buses", "Clinics"),
        question("three", "approval", "Third?", "Allotments", "Buses", "Clinics"),
    )
    page = resident.open("/c/riverside")
    assert page.faults == []
    assert page.words.count("An example: Points for the first few choices") == 1
    assert page.words.count(COUNTABLE_BY_HAND["points-3"]) == 1
    assert page.words.count(COUNTABLE_BY_HAND["approval"]) == 1
    welsh = resident.open("/cy/c/riverside")
    assert welsh.faults == []
    assert shown("points-3", code="cy").outcome in welsh.words
    assert shown("approval", code="cy").answers[0] in welsh.words


@only("sqlite")
def test_every_example_is_told_as_agreed_in_both_languages(app):
    parts = []
    with app.test_request_context("/"):
        for rule in COUNTABLE_BY_HAND:
            for code in ("en", "cy"):
                said = shown(rule, code=code)
                parts.append(
                    "\n".join([f"== {rule}, {code}", said.lead, *said.answers, said.outcome])
                )
    agree("examples of rules", "\n\n".join(parts) + "\n")


@only("sqlite")
@pytest.mark.parametrize(
    ("utility", "says"),
    [("cost", "has to pay the smallest part"), ("votes", "costs each of them least first")],
)
def test_equal_shares_says_which_project_comes_first_by_what_a_supporter_gains(app, utility, says):
    """A fifth of £48,000 is a smaller part than a third of £12,000, and more money."""
    outcome = {"rule": "equal-shares", "specification": {"parameters": {"utility": utility}}}
    asked: Any = SimpleNamespace(unit="£", decimals=2)
    one = Counted(asked, question("q", "basket", "Which?"), outcome | {"tables": {}})
    with app.test_request_context("/"):
        assert says in how_counted.sentences(one)[0]
