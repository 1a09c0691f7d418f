"""Budget rules against pabutools, an independent library that `tests.tools` brings."""

import json
import random
import subprocess
from typing import Any

import pytest

from consult.counting import Profile
from tests.consult.counting.budget_builders import approvals, counted
from tests.tools import PABUTOOLS, need

ORACLE = r"""
import json, sys
from pabutools.election import ApprovalBallot, ApprovalProfile, Cardinality_Sat, Cost_Sat
from pabutools.election import Instance, Project
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
from pabutools.rules import exhaustion_by_budget_increase, sequential_phragmen

def funded(one):
    projects = {item: Project(item, cost) for item, cost in one["costs"].items()}
    instance = Instance(projects.values(), budget_limit=one["pot"])
    profile = ApprovalProfile([
        ApprovalBallot([projects[item] for item in chosen])
        for chosen, number in one["ballots"] for _ in range(number)
    ])
    sat = {"cost": Cost_Sat, "votes": Cardinality_Sat}[one["utility"]]
    if one["rule"] == "phragmen":
        result = sequential_phragmen(instance, profile)
    elif one["rule"].startswith("greedy"):
        result = greedy_utilitarian_welfare(instance, profile, sat_class=sat)
    elif one["step"] == 0:
        result = method_of_equal_shares(instance, profile, sat_class=sat)
    elif one["stop"] == "exhaustive":
        result = method_of_equal_shares(
            instance, profile, sat_class=sat, voter_budget_increment=one["step"]
        )
    else:
        result = exhaustion_by_budget_increase(
            instance, profile, method_of_equal_shares, {"sat_class": sat},
            budget_step=one["step"] * profile.num_ballots(), exhaustive_stop=False,
        )
    return sorted(project.name for project in result)

print(json.dumps([funded(one) for one in json.load(sys.stdin)]))
"""
RUNS = [
    ("greedy-skip", {}, "cost"),
    ("greedy-per-cost", {}, "votes"),
    ("phragmen", {}, "cost"),
    ("equal-shares", {"step": 0}, "cost"),
    ("equal-shares", {"step": 0, "utility": "votes"}, "votes"),
    ("equal-shares", {"step": 1, "stop": "exhaustive"}, "cost"),
    ("equal-shares", {"step": 1}, "cost"),
    ("equal-shares", {"step": 3, "utility": "votes"}, "votes"),
]


def invented(seed: int) -> tuple[Profile, dict[str, Any]]:
    """A budget with costs and supports so uneven that hardly anything is tied."""
    chance = random.Random(seed)
    ids = "abcdefgh"[: chance.randint(3, 8)]
    costs = {item: chance.randint(90, 990) for item in ids}
    ballots: dict[str, int] = {}
    for _ in range(chance.randint(4, 25)):
        chosen = "".join(item for item in ids if chance.random() < 0.4)
        if chosen:
            ballots[chosen] = ballots.get(chosen, 0) + chance.randint(1, 5)
    pot = chance.randint(max(costs.values()), sum(costs.values()))
    described = {"costs": costs, "ballots": list(ballots.items()), "pot": pot}
    return approvals(ballots, costs, pot), described


@pytest.mark.parametrize(("rule", "parameters", "utility"), RUNS)
def test_invented_budgets_come_out_as_pabutools_counts_them(rule, parameters, utility):
    python = str(need(PABUTOOLS) / "bin" / "python")
    defaults = {"step": 1, "stop": "overspend"}
    asked, ours = [], []
    for seed in range(40):
        profile, described = invented(seed)
        outcome = counted(profile, rule, **parameters)
        if outcome.ties:
            continue  # it breaks ties by name
        asked.append({**defaults, **parameters, **described, "rule": rule, "utility": utility})
        ours.append(sorted(outcome.funded))
    answered = subprocess.run(
        [python, "-c", ORACLE],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    assert len(ours) >= 10
    assert json.loads(answered.stdout) == ours
