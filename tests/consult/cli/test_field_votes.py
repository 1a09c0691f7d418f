"""Every given file of real votes, from the command line to its reference outcome.

`consult import FILE`, then `consult count ID`: the city's own result where there is one,
else the outcome that independent programs computed (tests/consult/counting says why ours is
right where one of them differs).
"""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from consult.cli import main

LARGEST = {  # over 30,000 people
    "Poland_Wroclaw_2015_150_-_500",
    "Poland_Lodz_2022",
    "Poland_Krakow_2024",
    "Poland_Katowice_2023",
    "irish_2002_dublin_north",
}
BUDGETS = [
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
]
RANKED = [
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
]
NO_OFFICIAL_RESULT = {
    "France_Toulouse_2022",
    "Hungary_Budapest_2023_VIII_Jozsefvaros",
    "Switzerland_Zurich_D10",
    "US_Stanford_Dataset_Merced_Peoples_Budget_Ballot_2019_vote_rankings",
}
ORDERS = [
    ("borda", (), "borda_symmetric"),
    ("borda-modified", (), "borda_modified"),
    ("copeland", (), "copeland"),
    ("schulze", ("--set", "strength=margins"), "schulze_margins"),
    ("ranked-pairs", (), "ranked_pairs_winning_votes"),
]
"""A rule with its settings, and what the reference calls it. The rest: tests/consult/counting."""


def by_size(names: list[str]) -> list[Any]:
    return [
        pytest.param(name, marks=pytest.mark.in_turn) if Path(name).stem in LARGEST else name
        for name in names
    ]


class Votes:
    """One file in a database of its own, spoken to through the command line only."""

    def __init__(self, path: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FOLKMOOT_DATABASE_URL", f"sqlite:///{place}/votes.db")
        reference = path.parents[1] / "reference" / f"{path.stem}.json"
        self.reference = json.loads(reference.read_text())
        self.imported = self.answer("import", path, "--json")

    def answer(self, *words: object) -> Any:
        result = CliRunner().invoke(main, [str(word) for word in words])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def count(self, *words: object) -> Any:
        return self.answer("count", self.imported["id"], *words, "--json")

    def referred(self, id: str) -> Any:
        return next(one for one in self.reference["outcomes"] if one["id"] == id)


@pytest.mark.parametrize("name", by_size(BUDGETS))
def test_an_imported_budget_ends_in_its_reference_outcome(name, field_data, tmp_path, monkeypatch):
    votes = Votes(field_data / "pb" / f"{name}.pb", tmp_path, monkeypatch)
    assert votes.imported["ballots"] == votes.reference["votes"]
    if name in NO_OFFICIAL_RESULT:
        counted = votes.count("--rule", "greedy-skip")
        expected = set(votes.referred("greedy_skip")["outcome"])
        if name.startswith("US_"):  # the reference scores its rankings in another way
            counted = votes.count("--rule", "greedy-skip", "--set", "first_choice=8")
    else:
        counted = votes.count()
        expected = set(votes.reference["official"]["selected"])
    assert counted["ballots"] == votes.reference["votes"]
    difference = set(counted["funded"]) ^ expected
    if name == "Poland_Lodz_2024_Katedralna":  # 206 votes each: the city chose the dearer
        assert difference == {"S004KA", "S039KA"}
        assert [tie["items"] for tie in counted["ties"] if tie["changes_result"]] == [
            ["S004KA", "S039KA"]
        ]
    else:
        assert not difference


def in_places(order: list[int], places: list[list[str]]) -> list[list[str]]:
    """Cut the reference's order, which breaks every tie, where our places end."""
    found, left = [], [str(item) for item in order]
    for place in places:
        found.append(sorted(left[: len(place)]))
        left = left[len(place) :]
    return found


@pytest.mark.parametrize("name", by_size(RANKED))
def test_an_imported_election_ends_in_its_reference_outcome(
    name, field_data, tmp_path, monkeypatch
):
    votes = Votes(field_data / "ranked" / name, tmp_path, monkeypatch)
    if name.endswith(".cat"):
        counted = votes.count("--rule", "approval")
        reference = votes.referred("approval_count")
        assert counted["scores"] == {item: str(n) for item, n in reference["scores"].items()}
        assert counted["ballots"] == votes.imported["ballots"] == 365
        return
    assert votes.imported["ballots"] == votes.reference["voters"]
    for rule, settings, id in ORDERS:
        counted = votes.count("--rule", rule, *settings)
        assert counted["ballots"] == votes.reference["voters"]
        if (name, rule) == ("ers_05.soi", "ranked-pairs"):
            # Majorities of equal strength are locked in the order of a lot, which the file has
            # not; the reference uses the numbers. We say that it mattered.
            assert counted["ties"]
            continue
        expected = in_places(votes.referred(id)["outcome"], counted["order"])
        assert [sorted(place) for place in counted["order"]] == expected, id
    council = next(o for o in votes.reference["outcomes"] if o["id"].startswith("stv_wig_"))
    counted = votes.count("--rule", "stv", "--seats", council["params"]["seats"])
    assert set(counted["elected"]) == {str(item) for item in council["outcome"]}
    if name != "scot_glasgow_2017_ward21.csv":  # its last round is an exact tie
        winner = votes.count("--rule", "irv")["elected"]
        assert winner == [str(votes.referred("irv")["outcome"])]
