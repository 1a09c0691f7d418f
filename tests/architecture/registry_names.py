"""Find where code names an entry of a registry with a string of its own."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("events", "projections", "consult")
EXEMPT = {
    "consult/verifier/": "one file that imports nothing of ours",
    "consult/people/migrations/": "as the tables were then",
}


@dataclass(frozen=True)
class Registry:
    """One list of names. `home`: where it stands, and where its words do.

    `slots`: what is called so holds one of the names, or returns it. `takes`: functions with the
    place of an argument that is one. `elsewhere`: where strings stand too, and why. `is_telling`:
    the names mean nothing else, so that none may stand anywhere else.
    """

    home: str
    names: frozenset[str]
    slots: frozenset[str]
    takes: Mapping[str, int] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    is_telling: bool = False

    @property
    def allowed(self) -> tuple[str, ...]:
        """Return the beginnings of the paths where its strings may stand."""
        return (self.home, *self.elsewhere, *EXEMPT)


def strays(registry: Registry, root: Path = ROOT) -> Iterator[str]:
    """Yield "file:line" of every name that is a string outside of its registry."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if not name.startswith(registry.allowed):
                lines = _Finder(registry).lines(_parsed(path))
                yield from (f"{name}:{line}" for line in lines)
    slot = rf"\b(?:{'|'.join(registry.slots)})\b"
    compared = re.compile(
        rf"{slot}(?:\(| *(?:[!=]=|(?:not )?in) *\(?)(['\"].*)"
        rf"|(['\"]\w+['\"]) (?:not )?in [\w.]*{slot}"
    )
    for path in sorted((root / "templates").rglob("*.html")):
        name = path.relative_to(root).as_posix()
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            found = compared.search(line)
            stray = _quoted(found[1] or found[2]) & registry.names if found else set()
            many = len(_quoted(line) & registry.names) > 1
            if (stray or many) and not name.startswith(registry.allowed):
                yield f"{name}:{number}"


def _quoted(text: str) -> set[str]:
    return set(re.findall(r"['\"]([^'\"]+)['\"]", text))


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


class _Finder:
    """Finds the names of one registry in a module."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.sets: set[str] = set()  # variables that hold some of the names
        self.checks: dict[type[ast.AST], Callable[[Any], bool]] = {
            ast.Constant: lambda node: registry.is_telling and self.has(node),
            ast.Compare: self.is_compared,
            ast.Subscript: lambda node: self.is_slot(node.value) and self.has(node.slice),
            ast.Match: self.is_matched,
            ast.Assign: lambda node: self.is_given(node.targets, node.value),
            ast.AnnAssign: lambda node: self.is_given([node.target], node.value),
            ast.FunctionDef: self.is_default_or_returned,
            ast.Call: self.is_argument,
            ast.Dict: self.is_mapped,
            **dict.fromkeys((ast.Tuple, ast.List, ast.Set), lambda node: len(self.names(node)) > 1),
        }

    def lines(self, tree: ast.Module) -> list[int]:
        for node in tree.body:
            if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Constant):
                values = node.value.args if isinstance(node.value, ast.Call) else [node.value]
                if any(map(self.has, values)):
                    self.sets |= {_called(target) for target in node.targets} - {""}
        found = {
            node.lineno
            for node in ast.walk(tree)
            if type(node) in self.checks and self.checks[type(node)](node)
        }
        return sorted(found)

    def names(self, node: ast.AST | None) -> set[str]:
        return _strings(node) & self.registry.names

    def has(self, node: ast.AST | None) -> bool:
        return bool(self.names(node))

    def is_slot(self, node: ast.AST | None) -> bool:
        return _called(node) in self.registry.slots

    def is_compared(self, node: ast.Compare) -> bool:
        parts = [node.left, *node.comparators]
        named = any(self.has(part) or _called(part) in self.sets for part in parts)
        return named and any(map(self.is_slot, parts))

    def is_matched(self, node: ast.Match) -> bool:
        patterns = [part for case in node.cases for part in ast.walk(case.pattern)]
        values = [part.value for part in patterns if isinstance(part, ast.MatchValue)]
        return self.is_slot(node.subject) and any(map(self.has, values))

    def is_given(self, targets: list[ast.expr], value: ast.AST | None) -> bool:
        return any(map(self.is_slot, targets)) and self.has(value)

    def is_default_or_returned(self, node: ast.FunctionDef) -> bool:
        args = node.args
        given = [*args.posonlyargs, *args.args]
        defaults = list(zip(given[::-1], args.defaults[::-1], strict=False))
        defaults += zip(args.kwonlyargs, args.kw_defaults, strict=True)
        if any(arg.arg in self.registry.slots and self.has(default) for arg, default in defaults):
            return True
        returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
        return node.name in self.registry.slots and any(map(self.has, returned))

    def is_argument(self, node: ast.Call) -> bool:
        at = self.registry.takes.get(_called(node.func))
        taken = [] if at is None else node.args[at:]
        taken += [each.value for each in node.keywords if each.arg in self.registry.slots]
        return any(map(self.has, taken))

    def is_mapped(self, node: ast.Dict) -> bool:
        pairs = zip(node.keys, node.values, strict=True)
        if any(_strings(key) & self.registry.slots and self.has(value) for key, value in pairs):
            return True
        return len({name for key in node.keys for name in self.names(key)}) > 1


def _called(node: ast.AST | None) -> str:
    """Return the last name of a name, an attribute, a call, or a column of one."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Call):
        return _called(node.func)
    return node.id if isinstance(node, ast.Name) else ""


def _strings(node: ast.AST | None) -> set[str]:
    """Return the strings that a constant, or a literal collection of them, holds."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return {name for part in node.elts for name in _strings(part)}
    if isinstance(node, ast.IfExp):
        return _strings(node.body) | _strings(node.orelse)
    return set()
