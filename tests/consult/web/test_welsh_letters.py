"""All Welsh that anybody is shown has one kind of apostrophe: ’, as in “mae’n”."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3]
OTHERS = re.compile(r"\w['‘ʼʹ′´`＇‛]|['‘ʼʹ′´`＇‛](?:r|n|i|u|w|ch|th)\b")  # noqa: RUF001  the letters that must not stand there
SURELY_WELSH = re.compile(r"\w['‘ʼʹ′´`＇‛](?:r|n|i|u|w|ch|th)\b")  # noqa: RUF001  the letters that must not stand there
"""No English word ends like this."""


def catalogue() -> Iterator[tuple[str, str]]:
    path = ROOT / "consult" / "translations" / "cy" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        for message in read_po(file, locale="cy"):
            yield str(message.id)[:40], str(message.string) if message.id else ""


def marked(tree: ast.AST) -> Iterator[ast.expr]:
    """The values of every dictionary whose key says that they are Welsh."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from (
                value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value == "cy"
            )


def in_code() -> Iterator[tuple[str, str]]:
    for folder in ("consult", "events", "projections"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text())
            for value in marked(tree):
                for part in ast.walk(value):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield f"{path.name}:{part.lineno}", part.value


def strings() -> Iterator[tuple[str, str]]:
    """Everything else in code and templates: Welsh there is known by its endings."""
    for folder, suffix in (("consult", "*.py"), ("events", "*.py"), ("projections", "*.py")):
        for path in sorted((ROOT / folder).rglob(suffix)):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield f"{path.name}:{node.lineno}", node.value
    for suffix in ("*.html", "*.txt"):
        for path in sorted((ROOT / "templates").rglob(suffix)):
            yield path.name, path.read_text()
    for suffix in ("*.typ", "*.js"):
        for path in sorted((ROOT / "consult").rglob(suffix)):
            if "built" not in path.parts and "node_modules" not in path.parts:
                yield path.name, path.read_text()


@pytest.mark.parametrize(("place", "least"), [(catalogue, 1_500), (in_code, 30)])
def test_welsh_has_one_kind_of_apostrophe(place: Any, least: int) -> None:
    found = list(place())
    assert len(found) >= least
    assert sum("’" in words for _where, words in found) > least // 10
    assert [where for where, words in found if OTHERS.search(words)] == []


def test_no_other_welsh_in_code_templates_or_scripts_has_another():
    found = list(strings())
    assert len(found) > 5_000
    assert [
        (where, match[0]) for where, words in found if (match := SURELY_WELSH.search(words))
    ] == []


@pytest.mark.parametrize("written", ["mae'n", "i`r", "heb yr un, wedi`u"])
def test_another_apostrophe_would_be_noticed(written: str) -> None:
    assert OTHERS.search(written)
    assert SURELY_WELSH.search(written)


@pytest.mark.parametrize("other", [r"[Aa]rchwiliwr"])
def test_one_thing_has_one_word(other: str) -> None:
    """An auditor is an archwilydd, everywhere."""
    every = [*catalogue(), *in_code()]
    assert any("rchwilydd" in words for _where, words in every)
    assert [where for where, words in every if re.search(other, words)] == []


def test_a_heading_of_shares_is_no_order_to_share():
    assert dict(catalogue())["Proportion"] == "Cyfran"
