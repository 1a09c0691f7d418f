"""Nothing is kept that nobody reads: columns of the vault and of the log, and fields of facts.

`tests/projections/test_every_column_is_read.py` does the same for the read models.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from consult.log_store import tables as log
from consult.people import tables as people
from events import FACTS

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("consult", "events", "projections")
MODULES = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
TEMPLATES = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
EVIDENCE = {
    "By.correlation_id": "joins facts of one case, for an inquiry that reads the record itself",
    "By.causation_id": "names the command that led to this one, for the same",
    "consultation_version": "what answers were checked against, prices included: evidence",
    "Terms.late_post": "nothing sets it any more; terms that were stored keep their fields",
}
"""Fields of facts that no program reads, and why they stay: a stored fact never loses one."""


def is_query(node: ast.AST) -> bool:
    """Say whether this is a query in words, as the log asks for its tiles."""
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.lstrip().startswith("SELECT ")
    )


def asked_for() -> Iterator[str]:
    """Give each name that a module or a page asks for: `x.name`, not `x.name = ...`.

    Beside these: the words of a query, and names in a module that asks by `getattr`.
    """
    for path in MODULES:
        nodes = list(ast.walk(ast.parse(path.read_text())))
        by_name = any(isinstance(node, ast.Name) and node.id == "getattr" for node in nodes)
        for node in nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                yield node.attr
            elif is_query(node) or (by_name and isinstance(node, ast.Constant)):
                yield from re.findall(r"\w+", str(node.value))
    for path in TEMPLATES:
        yield from re.findall(r"\.(\w+)", path.read_text())


@pytest.fixture(scope="module")
def names() -> set[str]:
    return set(asked_for())


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(column, id=f"{table.name}-{column.name}")
        for metadata in (people.metadata, log.metadata)
        for table in metadata.sorted_tables
        for column in table.columns
    ],
)
def test_a_column_is_asked_for_by_somebody(column, names):
    assert column.name in names, f"{column} is written and never read: take it away"


def fields(kind: Any, known: set[type]) -> Iterator[tuple[str, str]]:
    """Give the fields of a fact and of what it is made of, with the class that declares each."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in known:
        known.add(kind)
        for field in msgspec.structs.fields(kind):
            yield kind.__name__, field.name
            yield from fields(field.type, known)
    for part in getattr(kind, "__args__", ()):
        yield from fields(part, known)


def test_every_field_of_a_fact_is_asked_for_by_somebody_or_stays_for_a_reason(names):
    known: set[type] = set()
    facts = [kind for topic, kind in FACTS.items() if topic.startswith("consult.")]
    unread = {
        f"{of}.{name}" for kind in facts for of, name in fields(kind, known) if name not in names
    }
    excused = {each for each in unread if EVIDENCE.keys() & {each, each.partition(".")[2]}}
    assert unread == excused, "written and never read: read it, or say what it is kept for"
    still = excused | {each.partition(".")[2] for each in excused}
    assert EVIDENCE.keys() <= still, "somebody reads these by now: take their excuse away"
