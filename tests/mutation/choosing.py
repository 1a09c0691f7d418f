"""Which tests a mutant is shown to: those that execute its lines, the fastest first."""

import ast
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from cosmic_ray.work_item import MutationSpec

from tests.mutation.covering import Cover
from tests.mutation.packages import ROOT

SECONDS = 60.0
"""Of tests as they took with coverage: a mutant that none of these notices has survived."""


class Choice:
    """Chooses tests by line."""

    def __init__(self, cover: Cover, seconds_max: float = SECONDS) -> None:
        self.cover = cover
        self.seconds_max = seconds_max
        self._modules: dict[Path, dict[int, dict[str, set[str]]]] = {}

    def tests(self, spec: MutationSpec) -> list[str]:
        """Return the tests for a mutant: first half of the time for the fastest that execute it.

        The other half is for those that execute most of the module: they are about it. They are
        alone where a line is executed in fixtures or on import, by nearly every test.
        """
        module = spec.module_path
        if module not in self._modules:
            self._modules[module] = self.cover.of(module)
        by_line = self._modules[module]
        executed = Counter(test for phases in by_line.values() for test in phases["run"])
        lines = [*range(spec.start_pos[0], spec.end_pos[0] + 1)]
        direct = self._executing(module, lines)
        if not direct:
            direct = self._executing(module, _lines_about(ROOT / module, spec.start_pos[0]))
        mirror = f"tests/{module.parent}/test_{module.stem}"

        def fastest(test: str) -> tuple[bool, bool, float]:
            return "postgres" in test, not test.startswith(mirror), self.cover.took[test]

        def closest(test: str) -> tuple[bool, bool, int, float]:
            return "postgres" in test, test not in direct, -executed[test], self.cover.took[test]

        chosen = self._within(sorted(direct, key=fastest), self.seconds_max / 2)
        others = sorted(set(executed) - set(chosen), key=closest)
        if not executed:  # only on import, as tables are: the tests of its folder speak for it
            about = [test for test in self.cover.took if test.startswith(f"tests/{module.parent}/")]
            return self._within(sorted(about, key=named_like(module)), self.seconds_max)
        return [*chosen, *self._within(others, self.seconds_max / 2)]

    def _executing(self, module: Path, lines: Iterable[int]) -> set[str]:
        by_line = self._modules[module]
        return {test for line in lines if line in by_line for test in by_line[line]["run"]}

    def _within(self, tests: list[str], seconds_max: float) -> list[str]:
        chosen: list[str] = []
        seconds = 0.0
        for test in tests:
            seconds += self.cover.took[test]
            if chosen and seconds > seconds_max:
                break
            chosen.append(test)
        return chosen

    def seconds(self, tests: list[str]) -> float:
        """Return how long these tests took together."""
        return sum(self.cover.took[test] for test in tests)


def named_like(module: Path) -> Callable[[str], tuple[bool, bool, str]]:
    """Return a key that puts tests on SQLite first, and of them those in a file named like it."""
    return lambda test: (
        "postgres" in test,
        module.stem not in test.partition("::")[0].rpartition("/")[2],
        test,
    )


def _lines_about(path: Path, line: int) -> list[int]:
    """Return the lines that speak of a line which no test executes while it runs.

    Of a decorator or a default, the function; of a name, where it is used; else the statement.
    """
    tree = ast.parse(path.read_text())
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and _first(node) <= line <= (node.end_lineno or line)
    ]
    if not around:
        return [line]
    best = max(around, key=lambda node: node.lineno)
    if isinstance(best, ast.Assign | ast.AnnAssign):
        targets = best.targets if isinstance(best, ast.Assign) else [best.target]
        names = {node.id for node in targets if isinstance(node, ast.Name)}
        used = [
            node.lineno
            for node in ast.walk(tree)
            if (isinstance(node, ast.Name) and node.id in names)
            or (isinstance(node, ast.Attribute) and node.attr in names)
        ]
        return sorted(set(used))
    return [*range(best.lineno, (best.end_lineno or best.lineno) + 1)]


def _first(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])
