"""Nothing is kept that nobody reads: each column of a read model is asked for by somebody."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from projections import ALL
from projections.engine.projection import Projection

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*(ROOT / "consult").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
BESIDE = {"ballot_box": ("answered", "found_receipts", "participation", "ranking")}
"""Modules that a read model has its reading in, besides its own."""


def columns() -> Iterator[tuple[type[Projection], str, str]]:
    for projection in ALL:
        for table in projection(1, None).tables:
            for column in table.columns:
                yield projection, table.name, column.name


def reads(tree: ast.AST) -> Iterator[str]:
    """Every name that is asked for as an attribute or by its name in brackets, and NamedTuples'.

    What stands in a dictionary or as a keyword is written and not read.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node.attr
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                yield node.slice.value
        elif isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp):
            for part in node.generators:
                if isinstance(part.iter, ast.Tuple):
                    yield from (
                        one.value
                        for one in part.iter.elts
                        if isinstance(one, ast.Constant) and isinstance(one.value, str)
                    )


def handed_on(tree: ast.AST) -> set[str]:
    """Fields of what the module hands to pages: to be read there."""
    return {
        part.target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for part in node.body
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
    }


def modules_of(projection: type[Projection]) -> list[Path]:
    own = Path(inspect.getfile(projection))
    return [own, *(own.with_name(f"{name}.py") for name in BESIDE.get(own.stem, ()))]


@pytest.fixture(scope="module")
def on_pages() -> str:
    return "\n".join(path.read_text() for path in PAGES)


@pytest.mark.parametrize(
    ("projection", "table", "column"),
    [pytest.param(*each, id=f"{each[1]}-{each[2]}") for each in columns()],
)
def test_a_column_is_read_by_its_module_or_by_pages(projection, table, column, on_pages):
    trees = [ast.parse(path.read_text()) for path in modules_of(projection)]
    asked_for = {name for tree in trees for name in reads(tree)}
    # `fact.x` and `page.x` are what is written from, not what is read.
    written_from = {
        node.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in {"fact", "page", "seen", "about"}
    }
    only_written = written_from - {
        node.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and not (isinstance(node.value, ast.Name) and node.value.id in {"fact", "page", "seen"})
    }
    handed = {name for tree in trees for name in handed_on(tree)}
    is_read = column in asked_for - only_written or (column in handed and f".{column}" in on_pages)
    assert is_read, f"{table}.{column} is written and never read: take it away, or say who reads it"
