"""Digests of budget results, kept for ever: a changed byte needs a new version of the counting.

Run this file as a program to write the digests of cases that have none yet.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from consult.counting import Option, Profile, digest
from tests.consult.counting.budget_builders import approvals, counted, three_wards_fund

KEPT = Path(__file__).resolve().parents[2] / "golden" / "budget_outcomes.json"
COSTS = {"a": 30, "b": 20, "c": 12, "d": 10, "e": 0, "f": 999_999_999}
SETTINGS: list[tuple[str, dict[str, Any]]] = [
    ("greedy-skip", {}),
    ("greedy-skip", {"threshold": 3}),
    ("greedy-stop", {}),
    ("greedy-per-cost", {}),
    ("equal-shares", {}),
    ("equal-shares", {"step": 0, "top_up": "greedy"}),
    ("equal-shares", {"utility": "votes", "stop": "exhaustive", "empty": "ignored"}),
    ("phragmen", {}),
    ("phragmen", {"misfit": "skip"}),
]


@cache
def profiles() -> dict[str, Profile]:
    ballots = {"ab": 3, "ac": 1, "bd": 2, "cde": 2, "d": 1, "fa": 2, "": 2}
    options = tuple(Option(item, cost) for item, cost in COSTS.items())
    rankings = ((["b", "a", "d"], 3), (["c", ["d", "e"]], 2), (["f", "c"], 2), ([], 1))
    points = (({"a": 5, "b": 2}, 3), ({"c": 1, "d": 4}, 2), ({"e": 1, "f": 9}, 1))
    return {
        "three wards": three_wards_fund(),
        "approvals": approvals(ballots, COSTS, 50),
        "groups": approvals(ballots, COSTS, 50, groups="ab cf"),
        "rankings": Profile("ranking", options, rankings, 45),
        "points": Profile("points", options, points, 45),
        "single": Profile("single", options, (("a", 3), ("b", 3), ("d", 1), ([], 1)), 45),
    }


def cases() -> dict[str, tuple[str, str, dict[str, Any]]]:
    return {
        " ".join([name, rule, *(f"{key}={value}" for key, value in given.items())]): (
            name,
            rule,
            given,
        )
        for name in profiles()
        for rule, given in SETTINGS
    }


@pytest.mark.parametrize("case", cases())
def test_a_budget_result_stays_as_it_was(case):
    name, rule, given = cases()[case]
    if name == "three wards" and rule == "equal-shares" and given.get("step") != 0:
        given = {**given, "step": 100}
    outcome = counted(profiles()[name], rule, **given)
    kept = json.loads(KEPT.read_text())[case]
    assert list(outcome.funded) == kept["funded"]
    assert digest(outcome.as_json()) == kept["digest"]


def write_missing() -> None:
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    for case, (name, rule, given) in cases().items():
        pounds = name == "three wards" and rule == "equal-shares" and given.get("step") != 0
        outcome = counted(profiles()[name], rule, **given, **({"step": 100} if pounds else {}))
        found = {"digest": digest(outcome.as_json()), "funded": list(outcome.funded)}
        kept.setdefault(case, found)
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


if __name__ == "__main__":
    write_missing()
