"""What a session came to: a line of the table for each package, and every survivor as a diff."""

import math
from collections.abc import Iterable

from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import TestOutcome, WorkerOutcome

Z = 1.96
"""Of a confidence of 95%."""

HEAD = "| package | mutants | tried | noticed | % (95% confidence) |\n|---|--:|--:|--:|---|"


def interval(noticed: int, tried: int) -> tuple[float, float]:
    """Return Wilson's interval for a share."""
    if not tried:
        return 0.0, 1.0
    share, per = noticed / tried, Z * Z / tried
    middle = (share + per / 2) / (1 + per)
    around = Z / (1 + per) * math.sqrt(share * (1 - share) / tried + per / (4 * tried))
    return middle - around, middle + around


def line(name: str, made: int, noticed: int, tried: int) -> str:
    """Return a line of the table."""
    low, high = interval(noticed, tried)
    share = noticed / tried if tried else 0
    return f"| {name} | {made:,} | {tried} | {noticed} | {share:.0%} ({low:.0%} to {high:.0%}) |"


def counts(work: WorkDB) -> tuple[int, int, int]:
    """Return how many mutants were made, noticed and tried."""
    skipped = noticed = tried = 0
    for _, result in work.results:
        skipped += result.worker_outcome == WorkerOutcome.SKIPPED
        if result.test_outcome is not None:
            tried += 1
            noticed += result.test_outcome == TestOutcome.KILLED
    return work.num_work_items - skipped, noticed, tried


def survivors(work: WorkDB) -> Iterable[str]:
    """Yield what nobody noticed, as differences."""
    for item, result in work.completed_work_items:
        if result.test_outcome == TestOutcome.SURVIVED:
            spec = item.mutations[0]
            place = f"{spec.module_path}:{spec.start_pos[0]}"
            yield f"{place} {spec.operator_name}\n{result.diff}\n{result.output}"
