"""A file of votes is imported as a whole or leaves nothing, and is told why in words that hold."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consult.cli import main
from consult.services import Services
from tests.conftest import only

pytestmark = only("sqlite")
FUND = """META
key;value
description;One
budget;{budget}
vote_type;approval
{more}PROJECTS
project_id;cost;name
p;{cost};Pond
{other}VOTES
voter_id;vote
1;p
"""
TWO = "q;5;Quay\n"
PREFLIB = """# FILE NAME: a
# TITLE: a
# DATA TYPE: {kind}
# NUMBER ALTERNATIVES: {named}
# ALTERNATIVE NAME {number}: Ann
{people}: 1
"""
HUGE = "99999999999999999999"
LONG = "9" * 6_000


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", database_url)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def fund(*, budget: str = "100", cost: str = "10", other: str = TWO, more: str = "") -> str:
    return FUND.format(budget=budget, cost=cost, other=other, more=more)


def preflib(kind: str, *, number: str = "1", people: str = "3", named: str = "1") -> str:
    return PREFLIB.format(kind=kind, number=number, people=people, named=named)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("one.pb", fund(other="")),
        ("one.blt", '1 1\n1 1 0\n0\n"Ann"\n"Title"\n'),
        ("one.soc", preflib("soc")),
    ],
)
def test_a_file_with_one_thing_to_choose_is_refused_and_leaves_nothing(
    run: Callable[..., Result], services: Services, tmp_path: Path, name: str, content: str
) -> None:
    before = services.record.head()
    path = tmp_path / name
    path.write_text(content)
    refused = run("import", path)
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[-1].startswith(name)
    assert "It has one thing to choose, and a vote needs at least two." in refused.stderr
    assert "Nothing was imported." in refused.stderr
    assert services.record.head() == before, "not even a draft"


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("a.pb", fund(budget=HUGE), "amounts up to 999,999,999,999,999 are read"),
        ("a.pb", fund(cost="1e40"), "amounts up to 999,999,999,999,999 are read"),
        ("a.pb", fund(cost=LONG), "amounts up to 999,999,999,999,999 are read"),
        ("a.pb", fund(cost=f"1.{LONG}"), "more than 6 decimals cannot be kept"),
        ("a.pb", fund(more=f"num_votes;{HUGE}\n"), "at most 999,999,999,999,999 is read"),
        ("a.soc", preflib("soc", people=HUGE), "at most 999,999,999,999,999 is read"),
        ("a.soc", preflib("soc", number=LONG), "at most 999,999,999,999,999 is read"),
        ("a.blt", f"{HUGE} 1\n1 1 0\n0\n", "at most 999,999,999,999,999 is read"),
        ("a.blt", f"2 {LONG}\n1 1 0\n0\n", "at most 999,999,999,999,999 is read"),
        ("a.blt", f"2 1\n-{LONG}\n1 1 0\n0\n", "is not a candidate"),
        ("a.csv", f"2,{HUGE}\n1,1\n", "at most 999,999,999,999,999 is read"),
    ],
)
def test_a_number_that_is_too_large_is_called_too_large(
    run: Callable[..., Result],
    services: Services,
    tmp_path: Path,
    name: str,
    content: str,
    cause: str,
) -> None:
    before = services.record.head()
    path = tmp_path / name
    path.write_text(content)
    refused = run("import", path)
    assert refused.exit_code == 1, refused.output
    assert cause in refused.stderr
    assert "must be" not in refused.stderr
    assert re.search(rf"{name}, line \d+", refused.stderr)
    assert "Nothing was imported." in refused.stderr
    assert services.record.head() == before


@pytest.mark.parametrize("amount", ["60.000000000000000000000000", "00000000000000000060", "6e1"])
def test_an_amount_written_at_length_is_the_amount_it_is(
    run: Callable[..., Result], tmp_path: Path, amount: str
) -> None:
    path = tmp_path / "long.pb"
    path.write_text(fund(cost=amount))
    imported = json.loads(run("import", path, "--json").stdout)
    assert json.loads(run("count", imported["id"], "--json").stdout)["spent"] == 60


def test_a_least_score_with_a_point_and_noughts_is_the_whole_number_it_is(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    path = tmp_path / "least.pb"
    path.write_text(fund(more="rule;greedy-threshold\nmin_project_score_threshold;2.0\n"))
    imported = json.loads(run("import", path, "--json").stdout)
    counted = json.loads(run("count", imported["id"], "--json").stdout)
    assert counted["funded"] == [], "one vote is under two"
