"""Seconds of counting just what a page still counts at once: `python -m tests.benchmarks.effort`.

The ballots are random and all different, which is the most work. The estimate of
`consult.counting.effort` should hold: no rule takes much longer than two seconds.
"""

import random
import time
from collections.abc import Iterator
from typing import Any

from consult.counting import RULES, Option, Profile, Specification, count
from consult.counting.effort import looks
from consult.counting.enough import enough
from consult.jobs.kinds.counting import LOOKS_AT_ONCE_MAX
from events.kinds.kind import KINDS, Shape

OPTIONS = (5, 12, 20, 40)
BALLOTS_MAX = 200_000
POT = 25_000_000


def most_ballots(rule: str, options: int, *, has_scale: bool) -> int:
    """Return how many ballots are still counted at once."""
    low, high = 0, BALLOTS_MAX
    while low < high:
        middle = (low + high + 1) // 2
        it = looks(rule, options=options, ballots=middle, has_scale=has_scale)
        low, high = (middle, high) if it <= LOOKS_AT_ONCE_MAX else (low, middle - 1)
    return low


def ballots(kind: str, ids: list[str], number: int, drawn: random.Random) -> Iterator[Any]:
    """Yield random ballots of a kind."""
    shape = KINDS[kind].shape
    for _ in range(number):
        some = drawn.sample(ids, drawn.randint(1, len(ids)))
        if shape is Shape.ONE:
            yield some[0]
        elif shape is Shape.ORDER:
            yield some
        elif shape is Shape.AMOUNTS:
            yield {id: drawn.randint(1, 5) for id in (ids if kind == "rating" else some)}
        else:
            yield sorted(some)


def seconds(rule: str, kind: str, options: int, number: int) -> float:
    """Count random ballots; return the processor seconds."""
    drawn = random.Random(1)
    ids = [f"o{each}" for each in range(options)]
    is_budget = RULES[rule].budget
    costs = [drawn.randint(5, 60) * 100_000 if is_budget else None for _ in ids]
    offered = tuple(Option(id, cost) for id, cost in zip(ids, costs, strict=True))
    groups = tuple((ballot, 1) for ballot in ballots(kind, ids, number, drawn))
    profile = Profile(kind, offered, groups, POT if is_budget else None)
    name = rule.replace("points-N", "points-3")
    parameters = {"step": "100"} if rule == "equal-shares" else {}
    specification = Specification(name, parameters, tie_chain=("lot",), lot=tuple(ids))
    began_at = time.process_time()
    enough(profile, specification, count(profile, specification))
    return time.process_time() - began_at


def main() -> None:
    """Print a line for each rule, kind of ballot and number of options."""
    for rule, found in sorted(RULES.items()):
        name = rule.replace("points-N", "points-3")
        for kind in found.accepts:
            if KINDS[kind].shape is Shape.ONE:
                continue
            for options in OPTIONS:
                number = most_ballots(name, options, has_scale=kind == "rating")
                took = seconds(rule, kind, options, number)
                print(f"{rule:16} {kind:10} {options:3} options {number:8,} ballots {took:6.2f} s")


if __name__ == "__main__":
    main()
