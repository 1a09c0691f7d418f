"""Every test that docs/checks.md names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.findall(r"(tests/[\w/]+\.py)::(test_\w+)", (ROOT / "docs" / "checks.md").read_text())


def test_the_page_names_tests():
    assert len(NAMED) > 30


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_promise_names_a_test_that_is_there(file: str, name: str):
    assert f"\ndef {name}(" in (ROOT / file).read_text()
