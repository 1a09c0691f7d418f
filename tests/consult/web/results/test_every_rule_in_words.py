"""Every counting rule as pages tell it: verdict, reasons, ties, charts and tables, word by word.

Run this file as a program, in its folder's place, to write anew what pages say after a change of
words; then read the difference: each sentence has to be true of its count.
"""

import json
from dataclasses import asdict, is_dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from consult.counting import Option, Profile, Specification, count
from consult.counting.enough import enough
from consult.web.results import published
from consult.wording import language
from consult.wording.outcomes import campaigns, charts, how_counted, verdicts
from consult.wording.outcomes.counted import Counted
from events.consultations.beacon import Lot
from events.question import Option as AskedOption
from events.question import Question

KEPT = Path(__file__).resolve().parents[3] / "golden" / "outcome_words.json"
NAMES = {"a": "Allotments", "b": "Buses", "c": "Clinics", "d": "Docks"}
MIXED = {"abc": 5, "bda": 4, "cd": 3, "dcab": 2, "": 1}
LEVEL = {"abc": 1, "bca": 1, "cab": 1, "d": 1}
CLEAR = {"abc": 1_200, "ab": 30, "b": 7}
RANKED: dict[str, dict[str, Any]] = {
    **{key: {} for key in ("borda", "borda-zero", "borda-modified", "points-3", "plurality")},
    **{key: {} for key in ("irv", "stv", "copeland")},
    "schulze": {"strength": "winning-votes"},
    "ranked-pairs": {"strength": "margins"},
}
COSTS = {"a": 30_000_00, "b": 20_000_50, "c": 12_000_00, "d": 10_000_00}
BASKETS = {"ab": 3, "ac": 1, "bd": 2, "cd": 2, "d": 1, "": 2}
BUDGETS: list[tuple[str, dict[str, Any]]] = [
    *(("greedy-skip", {}), ("greedy-stop", {}), ("greedy-per-cost", {})),
    *(("greedy-skip", {"threshold": 4}), ("equal-shares", {}), ("phragmen", {})),
    ("equal-shares", {"step": "0", "top_up": "greedy"}),
]
OTHERS: list[tuple[str, str, list[tuple[Any, int]]]] = [
    ("approval", "approval", [(["a", "b"], 3), (["b"], 2), (["c"], 4), ([], 4)]),
    ("approval", "approval", [([], 2)]),
    ("points", "points-sum", [({"a": 7, "b": 3}, 2), ({"c": 10}, 1), ({}, 1)]),
    ("rating", "rating", [({"a": 4, "b": 3}, 2), ({"a": 1, "c": 2}, 1)]),
    ("single", "plurality", [("a", 2), ("b", 2), ("c", 1)]),
    ("single", "plurality", [("a", 1)]),
    ("rating", "star", [({"a": 4, "b": 3}, 4), ({"b": 4, "a": 1, "c": 2}, 3)]),
    ("rating", "star", [({"a": 5, "b": 1}, 1), ({"b": 3, "a": 2}, 1)]),
    ("rating", "star", [({"a": 5, "b": 1}, 1), ({"b": 5, "a": 1}, 1)]),
]
LEVEL_STARS: dict[str, list[tuple[Any, int]]] = {
    "for the run-off": [({"a": 5, "b": 2, "c": 2}, 2), ({"b": 3, "c": 3, "a": 1}, 1)],
    "in the run-off": [({"a": 5, "b": 1}, 1), ({"b": 5, "a": 1}, 1)],
}


@cache
def cases() -> dict[str, tuple[Profile, Specification]]:
    made: dict[str, tuple[Profile, Specification]] = {}
    options = tuple(Option(id) for id in NAMES)
    for named, ballots in (("mixed", MIXED), ("level", LEVEL), ("clear", CLEAR)):
        groups = tuple((list(text), number) for text, number in ballots.items())
        for rule, parameters in RANKED.items():
            seats = 2 if rule == "stv" else 1
            chain, lot = (("first-choices", "lot"), tuple("dcba")) if named != "level" else ((), ())
            specification = Specification(rule, parameters, seats, chain, lot)
            made[f"{rule}, {named}"] = (Profile("ranking", options, groups), specification)
    for number, (kind, rule, answers) in enumerate(OTHERS):
        specification = Specification(rule, tie_chain=("votes",) if kind != "rating" else ())
        made[f"{rule}, {kind} {number}"] = (Profile(kind, options, tuple(answers)), specification)
    for named, answers in LEVEL_STARS.items():
        specification = Specification("star", tie_chain=("lot",), lot=tuple("dcba"))
        made[f"star, level {named}"] = (
            Profile("rating", options, tuple(answers)),
            specification,
        )
    priced = tuple(Option(id, cost, "pair" if id in "ab" else None) for id, cost in COSTS.items())
    groups = tuple((list(text), number) for text, number in BASKETS.items())
    for number, (rule, parameters) in enumerate(BUDGETS):
        profile = Profile("approval", priced, groups, 50_000_00)
        chain = ("votes", "cost", "lot")
        specification = Specification(rule, parameters, tie_chain=chain, lot=tuple("bdac"))
        made[f"{rule}, budget {number}"] = (profile, specification)
    return made


def counted(name: str) -> Counted:
    profile, specification = cases()[name]
    outcome = count(profile, specification)
    options = tuple(AskedOption(id, {"en": title}) for id, title in NAMES.items())
    question = Question("q", profile.kind, {"en": "What first?"}, options=options)
    page = SimpleNamespace(lot=Lot("12 45 3 17 50", "the county lottery"))
    asked: Any = SimpleNamespace(unit="£", decimals=2, page=page)
    compared: dict[str, Any] = {"enough": enough(profile, specification, outcome)}
    fewer = tuple((answer, (number + 1) // 2) for answer, number in profile.groups[1:])
    if fewer and sum(number for _, number in fewer):
        rest = count(Profile(profile.kind, profile.options, fewer, profile.pot), specification)
        kept = ("ballots", "order", "elected", "funded", "spent", "left", "scores")
        document = rest.as_json()
        compared["without_campaigns"] = {part: document[part] for part in kept} | {
            "campaigns": {"Postcards": outcome.ballots - rest.ballots}
        }
    if outcome.as_json()["spent"] is not None:
        compared |= {"rule": "phragmen", "funded": ["d"], "spent": 10_000_00}
    return Counted(asked, question, outcome.as_json(), compared)


def told(name: str) -> dict[str, Any]:
    """Everything that pages say about one count."""
    one = counted(name)
    said = {
        **published.question(one),
        "outcome": verdicts.outcome(one),
        "sentences": how_counted.sentences(one),
        "tie rule": how_counted.tie_sentences(one),
        "lot": how_counted.lot_order(one),
        "campaign sentence": campaigns.sentence(one),
    }
    if not one.is_budget and one.outcome["scores"]:
        said["scores"] = charts.scores(one)
    return json.loads(json.dumps(said, default=plain, ensure_ascii=False))


def plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value) if isinstance(value, Fraction) else list(value)


@cache
def kept() -> dict[str, Any]:
    return json.loads(KEPT.read_text())


@pytest.fixture(scope="module")
def speaking() -> Flask:
    """An application that only speaks."""
    return Flask(__name__)


@pytest.mark.parametrize("name", cases())
def test_a_count_is_told_as_it_was(speaking: Flask, name: str):
    with speaking.test_request_context("/"), language.in_language("en"):
        assert told(name) == kept()[name]


def test_nothing_is_kept_of_cases_that_are_gone():
    assert set(kept()) == set(cases())


def write() -> None:
    app = Flask(__name__)
    with app.test_request_context("/"), language.in_language("en"):
        documents = {name: told(name) for name in cases()}
    KEPT.write_text(json.dumps(documents, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    write()
