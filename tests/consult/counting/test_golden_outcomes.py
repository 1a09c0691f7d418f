"""Whole result documents, kept for ever: a changed byte needs a new version of the counting.

Run this file as a program to write the documents of cases that have none yet.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from consult.counting import Option, Profile, Specification, count, digest, input_digest
from tests.consult.counting.ballot_builders import CYCLE, LIBRARY, ranking

KEPT = Path(__file__).resolve().parents[2] / "golden" / "counting_outcomes.json"
MIXED = {"A>B=C": 5, "B>D>A": 4, "C=D": 3, "E>A>B>C>D": 3, "D>C>X>E": 2, "C": 2, "": 4}
STORY = {"A>B>C": 1, "B>C>A": 1, "C>A": 1}
LEVEL = {"A>B>C": 1, "B>C>A": 1, "C>A>B": 1, "D": 1}
TRANSFERS = {"A>B>C": 12, "B>D": 5, "C>D>B": 3, "D": 2, "E>D>A": 4}
ELECTIONS = {
    "library": (LIBRARY, "ABCD", "DCBA"),
    "cycle": (CYCLE, "ABC", "CBA"),
    "mixed": (MIXED, "ABCDE", "ECADB"),
    "story": (STORY, "ABC", "CAB"),
    "level": (LEVEL, "ABCD", ""),
    "transfers": (TRANSFERS, "ABCDE", "EDCBA"),
    "silent": ({"": 2, "X": 1}, "AB", "BA"),
}
RULES = {
    "borda": {},
    "borda-zero": {},
    "borda-modified": {},
    "points-3": {},
    "plurality": {},
    "irv": {},
    "stv": {},
    "schulze": {"strength": "winning-votes"},
    "ranked-pairs": {"strength": "margins"},
    "copeland": {},
}
SUMS = [
    ("approval", "approval", [[["a", "b"], 3], [["b"], 2], [["c", "é"], 5], [[], 4]]),
    ("several", "approval", [[["a"], 1], [["z"], 1]]),
    ("points", "points-sum", [[{"a": 7, "b": 3}, 2], [{"c": 10, "é": 4}, 1], [{}, 1]]),
    ("rating", "rating", [[{"a": 5, "b": 3}, 2], [{"a": 4, "c": 0}, 1]]),
    ("rating", "star", [[{"a": 5, "b": 4}, 3], [{"b": 5, "a": 1, "c": 2}, 2], [{"é": 3}, 1]]),
    ("single", "plurality", [["a", 2], ["b", 2], [[], 1]]),
]


@cache
def cases() -> dict[str, tuple[Profile, Specification]]:
    made = {}
    for name, (ballots, options, lot) in ELECTIONS.items():
        groups = tuple((ranking(text), number) for text, number in ballots.items())
        profile = Profile("ranking", tuple(Option(item) for item in options), groups)
        for rule, parameters in RULES.items():
            for seats in (1, 2):
                chain = ("first-choices", "lot")
                specification = Specification(rule, parameters, seats, chain, tuple(lot))
                made[f"{name} {rule} {seats}"] = (profile, specification)
    options = (Option("é", 4), Option("b", 2), Option("a", 3, "park"), Option("c"))
    for kind, rule, answers in SUMS:
        profile = Profile(kind, options, tuple((a, n) for a, n in answers), 9)
        made[f"{kind} {rule}"] = (profile, Specification(rule, tie_chain=("votes", "cost")))
    return made


@cache
def kept() -> dict[str, Any]:
    return json.loads(KEPT.read_text()) if KEPT.exists() else {}


@pytest.mark.parametrize("name", cases())
def test_a_result_document_stays_as_it_was(name):
    profile, specification = cases()[name]
    outcome = count(profile, specification).as_json()
    assert outcome == kept()[name]["outcome"]
    assert digest(outcome) == kept()[name]["result_digest"]
    assert input_digest(profile) == kept()[name]["input_digest"]


def write() -> None:
    documents = dict(kept())
    for name, (profile, specification) in cases().items():
        outcome = count(profile, specification).as_json()
        documents.setdefault(
            name,
            {
                "profile": {
                    "kind": profile.kind,
                    "options": [vars_of(option) for option in profile.options],
                    "groups": [[answer, number] for answer, number in profile.groups],
                    "pot": profile.pot,
                },
                "input_digest": input_digest(profile),
                "outcome": outcome,
                "result_digest": digest(outcome),
            },
        )
    KEPT.write_text(json.dumps(documents, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def vars_of(option: Option) -> dict[str, Any]:
    return {"id": option.id, "cost": option.cost, "group": option.group}


if __name__ == "__main__":
    write()
