"""Pages write nothing themselves: neither the record nor the vault, but through commands.

The import rules keep the record, SQL and the vault's tables away from pages. This finds every
function of `consult.people` that writes, directly or through another, and every page that names
one. While the tests of pages run, `tests/written.py` watches the statements themselves.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATEMENTS = {"insert", "update", "delete"}
"""What SQLAlchemy calls the statements that write, and `Vault.insert`."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(package: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / package).rglob("*.py")):
        dotted = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        yield dotted, ast.parse(path.read_text())


def imported(tree: ast.AST) -> dict[str, str]:
    """What each imported name stands for, with its module."""
    return {
        name.asname or name.name: f"{node.module}.{name.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }


def named_in(node: ast.AST, known: dict[str, str]) -> set[str]:
    """Every function that is named there, with its module."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            found.add(known.get(each.id, each.id))
        elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            found.add(f"{known.get(each.value.id, each.value.id)}.{each.attr}")
    return found


def writers() -> set[str]:
    """Every function of the vault's package that writes."""
    writes = {f"sqlalchemy.{each}" for each in STATEMENTS} | {"vault.insert", "self.insert"}
    named = {}
    for module, tree in modules("consult/people"):
        own = {
            node.name: f"{module}.{node.name}" for node in tree.body if isinstance(node, Function)
        }
        for node in tree.body:
            if isinstance(node, Function):
                named[f"{module}.{node.name}"] = named_in(node, own | imported(tree))
    found: set[str] = set()
    while more := {name for name, uses in named.items() if uses & (writes | found)} - found:
        found |= more
    return found


def written_by(tree: ast.AST, found: set[str]) -> set[str]:
    """Every function that writes and is imported or named in a module."""
    known = imported(tree)
    return (named_in(tree, known) | set(known.values())) & found


DOORS = {
    "record": {"save", "append_batch"},
    "vault": {"transaction", "insert", "engine"},
    "views": {"write", "engine"},
}
"""What of a store leads to writing in it."""


def test_no_page_opens_a_store_for_writing():
    opened = [
        f"{module}:{node.lineno}"
        for module, tree in modules("consult/web")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in DOORS.get(ast.unparse(node.value).rpartition(".")[2], ())
    ]
    assert opened == []


def test_no_page_names_a_function_that_writes_to_the_vault():
    found = writers()
    assert len(found) > 40
    assert {
        module: each for module, tree in modules("consult/web") if (each := written_by(tree, found))
    } == {}


def test_writing_is_noticed_directly_by_another_name_and_through_another_function():
    found = writers()
    assert "consult.people.answers.drafts.save" in found
    assert "consult.people.answers.drafts.load" not in found
    assert "consult.people.accounts.staff.rename" in found
    assert "consult.people.calendar.put_behind" in found, "it writes through watermarks"
    for page in (
        "from consult.people.answers import drafts\ndrafts.save()",
        "from consult.people.answers import drafts as kept\nkept.save()",
        "from consult.people.answers.drafts import save",
    ):
        assert written_by(ast.parse(page), found) == {"consult.people.answers.drafts.save"}
    assert (
        written_by(ast.parse("from consult.people.answers import drafts\ndrafts.load()"), found)
        == set()
    )
