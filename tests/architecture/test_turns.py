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


JOURNEYS = """
import pytest

@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("page", ["home", "results"])
def test_journey(page, language, script): pass
"""
FEW = """
import pytest

@pytest.mark.in_turn
@pytest.mark.parametrize("number", range(3))
def test_few(number): pass
"""
BOTH = """
import pytest

@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_at_the_same_moment(database): pass
"""


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """What a run of a small suite takes, given options."""
    tmp_path = tmp_path_factory.mktemp("suite")
    tests = {
        "consult/web/test_pages.py": PAGES,
        "consult/commands/test_conflicts.py": BOTH,
        "journeys/test_journeys.py": JOURNEYS,
        "test_few.py": FEW,
    }
    for name, text in tests.items():
        place = tmp_path / "tests" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = in_turn\npythonpath = .\n")
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


@pytest.fixture(scope="module")
def parts(collected):
    """What each day takes."""
    return [collected("--turn", str(turn)) for turn in range(TURNS)]


def test_every_test_has_its_day_and_what_has_no_list_has_every_day(collected, parts):
    assert set.union(*parts) == collected("--every")
    always = set.intersection(*parts)
    assert len(always) == 1 + MANY + 2, "what has no list, pages on SQLite, and what is on both"
    for many in ("test_in_turn", "postgres-"):
        of_a_list = [{name for name in part if many in name} for part in parts]
        assert sum(map(len, of_a_list)) == len(set.union(*of_a_list)) == MANY, "one day each"
        assert all(len(part) > MANY / TURNS / 3 for part in of_a_list)


def test_every_day_has_a_case_of_every_test(parts):
    for part in parts:
        assert sum("test_few" in name for name in part) == 1
        for page in ("home", "results"):
            assert sum(f"test_journey[{page}-" in name for name in part) == 1


def test_what_is_asked_for_by_its_name_is_run_on_any_day(collected):
    [name, *_] = sorted(collected("--turn", "0") - collected("--turn", "1"))
    assert collected(name, "--turn", "1") == {name}
