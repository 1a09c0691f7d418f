"""Every file of votes, our own small ones and the real ones, against an independent count."""

import dataclasses
import functools
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from consult.formats import Election, read, write_pabulib
from consult.formats.election import picks
from tests.votes import OURS, REAL, counted_elsewhere, files, named

NOTED = ("The declared rule", "The file names no rule", "These columns of VOTES are not kept")
"""Sentences about what a file does not say, not about what it says wrongly."""


@functools.cache
def budget(path: Path) -> Election:
    """One file, read once for all tests."""
    return read(path)


def test_our_votes_are_in_every_format_and_every_kind_of_ballot() -> None:
    assert {path.suffix for path in (OURS / "ranked").iterdir()} == {
        ".soi", ".soc", ".toi", ".cat", ".csv",
    }  # fmt: skip
    kinds = {budget(path).kind for path in (OURS / "pb").iterdir()}
    assert kinds == {"approval", "points", "ranking", "single"}


def test_real_votes_are_tried_as_well() -> None:
    if not (REAL / "reference").is_dir():
        pytest.skip("real votes are not beside the project (set FOLKMOOT_FIELD_DATA): ours are")
    names = {path.stem for folder in ("pb", "ranked") for path in (REAL / folder).iterdir()}
    assert names == {path.stem for path in (REAL / "reference").iterdir()}
    assert len(names) > 20


@pytest.mark.parametrize("path", files("pb"))
def test_a_budget_adds_up_to_the_independent_count(path: Path) -> None:
    election = budget(path)
    expected = counted_elsewhere(path)
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


@pytest.mark.parametrize(
    ("path", "pair"),
    named("pb", ("either_or", {"2", "5"}), ("Poland_Warszawa_2022_Bemowo", {"773", "153"})),
)
def test_a_pair_that_excludes_each_other_is_found(path: Path, pair: set[str]) -> None:
    assert {option.id for option in budget(path).options if option.group} == pair


@pytest.mark.parametrize("path", files("pb"))
def test_a_budget_reads_the_same_after_writing(tmp_path: Path, path: Path) -> None:
    election = budget(path)
    written = tmp_path / path.name
    with written.open("w", encoding="utf-8", newline="") as file:
        write_pabulib(election, file)
    again = read(written)
    kept = tuple(note for note in election.warnings if "of VOTES are not kept" not in note)
    same = dataclasses.replace(again, ballots=election.ballots)
    assert same == dataclasses.replace(election, warnings=kept)
    for before, after in zip(election.ballots, again.ballots, strict=True):
        assert after == before


@pytest.mark.parametrize("path", files("ranked"))
def test_a_ranked_file_has_the_voters_and_ballots_of_the_independent_count(path: Path) -> None:
    election = read(path)
    expected = counted_elsewhere(path)
    assert election.people == expected["voters"]
    assert len(election.groups()) == expected["unique_ballots"]
    assert len(election.options) == expected["n_candidates"]
    assert [note for note in election.warnings if "names no rule" not in note] == []
    assert election.seats == expected["meta"].get("seats", 1)
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
