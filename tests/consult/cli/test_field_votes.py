"""Every file of votes, our own and the real ones, from the command line to its reference outcome.

`consult import FILE`, then `consult count ID`: the official result where there is one,
else the outcome that independent programs computed (tests/consult/counting says why ours is
right where one of them differs).
"""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from consult.cli import main
from tests.votes import FIRST_CHOICE, counted_elsewhere, files, has_result

CHOSE_THE_DEARER = {
    "ward_fund": {"2", "8"},
    "Poland_Lodz_2024_Katedralna": {"S004KA", "S039KA"},
}
"""Room for one of two that are level: the council chose the dearer, our chain the cheaper."""
LEVEL_AT_THE_END = {"noticeboard", "scot_glasgow_2017_ward21"}
"""The last round is an exact tie."""
ORDERS = [
    ("borda", (), "borda_symmetric"),
    ("borda-modified", (), "borda_modified"),
    ("copeland", (), "copeland"),
    ("schulze", ("--set", "strength=margins"), "schulze_margins"),
    ("ranked-pairs", (), "ranked_pairs_winning_votes"),
]
"""A rule with its settings, and what the reference calls it. The rest: tests/consult/counting."""


class Votes:
    """One file in a database of its own, spoken to through the command line only."""

    def __init__(self, path: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FOLKMOOT_DATABASE_URL", f"sqlite:///{place}/votes.db")
        self.reference = counted_elsewhere(path)
        self.imported = self.answer("import", path, "--json")

    def answer(self, *words: object) -> Any:
        result = CliRunner().invoke(main, [str(word) for word in words])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def count(self, *words: object) -> Any:
        return self.answer("count", self.imported["id"], *words, "--json")

    def referred(self, id: str) -> Any:
        return next(one for one in self.reference["outcomes"] if one["id"] == id)


@pytest.mark.parametrize("path", files("pb"))
def test_an_imported_budget_ends_in_its_reference_outcome(path, tmp_path, monkeypatch):
    votes = Votes(path, tmp_path, monkeypatch)
    assert votes.imported["ballots"] == votes.reference["votes"]
    if has_result(path):
        counted = votes.count()
        expected = set(votes.reference["official"]["selected"])
    else:
        first = FIRST_CHOICE.get(path.stem)
        settings = ("--set", f"first_choice={first}") if first else ()
        counted = votes.count("--rule", "greedy-skip", *settings)
        expected = set(votes.referred("greedy_skip")["outcome"])
    assert counted["ballots"] == votes.reference["votes"]
    difference = set(counted["funded"]) ^ expected
    if tied := CHOSE_THE_DEARER.get(path.stem):
        assert difference == tied
        assert [set(tie["items"]) for tie in counted["ties"] if tie["changes_result"]] == [tied]
    else:
        assert not difference


def in_places(order: list[int], places: list[list[str]]) -> list[list[str]]:
    """Cut the reference's order, which breaks every tie, where our places end."""
    found, left = [], [str(item) for item in order]
    for place in places:
        found.append(sorted(left[: len(place)]))
        left = left[len(place) :]
    return found


@pytest.mark.parametrize("path", files("ranked"))
def test_an_imported_election_ends_in_its_reference_outcome(path, tmp_path, monkeypatch):
    votes = Votes(path, tmp_path, monkeypatch)
    assert votes.imported["ballots"] == votes.reference["voters"]
    if path.suffix == ".cat":
        counted = votes.count("--rule", "approval")
        theirs = votes.referred("approval_count")
        assert counted["scores"] == {item: str(n) for item, n in theirs["scores"].items()}
        assert counted["ballots"] == votes.reference["voters"]
        return
    for rule, settings, id in ORDERS:
        counted = votes.count("--rule", rule, *settings)
        assert counted["ballots"] == votes.reference["voters"]
        if (path.name, rule) == ("ers_05.soi", "ranked-pairs"):
            # Majorities of equal strength are locked in the order of a lot, which the file has
            # not; the reference uses the numbers. We say that it mattered.
            assert counted["ties"]
            continue
        expected = in_places(votes.referred(id)["outcome"], counted["order"])
        assert [sorted(place) for place in counted["order"]] == expected, id
    councils = [o for o in votes.reference["outcomes"] if o["id"].startswith("stv_wig_")]
    for council in councils[:1]:
        counted = votes.count("--rule", "stv", "--seats", council["params"]["seats"])
        assert set(counted["elected"]) == {str(item) for item in council["outcome"]}
    if path.stem not in LEVEL_AT_THE_END:
        winner = votes.count("--rule", "irv")["elected"]
        assert winner == [str(votes.referred("irv")["outcome"])]
