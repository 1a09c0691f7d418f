"""Measures what tests notice: plants small faults and counts those that no test finds.

`make mutants`, or for one package and another sample:

    python -m tests.mutation consult/counting --seed 2 --sample 40
    python -m tests.mutation consult/counting --again     # its survivors, after new tests
    python -m tests.mutation consult/counting --again --seconds 600   # ... against more tests

Cosmic Ray makes the mutants and keeps the session (build/mutants/<package>.sqlite); which
tests a mutant is shown to comes from coverage. Everything happens in copies of the project
under build/mutants, so a run that is killed leaves nothing behind. How it is sampled is in
`sampling`, which tests are chosen in `choosing`; docs/mutation.md has the last table.
"""

import argparse
import difflib
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import (
    MutationSpec,
    TestOutcome,
    WorkerOutcome,
    WorkItem,
    WorkResult,
)

from tests.mutation import operators, sampling, table
from tests.mutation.choosing import SECONDS, Choice
from tests.mutation.copies import copy, environment
from tests.mutation.covering import Cover
from tests.mutation.packages import PACKAGES, ROOT, Package

PLACE = ROOT / "build" / "mutants"
ENDED = {"is_noticed": True, "how": "ends the process", "seconds": 0, "said": ""}


class Tree:
    """A copy of the project with a process in it that tries mutants."""

    def __init__(self, number: int) -> None:
        self.place = copy(PLACE / f"copy-{number}")
        self.process = self._begin()

    def _begin(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.mutation.trying"],
            cwd=self.place,
            env=environment(self.place),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(PLACE / f"{self.place.name}.log").open("ab"),
            text=True,
        )

    def attempt(
        self, spec: MutationSpec, source: str, tests: list[str], seconds: float
    ) -> WorkResult:
        """Plant a mutant and run tests; one that ends the process itself, twice, was noticed."""
        job = {
            "module": str(spec.module_path),
            "source": source,
            "tests": tests,
            "seconds": seconds,
        }
        answer = self._ask(job) or self._ask(job) or ENDED
        outcome = TestOutcome.KILLED if answer["is_noticed"] else TestOutcome.SURVIVED
        said = f"{len(tests)} tests, {answer['seconds']} s, {answer['how']}\n{answer['said']}"
        return WorkResult(WorkerOutcome.NORMAL, said, outcome, difference(spec, source))

    def _ask(self, job: dict[str, Any]) -> dict[str, Any] | None:
        """Return what the process says of a mutant; None, and a new process, when it ended."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        if said:
            found: dict[str, Any] = json.loads(said)
            return found
        self.process.wait()
        copy(self.place)  # what was planted is still there
        self.process = self._begin()
        return None


def mutated(spec: MutationSpec) -> str:
    """Return the source of a module with a mutant in it."""
    operator = get_operator(spec.operator_name)(**spec.operator_args)
    return str(mutate_code((ROOT / spec.module_path).read_text(), operator, spec.occurrence))


def difference(spec: MutationSpec, source: str) -> str:
    """Return what a mutant changes."""
    lines = (ROOT / spec.module_path).read_text().splitlines(), source.splitlines()
    return "\n".join(difflib.unified_diff(*lines, n=2, lineterm=""))


def try_all(
    work: WorkDB, items: list[WorkItem], choice: Choice, trees: SimpleQueue[Tree], jobs: int
) -> None:
    """Try mutants, several at a time."""
    keeping, choosing = threading.Lock(), threading.Lock()

    def one(item: WorkItem) -> None:
        spec = item.mutations[0]
        source = mutated(spec)
        with choosing:
            tests = choice.tests(spec)
        if tests:
            tree = trees.get()
            result = tree.attempt(spec, source, tests, choice.seconds(tests))
            trees.put(tree)
        else:  # nothing executes it, so nothing can notice it
            diff = difference(spec, source)
            result = WorkResult(WorkerOutcome.NORMAL, "no test", TestOutcome.SURVIVED, diff)
        with keeping:
            work.set_result(item.job_id, result)
            _, noticed, tried = table.counts(work)
            print(f"\r{noticed} of {tried} noticed", end=" ", flush=True)

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, items))
    print()


def measure(package: Package, wanted: argparse.Namespace, trees: SimpleQueue[Tree]) -> str:
    """Try a sample of a package's mutants, or its survivors again; return its line."""
    file = PLACE / f"{package.name.replace('/', '-')}.sqlite"
    cover = Cover(PLACE / "cover")
    cover.bring_up_to_date(package.test_files())
    print(f"--- {package.name}", flush=True)
    if not wanted.again:
        file.unlink(missing_ok=True)
    with use_db(str(file)) as work:
        if wanted.again:
            items = [
                item
                for item, result in work.completed_work_items
                if result.test_outcome == TestOutcome.SURVIVED
            ]
        else:
            sampling.make(work, package.modules())
            items = sampling.draw(work, wanted.sample, wanted.seed)
        try_all(work, items, Choice(cover, wanted.seconds), trees, wanted.jobs)
        (PLACE / f"{file.stem}.survivors").write_text("\n\n".join(table.survivors(work)))
        made, noticed, tried = table.counts(work)
    return table.line(package.name, made, noticed, tried)


def main() -> None:
    """Measure the named packages, or all of them, and print the table."""
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    names = [package.name for package in PACKAGES]
    reader.add_argument("package", nargs="*", choices=[*names, []], help="all, unless given")
    reader.add_argument("--seed", default="1", help="of the sample (1)")
    reader.add_argument("--sample", type=int, default=60, help="mutants of each package (60)")
    reader.add_argument("--jobs", type=int, default=2, help="how many at a time (2)")
    reader.add_argument(
        "--seconds", type=float, default=SECONDS, help="of tests, for each mutant (60)"
    )
    reader.add_argument("--again", action="store_true", help="the survivors of the last time")
    wanted = reader.parse_args()
    operators.register()
    PLACE.mkdir(parents=True, exist_ok=True)
    trees: SimpleQueue[Tree] = SimpleQueue()
    for number in range(wanted.jobs):
        trees.put(Tree(number))
    lines = [
        measure(package, wanted, trees)
        for package in PACKAGES
        if package.name in (wanted.package or names)
    ]
    print(table.HEAD, *lines, sep="\n")
    for _ in range(wanted.jobs):
        trees.get().process.kill()


if __name__ == "__main__":
    main()
