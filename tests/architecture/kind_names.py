"""Find where code decides on the kind of a question by its name, outside of the registries.

`python -m tests.architecture.kind_names` prints every such place.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from events.kinds.kind import KINDS

ROOT = Path(__file__).resolve().parents[2]
OTHER_MEANINGS = frozenset({"area", "date", "file", "number", "points", "text"})
"""Names that are words of forms, tables and documents too: they count beside `kind` only."""

ELSEWHERE = {
    "events/kinds/": "the registry of the record",
    "consult/counting/kinds/": "the registry of tallies",
    "consult/web/kinds/": "the registry of pages",
    "templates/kinds/": "their templates",
    "consult/wording/drafting/kind_words.py": "the registry of words",
    "consult/verifier/": "one file that imports nothing of ours",
    "consult/formats/": "public formats of files, which name kinds of votes in their own words",
    "consult/demo/": "drafts consultations, as organisers do",
    "consult/counting/profile.py": "the kinds of ballot of the counting specification",
    "consult/counting/rules/": "rules declare the kinds of ballot that they count",
    "consult/counting/budgets/": "rules declare the kinds of ballot that they count",
    "consult/counting/examples.py": "ballots of the examples of rules",
    "consult/counting/enough.py": "rules by name, and ballots made to count with them",
    "consult/wording/rules/": "words of rules that are named like kinds of ballot",
    "consult/commands/files/exporting.py": "the rule of that name stands in files without a rule",
    "consult/web/site/gallery": "names of patterns, which are shown without a question",
}
"""Where the name of a kind may stand, and why."""


def decisions(root: Path = ROOT) -> Iterator[str]:
    """Yield "file:line" of every decision on the name of a kind outside of ELSEWHERE."""
    for package in ("events", "projections", "consult"):
        for path in sorted((root / package).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if not name.startswith(tuple(ELSEWHERE)):
                tree = ast.parse(path.read_text())
                yield from (f"{name}:{line}" for line in sorted(set(_in_code(tree))))
    compared = re.compile(r"\bkind\b\s*(?:==|!=|(?:not )?in)\s*[('\"]")
    for path in sorted((root / "templates").rglob("*.html")):
        name = path.relative_to(root).as_posix()
        if not name.startswith(tuple(ELSEWHERE)):
            for number, line in enumerate(path.read_text().splitlines(), start=1):
                named = compared.search(line) and set(re.findall(r"['\"]([a-z]+)['\"]", line))
                if named and named & KINDS.keys():
                    yield f"{name}:{number}"


def _in_code(tree: ast.AST) -> Iterator[int]:
    return (node.lineno for node in ast.walk(tree) if isinstance(node, ast.expr) and _decides(node))


def _decides(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return bool(_names(node) - OTHER_MEANINGS)
    if isinstance(node, ast.Compare):
        parts = [node.left, *node.comparators]
        return any(_is_kind(part) for part in parts) and any(_names(part) for part in parts)
    if isinstance(node, ast.Dict | ast.Set | ast.Tuple | ast.List):
        parts = node.keys if isinstance(node, ast.Dict) else node.elts
        return len({name for part in parts if part for name in _names(part)}) > 1
    if isinstance(node, ast.Call):
        called = getattr(node.func, "id", "")
        if called == "isinstance":
            return "of_kind" in ast.unparse(node)  # its class is its name
        given = [each.value for each in node.keywords if each.arg == "kind"]
        given += node.args[1:2] if called == "Question" else []
        return any(_names(each) for each in given)
    return False


def _is_kind(node: ast.AST) -> bool:
    """Return whether it is called `kind`, or is the id of one."""
    if isinstance(node, ast.Attribute):
        return node.attr == "kind" or (node.attr == "id" and "of_kind" in ast.unparse(node))
    return isinstance(node, ast.Name) and node.id == "kind"


def _names(node: ast.AST) -> set[str]:
    """Return the names of kinds that a constant, or a literal collection of them, holds."""
    if isinstance(node, ast.Constant):
        return {node.value} & KINDS.keys() if isinstance(node.value, str) else set()
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return {name for part in node.elts for name in _names(part)}
    return set()


if __name__ == "__main__":
    print(*decisions(), sep="\n")  # noqa: T201  what it is for
