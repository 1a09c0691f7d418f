"""What is named is there, and what is there is used."""

import ast
import builtins
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from consult.web.kinds.form import QuestionForm
from events.errors import Refused
from events.kinds.kind import QuestionKind

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("events", "projections", "consult")
_RAISES = re.compile(r"Raises (.*?)(?:\.(?:\s|$)|$)")
_ERROR = re.compile(r"(?<![.\w])[A-Z][a-z]+(?:[A-Z][a-z]+)*\b")
_MODULE = re.compile(r"`((?:events|consult|projections)(?:\.\w+)+)`")

NOT_OURS = {"Unicode", "BadSignature"}
"""A word, and an error of a library that covers one which we name in code."""


@cache
def modules() -> dict[str, ast.Module]:
    """Return every module of the product but the one-file verifier, parsed."""
    paths = [path for each in PACKAGES for path in sorted((ROOT / each).rglob("*.py"))]
    names = {path.relative_to(ROOT).as_posix(): path for path in paths}
    return {
        name: ast.parse(path.read_text())
        for name, path in names.items()
        if not name.startswith("consult/verifier/")
    }


def raising() -> Iterator[tuple[str, str]]:
    """Yield the module and the sentence of every docstring that says what is raised."""
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
                said = " ".join((ast.get_docstring(node) or "").split())
                yield from ((name, sentence) for sentence in _RAISES.findall(said))


def test_an_error_that_a_docstring_names_is_defined():
    known = set(dir(builtins))
    for tree in modules().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                known.add(node.name)
            elif isinstance(node, ast.ImportFrom):
                known |= {each.name for each in node.names}
    named = [(name, error) for name, said in raising() for error in _ERROR.findall(said)]
    assert len(named) > 100
    assert not [pair for pair in named if pair[1] not in known | NOT_OURS]


def test_a_module_whose_refusals_a_docstring_names_defines_some():
    named = {module for _name, said in raising() for module in _MODULE.findall(said)}
    assert named
    for module in named:
        there = vars(import_module(module)).values()
        assert any(
            isinstance(each, type) and issubclass(each, Refused) and each.__module__ == module
            for each in there
        ), module


@cache
def words() -> Counter[str]:
    """Return how often each word stands in the product and its templates."""
    templates = [path.read_text() for path in sorted((ROOT / "templates").rglob("*.html"))]
    code = [(ROOT / name).read_text() for name in modules()]
    return Counter(re.findall(r"\w+", "\n".join([*code, *templates])))


def test_every_constant_is_used():
    tested = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))
    for name, tree in modules().items():
        for node in tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            for each in (part for target in targets for part in ast.walk(target)):
                if isinstance(each, ast.Name) and each.id.isupper():
                    is_used = words()[each.id] > 1 or f"import {each.id}" in tested
                    assert is_used or re.search(rf"\w\.{each.id}\b", tested), (name, each.id)


@pytest.mark.parametrize("kind", [QuestionKind, QuestionForm])
def test_what_a_kind_says_of_itself_is_asked_somewhere(kind: type):
    asked = {
        node.attr
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    said = {name for name in vars(kind) if not name.startswith("_")}
    assert said <= asked
