"""Processor seconds of every counting rule on the largest real votes, beside pabutools.

    python -m tests.benchmarks.counting [--limit SECONDS] [FILE ...]

Prints one table measured in one run. The real votes are where FOLKMOOT_FIELD_DATA points (by
default `../shared/data` beside the project). pabutools is used if `make tools` brought it; what
takes more processor seconds than the limit is shown as "over". Both sides start from ballots that
are read and grouped already, and only the count is timed: ours with its whole explanation.
"""

import argparse
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from consult import formats
from consult.counting import Option, Profile, Specification, count
from tests.tools import FOLDER, PABUTOOLS, is_installed

BUDGETS = [
    "Poland_Wieliczka_2023_Green_Budget",
    "France_Toulouse_2022",
    "Poland_Warszawa_2020_Praga-Poludnie",
    "Poland_Lodz_2022",
    "Poland_Krakow_2024",
    "Poland_Katowice_2023",
    "Poland_Wroclaw_2015_150_-_500",
]
RANKED = ["irish_2002_dublin_north", "sushi10", "scot_edinburgh_2017_ward12"]
BUDGET_RULES: list[tuple[str, dict[str, str]]] = [
    ("greedy-skip", {}),
    ("greedy-stop", {}),
    ("greedy-per-cost", {}),
    ("equal-shares", {"step": "0"}),
    ("equal-shares", {"stop": "exhaustive"}),
    ("equal-shares", {}),
    ("phragmen", {}),
]
RANKED_RULES = [
    *("borda", "borda-zero", "borda-modified", "points-3", "plurality"),
    *("irv", "stv", "schulze", "ranked-pairs", "copeland"),
]
# What pabutools needs: {"path", "rule", "step", "stop"}; it prints seconds and the funded ids.
THEIRS = r"""
import json, resource, sys, time
from pabutools.election import Cardinality_Sat, Cost_Sat, parse_pabulib
from pabutools.rules import exhaustion_by_budget_increase, greedy_utilitarian_welfare
from pabutools.rules import method_of_equal_shares, sequential_phragmen

one = json.loads(sys.argv[1])
instance, votes = parse_pabulib(one["path"])
profile = votes.as_multiprofile()
start = time.process_time()
limit = int(start) + 1 + int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
if one["rule"] == "phragmen":
    result = sequential_phragmen(instance, profile)
elif one["rule"] == "greedy-skip":
    result = greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat)
elif one["rule"] == "greedy-per-cost":
    result = greedy_utilitarian_welfare(instance, profile, sat_class=Cardinality_Sat)
elif one["step"] == "0":
    result = method_of_equal_shares(instance, profile, sat_class=Cost_Sat)
elif one["stop"] == "exhaustive":
    result = method_of_equal_shares(
        instance, profile, sat_class=Cost_Sat, voter_budget_increment=1
    )
else:
    result = exhaustion_by_budget_increase(
        instance, profile, method_of_equal_shares, {"sat_class": Cost_Sat},
        budget_step=profile.num_ballots(), exhaustive_stop=False,
    )
seconds = time.process_time() - start
print(json.dumps([seconds, sorted(project.name for project in result)]))
"""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--limit", type=float, default=60.0, help="processor seconds for each outside run"
    )
    parser.add_argument("files", nargs="*", help="names of files without ending; default: some")
    given = parser.parse_args()
    here = Path(__file__).resolve().parents[2]
    place = Path(os.environ.get("FOLKMOOT_FIELD_DATA", here.parent / "shared" / "data"))
    if not place.is_dir():
        print(f"There are no real votes in {place} (set FOLKMOOT_FIELD_DATA).")
        return
    names = given.files or [*BUDGETS, *RANKED]
    print(f"{'file':38} {'rule':34} {'ours s':>8} {'pabutools s':>12} {'times':>7}  outcome")
    for name in names:
        for path in sorted(place.glob(f"*/{name}.*")):
            if path.suffix != ".json":
                for line in lines(path, given.limit):
                    print(line, flush=True)


def lines(path: Path, limit: float) -> Iterator[str]:
    """One line for each rule."""
    read = formats.read(path)
    options = tuple(Option(option.id, option.cost, option.group) for option in read.options)
    profile = Profile(read.kind, options, read.groups(), read.pot)
    budget = read.pot is not None
    rules = BUDGET_RULES if budget else [(rule, {}) for rule in RANKED_RULES]
    for rule, parameters in rules:
        # A fresh profile: nothing worked out for the rule before may help.
        fresh = Profile(profile.kind, profile.options, profile.groups, profile.pot)
        start = time.process_time()
        outcome = count(fresh, Specification(rule, parameters))
        ours = time.process_time() - start
        label = " ".join([rule, *(f"{name}={value}" for name, value in parameters.items())])
        begin = f"{path.stem[:38]:38} {label:34} {ours:8.3f}"
        # Of points and rankings its satisfaction measures make something else.
        theirs = run_theirs(path, rule, parameters, limit) if read.kind == "approval" else None
        yield f"{begin} {compared(theirs, ours, list(outcome.funded))}"


def run_theirs(path: Path, rule: str, parameters: dict[str, str], limit: float) -> Any:
    """Seconds and funded ids, "over" the limit, or None where there is nothing to compare."""
    if not is_installed(PABUTOOLS) or rule == "greedy-stop":
        return None
    asked = {"path": str(path), "rule": rule, "step": "1", "stop": "overspend", **parameters}
    answer = subprocess.run(
        [FOLDER / "pabutools" / "bin" / "python", "-c", THEIRS, json.dumps(asked), str(int(limit))],
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode == -signal.SIGXCPU:
        return "over"
    answer.check_returncode()
    return json.loads(answer.stdout)


def compared(theirs: Any, ours: float, funded: list[str]) -> str:
    """The columns of the other side."""
    if theirs is None:
        return f"{'-':>12} {'-':>7}"
    if theirs == "over":
        return f"{'over':>12} {'-':>7}"
    seconds, outcome = theirs
    same = "same" if sorted(funded) == outcome else "differs"
    return f"{seconds:12.3f} {seconds / max(ours, 1e-6):7.1f}  {same}"


if __name__ == "__main__":
    main()
