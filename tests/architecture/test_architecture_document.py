"""docs/architecture.md is true: its picture is that of the rules, and what it names is there."""

import re

import pytest

from tests.architecture.floors import BETWEEN, DOCUMENT, ROOT, picture

TEXT = DOCUMENT.read_text()
EXTENDING = DOCUMENT.with_name("extending.md").read_text()
NAMED = sorted(set(re.findall(r"`(\w+(?:/|\.)[\w./]+)`", f"{TEXT}\n{EXTENDING}")))
"""Files and folders, such as `consult/commands/answers/submitting.py`."""
CALLED = sorted(set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", TEXT)))
"""Functions, such as `submit_answers`."""


def test_the_picture_is_that_of_the_rules():
    found = BETWEEN.search(TEXT)
    assert found is not None
    assert found[0] == picture(), "python -m tests.architecture.floors"


@pytest.mark.parametrize("name", NAMED)
def test_what_it_names_is_where_it_says(name: str):
    places = [ROOT, ROOT / "consult" / "commands"]
    assert any((place / name).exists() for place in places) or "." in name.partition("/")[0]


@pytest.mark.parametrize("name", CALLED)
def test_what_it_calls_can_be_called(name: str):
    code = [path for part in ("consult", "events") for path in (ROOT / part).rglob("*.py")]
    assert any(f"def {name}(" in path.read_text() for path in code)
