"""Which tests a mutant is shown to: those that execute its lines, the fastest first."""

import ast
from pathlib import Path

from cosmic_ray.work_item import MutationSpec

from tests.mutation.covering import Cover
from tests.mutation.packages import ROOT

SECONDS_MAX = 60.0
"""Of tests as they took with coverage: a mutant that none of these notices has survived."""


class Choice:
    """Chooses tests by line."""

    def __init__(self, cover: Cover) -> None:
        self.cover = cover
        self._modules: dict[Path, dict[int, dict[str, set[str]]]] = {}

    def tests(self, spec: MutationSpec) -> list[str]:
        """Return the tests for a mutant, those of the mirror place before others.

        What is executed in a fixture is looked at by all tests of the file; what is executed
        on import, by all tests that execute anything in the module.
        """
        module = spec.module_path
        if module not in self._modules:
            self._modules[module] = self.cover.of(module)
        by_line = self._modules[module]
        lines = range(spec.start_pos[0], spec.end_pos[0] + 1)
        if not any(
            by_line[line]["run"] or by_line[line]["setup"] for line in lines if line in by_line
        ):
            lines = _statement(ROOT / module, spec.start_pos[0])
        phases = [by_line[line] for line in lines if line in by_line]
        direct = {test for phase in phases for test in phase["run"]}
        files = {test.partition("::")[0] for phase in phases for test in phase["setup"]}
        around = {test for test in self.cover.took if test.partition("::")[0] in files} - direct
        if not direct and not around:
            around = {test for phase in by_line.values() for test in phase["run"]}
        return self._within_time([*self._sorted(direct, module), *self._sorted(around, module)])

    def _sorted(self, tests: set[str], module: Path) -> list[str]:
        mirror = f"tests/{module.parent}/test_{module.stem}"

        def order(test: str) -> tuple[bool, bool, float]:
            return "postgres" in test, not test.startswith(mirror), self.cover.took[test]

        return sorted(tests, key=order)

    def _within_time(self, tests: list[str]) -> list[str]:
        chosen: list[str] = []
        seconds = 0.0
        for test in tests:
            seconds += self.cover.took[test]
            if chosen and seconds > SECONDS_MAX:
                break
            chosen.append(test)
        return chosen

    def seconds(self, tests: list[str]) -> float:
        """Return how long these tests took together."""
        return sum(self.cover.took[test] for test in tests)


def _statement(path: Path, line: int) -> range:
    """Return the lines of the innermost statement around a line, without the body it heads."""
    around = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or line)
    ]
    best = max(around, key=lambda node: node.lineno, default=None)
    if best is None:
        return range(line, line + 1)
    body = getattr(best, "body", None)
    last = body[0].lineno - 1 if body else best.end_lineno or line
    return range(best.lineno, max(line, last) + 1)
