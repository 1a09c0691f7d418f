"""No test is lost between the days: the parts of the lists in turn make up the whole."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.turns import TURNS

ROOT = Path(__file__).parents[2]
MANY = 60
TESTS = f"""
import pytest

@pytest.mark.in_turn
@pytest.mark.parametrize("number", range({MANY}))
def test_in_turn(number): pass

def test_always(): pass
"""
PAGES = f"""
import pytest

@pytest.mark.parametrize("number", range({MANY}))
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_page(number, database): pass
"""


@pytest.fixture
def collected(tmp_path):
    """What a run of a small suite takes, given options."""
    pages = tmp_path / "tests" / "consult" / "web"
    pages.mkdir(parents=True)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = in_turn\npythonpath = .\n")
    (pages / "test_pages.py").write_text(PAGES)
    (tmp_path / "test_list.py").write_text(TESTS)

    def collect(*options: str) -> set[str]:
        command = (sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "tests.turns")
        said = subprocess.run(
            [*command, "--rootdir", tmp_path, *options],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return {line for line in said.stdout.splitlines() if "::" in line}

    return collect


def test_every_test_has_its_day_and_one_only(collected):
    every = collected("--every")
    assert len(every) == MANY + 1 + 2 * MANY
    parts = [collected("--turn", str(turn)) for turn in range(TURNS)]
    always = set.intersection(*parts)
    assert len(always) == 1 + MANY, "what has no list, and pages on SQLite"
    assert set.union(*parts) == every
    assert sum(len(part - always) for part in parts) == 2 * MANY
    assert all(len(part - always) > 2 * MANY / TURNS / 2 for part in parts)


def test_what_is_asked_for_by_its_name_is_run_on_any_day(collected):
    [name, *_] = sorted(collected("--turn", "0") - collected("--turn", "1"))
    assert collected(name, "--turn", "1") == {name}
