"""Ranked elections in files: every rule against outcomes computed by independent programs.

The reference breaks ties towards the lower number, so the lot here is the numbers in order.
"""

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from consult import formats
from consult.counting import Option, Outcome, Profile, Specification, count
from consult.counting.rules.pairwise import head_to_head
from tests.votes import counted_elsewhere, files, named

# Our rule and strength for each rule of the reference that gives an order.
ORDERS = {
    "plurality": ("plurality", {}),
    "borda_pessimistic": ("borda-zero", {}),
    "borda_symmetric": ("borda", {}),
    "borda_modified": ("borda-modified", {}),
    "copeland": ("copeland", {}),
    "schulze_winning_votes": ("schulze", {}),
    "schulze_margins": ("schulze", {"strength": "margins"}),
    "ranked_pairs_winning_votes": ("ranked-pairs", {}),
    "ranked_pairs_margins": ("ranked-pairs", {"strength": "margins"}),
}
# Other programs that name a single winner, and our rule.
WINNERS = {
    "pref_voting_beat_path": ("schulze", {"strength": "margins"}),
    "pref_voting_ranked_pairs": ("ranked-pairs", {"strength": "margins"}),
    "pref_voting_copeland": ("copeland", {}),
    "pref_voting_borda": ("borda", {}),
    "pref_voting_irv": ("irv", {}),
    "pyrankvote_irv": ("irv", {}),
    "votekit_irv": ("irv", {}),
    "votelib_schulze": ("schulze", {}),
    "votelib_ranked_pairs": ("ranked-pairs", {}),
}


class Election(NamedTuple):
    profile: Profile
    reference: dict[str, Any]

    def outcome(self, rule: str, seats: int = 1, **parameters: str) -> Outcome:
        lot = tuple(sorted(self.profile.ids, key=int))
        return count(self.profile, Specification(rule, parameters, seats, ("lot",), lot))

    def references(self, library: str = "own") -> dict[str, dict[str, Any]]:
        return {
            one["id"]: one
            for one in self.reference["outcomes"]
            if one["library"].startswith(library) and one["status"] == "ok"
        }


@cache
def election(path: Path) -> Election:
    read = formats.read(path)
    options = tuple(Option(option.id) for option in read.options)
    return Election(Profile(read.kind, options, read.groups()), counted_elsewhere(path))


@pytest.fixture(params=files("ranked", only=lambda path: path.suffix != ".cat"))
def real(request) -> Election:
    return election(request.param)


def flat(outcome: Outcome) -> list[int]:
    return [int(item) for place in outcome.order for item in place]


def winners(reference: Any) -> set[str]:
    """The winners of the many spellings: 3, [3, 1], ["3"], [["3"], ["1"]], [3, 5] level."""
    listed = reference if isinstance(reference, list) else [reference]
    return {str(one) for item in listed for one in (item if isinstance(item, list) else [item])}


def test_the_head_to_head_table_agrees_to_the_last_ballot(real):
    table = head_to_head(real.profile)
    order = [str(item) for item in real.reference["pairwise"]["order"]]
    wins = real.reference["pairwise"]["wins"]
    assert real.profile.ballots == real.reference["voters"]
    assert table == {
        a: {b: wins[i][j] for j, b in enumerate(order) if a != b} for i, a in enumerate(order)
    }
    tied = [sorted(map(str, pair)) for pair in real.reference["pair_ties"]]
    assert real.outcome("copeland").tables["pairwise_ties"] == sorted(tied)


def test_every_rule_that_gives_an_order_gives_the_reference_order(real):
    references = real.references()
    for name, (rule, parameters) in ORDERS.items():
        reference, outcome = references[name], real.outcome(rule, **parameters)
        assert flat(outcome) == reference["outcome"], name
        if "scores" in reference:
            expected = {item: Fraction(str(v)) for item, v in reference["scores"].items()}
            assert {item: Fraction(v) for item, v in outcome.scores.items()} == expected, name


def test_every_runoff_round_agrees_until_somebody_has_a_majority(real):
    reference, outcome = real.references()["irv"], real.outcome("irv")
    assert outcome.elected == (str(reference["outcome"]),)
    out = [int(one["eliminated"][0]) for one in outcome.rounds]
    assert out[: len(reference["eliminated"])] == reference["eliminated"]
    for theirs, ours in zip(reference["rounds"], outcome.rounds, strict=False):
        assert {**ours["votes"], "exhausted": ours["exhausted"]} == {
            key: str(value) for key, value in theirs.items()
        }
    # The reference stops at a majority; our rounds go on so that every place is decided.
    assert outcome.rounds[len(reference["rounds"]) - 1]["majority"] or outcome.ties


def test_the_transferable_vote_elects_the_reference_council(real):
    for name, reference in real.references().items():
        if not name.startswith("stv_wig_"):
            continue
        outcome = real.outcome("stv", seats=reference["params"]["seats"])
        quota = reference["params"]["quota"]
        assert outcome.rounds[0]["quota"] == f"{int(quota)}.00000"
        assert set(outcome.elected) == {str(item) for item in reference["outcome"]}
        if (real.reference["file"], name) == ("debian_2002_leader.soi", "stv_wig_3"):
            # Option 1 has 144 first preferences and the quota is 119: it is elected at once.
            # The reference elects one per stage and so names option 2 before it.
            assert (outcome.elected, reference["outcome"]) == (("3", "1", "2"), [3, 2, 1])
            assert outcome.rounds[0]["elected"] == ["3", "1"]
        else:
            assert [int(item) for item in outcome.elected] == reference["outcome"]


def test_other_libraries_transfer_votes_to_the_same_council(real):
    for reference in real.reference["outcomes"]:
        if not reference["id"].startswith(("votelib_stv", "pyrankvote_stv", "votekit_")):
            continue
        if "stv" not in reference["id"] or reference["status"] != "ok":
            continue
        seats = len(reference["outcome"])
        assert set(real.outcome("stv", seats=seats).elected) == winners(reference["outcome"])


def test_other_libraries_name_the_same_winner(real):
    references = {one["id"]: one for one in real.reference["outcomes"]}
    for name, (rule, parameters) in WINNERS.items():
        reference = references.get(name, {"status": "absent"})
        if reference["status"] != "ok" or reference["outcome"] is None:
            continue
        theirs = reference["outcome"][:1] if name.startswith("votelib") else reference["outcome"]
        outcome = real.outcome(rule, **parameters)
        # Where several are level the library names them all, and our lot chose among them.
        assert outcome.elected[0] in winners(theirs), name


def test_all_tied_winners_of_the_reference_are_reported_as_a_tie(real):
    for name in ("schulze_winning_votes", "schulze_margins"):
        reference = real.references()[name]
        rule, parameters = ORDERS[name]
        ties = [tie for tie in real.outcome(rule, **parameters).ties if tie["at"] == {"place": 1}]
        level = sorted(map(str, reference["winners"]))
        assert [tie["items"] for tie in ties] == ([level] if len(level) > 1 else [])


@pytest.mark.parametrize(
    ("path", "winners"),
    named("ranked", ("walking_route", "235"), ("debian_2005_leader", "432")),
)
def test_there_can_be_three_borda_winners(path, winners):
    found = election(path)
    kinds = ("-zero", "", "-modified")
    assert [found.outcome(f"borda{kind}").elected for kind in kinds] == [(one,) for one in winners]


@pytest.mark.parametrize(
    ("path", "first", "last", "middle"),
    named("ranked", ("village_hall", "1", "2", "5"), ("burlington_2009_mayor", "5", "1", "2")),
)
def test_three_kinds_of_rule_can_elect_three_different_winners(path, first, last, middle):
    found = election(path)
    assert found.outcome("plurality").elected == (first,)
    assert found.outcome("irv").elected == (last,)
    assert {found.outcome(rule).elected for rule in ("schulze", "ranked-pairs", "copeland")} == {
        (middle,)
    }


@pytest.mark.parametrize(
    ("path", "by_votes", "by_margins"),
    named("ranked", ("playground", "5", "4"), ("scot_glasgow_2007_govan", "4", "3")),
)
def test_a_winner_can_depend_on_how_strength_is_measured(path, by_votes, by_margins):
    found = election(path)
    for rule in ("schulze", "ranked-pairs"):
        assert found.outcome(rule).elected == (by_votes,)
        assert found.outcome(rule, strength="margins").elected == (by_margins,)


LEVEL = named(
    "ranked", ("noticeboard", ["3", "4"], 53, 4), ("scot_glasgow_2017_ward21", ["2", "5"], 1873, 7)
)
"""Elections whose two best are level: head to head, and in the last round of the runoff."""


@pytest.mark.parametrize(("path", "pair", "votes", "_round"), LEVEL)
def test_an_exact_tie_is_reported_and_left_open_without_a_lot(path, pair, votes, _round):
    profile, (one, other) = election(path).profile, pair
    for rule in ("schulze", "ranked-pairs", "copeland"):
        outcome = count(profile, Specification(rule))
        assert outcome.order[0] == (one, other)
        assert outcome.elected == ()
        assert outcome.ties[0]["items"] == pair
        assert outcome.ties[0]["decided_by"] == "nothing"
        assert outcome.tables["pairwise"][one][other] == votes
        assert outcome.tables["pairwise_ties"] == [pair]


@pytest.mark.parametrize(("path", "pair", "votes", "last"), LEVEL)
def test_a_tie_in_the_last_round_of_the_runoff_is_decided_by_lot(path, pair, votes, last):
    (one, other), profile = pair, election(path).profile
    outcome = count(profile, Specification("irv", tie_chain=("lot",), lot=(other, one)))
    assert outcome.rounds[-1]["votes"] == {one: str(votes), other: str(votes)}
    assert outcome.elected == (other,)
    [tie] = [tie for tie in outcome.ties if tie["items"] == pair]
    assert tie["at"] == {"round": last, "choice": "elimination"}
    assert tie["decided_by"] == "lot"


@pytest.mark.parametrize("path", files("ranked", only=lambda path: path.suffix == ".cat"))
def test_approvals_agree(path):
    found = election(path)
    reference = found.references()["approval_count"]
    outcome = found.outcome("approval")
    assert outcome.scores == {item: str(votes) for item, votes in reference["scores"].items()}
    assert flat(outcome) == reference["outcome"]
    assert outcome.ballots == found.reference["voters"]
