"""All mutants of a package, and a seeded sample of them: every module by its size."""

import random
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cosmic_ray.ast import get_ast_from_path
from cosmic_ray.commands import init
from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import MutationSpec, WorkerOutcome, WorkItem, WorkResult

SAME_HERE = re.compile(r"Operator_(Is_Eq|Eq_Is|IsNot_NotEq|NotEq_IsNot)$")
"""None and members of an enumeration are one object: `is` and `==` say the same of them."""

MARKS = {"staticmethod", "override"}
"""Decorators that change nothing when our code runs: it calls functions by their class."""

OF_CLASSES = {"frozen", "slots"}
"""Arguments of classes that change nothing but what happens after a mistake of ours."""

SORT = re.compile(r"/(Replace[A-Z][a-z]+Operator|\w+)")
Place = tuple[Path, tuple[int, int], str]


def make(work: WorkDB, modules: Iterable[Path]) -> int:
    """Put every mutant of these modules into the session; return how many there are."""
    init(sorted(modules), work, {})
    annotated: dict[Path, set[tuple[int, int]]] = {}
    skipped = [
        item.job_id
        for item in work.work_items
        if SAME_HERE.search(item.mutations[0].operator_name)
        or _changes_nothing(item.mutations[0], annotated)
    ]
    work.set_multiple_results(skipped, WorkResult(WorkerOutcome.SKIPPED))
    return int(work.num_work_items) - len(skipped)


def draw(work: WorkDB, size: int, seed: str) -> list[WorkItem]:
    """Choose mutants: places evenly over the modules, and one mutant for each place.

    Places are sorted by module and line and every n-th is taken from a random start, so each
    module has its share. A comparison has seven mutants at one place and counts once.
    """
    chance = random.Random(seed)
    places: dict[Place, list[WorkItem]] = defaultdict(list)
    for item in sorted(work.pending_work_items, key=_order):
        spec = item.mutations[0]
        sort = SORT.search(spec.operator_name)
        assert sort is not None
        places[spec.module_path, spec.start_pos, sort[1]].append(item)
    ordered = [places[place] for place in sorted(places)]
    step = max(1.0, len(ordered) / size)
    start = chance.random() * step
    count = min(size, len(ordered))
    return [
        chance.choice(ordered[int(start + step * number) % len(ordered)]) for number in range(count)
    ]


def _order(item: WorkItem) -> tuple[Any, ...]:
    spec = item.mutations[0]
    return spec.module_path, spec.start_pos, spec.operator_name, spec.occurrence


def _changes_nothing(spec: MutationSpec, known: dict[Path, set[tuple[int, int]]]) -> bool:
    """Whether a mutant is in an annotation, or where it only guards against ourselves."""
    if spec.module_path not in known:
        found: set[tuple[int, int]] = set()
        _collect(get_ast_from_path(spec.module_path), found, is_inside=False)
        known[spec.module_path] = found
    return spec.start_pos in known[spec.module_path]


def _collect(node: Any, found: set[tuple[int, int]], *, is_inside: bool) -> None:
    is_mark = node.type == "decorator" and node.children[1].get_code().strip() in MARKS
    if is_inside or is_mark:
        found.add(node.start_pos)
    for number, child in enumerate(getattr(node, "children", ())):
        is_type = node.type in {"annassign", "tfpdef"} and number == 1
        is_return = node.type == "funcdef" and node.annotation is child
        is_guard = node.type == "argument" and node.children[0].get_code().strip() in OF_CLASSES
        if node.type == "tfpdef":
            is_type = number == 2  # name : annotation
        _collect(child, found, is_inside=is_inside or is_type or is_return or is_guard)
