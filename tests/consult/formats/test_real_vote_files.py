"""Every given file of real votes, compared with an independent count of it."""

import dataclasses
import functools
import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from consult.formats import Election, read, write_pabulib
from consult.formats.election import picks

BUDGETS = (
    "France_Toulouse_2022",
    "Hungary_Budapest_2023_VIII_Jozsefvaros",
    "Netherlands_Assen_2024",
    "Poland_Czestochowa_2024_Polnoc",
    "Poland_Gdynia_2022_Chwarzno-Wiczlino__large",
    "Poland_Katowice_2023",
    "Poland_Krakow_2024",
    "Poland_Lodz_2022",
    "Poland_Lodz_2024_Katedralna",
    "Poland_Warszawa_2017_Przyczolek_Grochowski",
    "Poland_Warszawa_2020_Praga-Poludnie",
    "Poland_Warszawa_2022_Bemowo",
    "Poland_Wieliczka_2023_Green_Budget",
    "Poland_Wroclaw_2015_150_-_500",
    "Switzerland_Zurich_D10",
    "US_Stanford_Dataset_Merced_Peoples_Budget_Ballot_2019_vote_rankings",
)
RANKED = (
    "burlington_2009_mayor.toi",
    "debian_2002_leader.soi",
    "debian_2005_leader.soi",
    "debian_2012_leader.soi",
    "ers_05.soi",
    "french_approval_2002_gyles.cat",
    "glasgow_2007_anderston.soi",
    "irish_2002_dublin_north.soi",
    "scot_edinburgh_2017_ward12.csv",
    "scot_glasgow_2007_govan.csv",
    "scot_glasgow_2017_ward21.csv",
    "sushi10.soc",
    "uk_labour_2010_mps.soi",
)
NOTED = ("The declared rule", "The file names no rule", "These columns of VOTES are not kept")
"""Sentences about what a file does not say, not about what it says wrongly."""
SEATS = {
    "scot_edinburgh_2017_ward12.csv": 4,
    "scot_glasgow_2007_govan.csv": 4,
    "scot_glasgow_2017_ward21.csv": 3,
}


def reference(field_data: Path, name: str) -> dict[str, Any]:
    """The independent count of one file."""
    path = field_data / "reference" / f"{name}.json"
    result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return result


@functools.cache
def budget(field_data: Path, name: str) -> Election:
    """One file, read once for all tests."""
    return read(field_data / "pb" / f"{name}.pb")


def test_every_given_file_is_in_these_tests(field_data: Path) -> None:
    assert {path.stem for path in (field_data / "pb").iterdir()} == set(BUDGETS)
    assert {path.name for path in (field_data / "ranked").iterdir()} == set(RANKED)


@pytest.mark.parametrize("name", BUDGETS)
def test_a_real_budget_adds_up_to_the_independent_count(field_data: Path, name: str) -> None:
    election = budget(field_data, name)
    expected = reference(field_data, name)
    votes: Counter[str] = Counter()
    score: Counter[str] = Counter()
    groups = election.groups()
    longest = max(len(answer) for answer, _ in groups)
    for answer, people in groups:
        for place, option in enumerate(picks(answer)):
            votes[option] += people
            score[option] += people * _points(election, answer, option, longest - place)
    found = {
        option.id: {
            "cost": str(_amount(option.cost or 0, election)),
            "votes": votes[option.id],
            "score": str(score[option.id]),
        }
        for option in election.options
    }
    assert found == expected["counted"]
    assert (election.people, len(groups)) == (expected["votes"], expected["unique_ballots"])
    assert str(_amount(election.pot or 0, election)) == expected["budget"]
    assert election.selected == _selected(expected)
    assert [line for line in election.warnings if not line.startswith(NOTED)] == []


def _points(election: Election, answer: Any, option: str, place_points: int) -> int:
    if election.kind == "points":
        return int(answer[option])
    return place_points if election.kind == "ranking" else 1


def _amount(value: int, election: Election) -> Fraction:
    return Fraction(value, election.unit_scale)


def _selected(expected: dict[str, Any]) -> tuple[str, ...] | None:
    selected = expected["official"]["selected"]
    return None if selected is None else tuple(selected)


def test_the_pair_that_excludes_each_other_in_bemowo_is_found(field_data: Path) -> None:
    election = read(field_data / "pb" / "Poland_Warszawa_2022_Bemowo.pb")
    assert {option.id for option in election.options if option.group} == {"773", "153"}


@pytest.mark.parametrize("name", BUDGETS)
def test_a_real_budget_reads_the_same_after_writing(
    field_data: Path, tmp_path: Path, name: str
) -> None:
    election = budget(field_data, name)
    path = tmp_path / f"{name}.pb"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_pabulib(election, file)
    again = read(path)
    kept = tuple(note for note in election.warnings if "of VOTES are not kept" not in note)
    same = dataclasses.replace(again, ballots=election.ballots)
    assert same == dataclasses.replace(election, warnings=kept)
    for before, after in zip(election.ballots, again.ballots, strict=True):
        assert after == before


@pytest.mark.parametrize("name", RANKED)
def test_a_real_ranked_file_has_the_voters_and_ballots_of_the_independent_count(
    field_data: Path, name: str
) -> None:
    election = read(field_data / "ranked" / name)
    expected = reference(field_data, Path(name).stem)
    assert election.people == expected["voters"]
    assert len(election.groups()) == expected["unique_ballots"]
    assert len(election.options) == expected["n_candidates"]
    assert [note for note in election.warnings if "names no rule" not in note] == []
    assert election.seats == SEATS.get(name, 1)
    shared = sum(
        people
        for answer, people in election.groups()
        if any(isinstance(item, list) for item in answer)
    )
    assert shared == expected.get("eq_rankings", 0)
    if "pairwise" in expected:
        assert _pairwise(election) == expected["pairwise"]["wins"]


def _pairwise(election: Election) -> list[list[int]]:
    """How many rank one option above another, ranked above unranked."""
    order = sorted((option.id for option in election.options), key=int)
    place_of_unranked = len(order)
    wins = [[0] * len(order) for _ in order]
    for answer, people in election.groups():
        places = {
            option: place
            for place, item in enumerate(answer)
            for option in (item if isinstance(item, list) else [item])
        }
        at = [places.get(option, place_of_unranked) for option in order]
        for first, row in enumerate(wins):
            for second, place in enumerate(at):
                if at[first] < place:
                    row[second] += people
    return wins
