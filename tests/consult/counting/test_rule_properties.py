"""What must hold for every election: properties checked on invented ballots."""

import os
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.counting import Option, Outcome, Profile, digest, input_digest
from tests.consult.counting.ballot_builders import counted

IDS = "ABCDE"
RANKING_RULES = [
    "borda",
    "borda-zero",
    "borda-modified",
    "points-3",
    "plurality",
    "irv",
    "stv",
    "schulze",
    "ranked-pairs",
    "copeland",
]


@st.composite
def any_answer(draw):
    """A ranking, often partial, sometimes with shared ranks."""
    named = draw(st.permutations(IDS))[: draw(st.integers(0, len(IDS)))]
    ranks: list[list[str]] = []
    for item in named:
        if ranks and draw(st.integers(0, 4)) == 0:
            ranks[-1].append(item)
        else:
            ranks.append([item])
    return [rank[0] if len(rank) == 1 else rank for rank in ranks]


@st.composite
def elections(draw, answers=any_answer()):  # noqa: B008 - strategies are immutable
    groups = draw(st.lists(st.tuples(answers, st.integers(1, 30)), min_size=1, max_size=8))
    return Profile("ranking", tuple(Option(item) for item in IDS), tuple(groups))


strict_answers = st.tuples(st.permutations(IDS), st.integers(0, len(IDS))).map(
    lambda drawn: list(drawn[0])[: drawn[1]]
)
complete_answers = st.permutations(IDS).map(list)


def every_vote(profile: Profile) -> int:
    return sum(profile.rankings.values())


@given(elections(), st.randoms(use_true_random=False), st.sampled_from(RANKING_RULES))
def test_the_order_of_ballots_and_options_changes_nothing(profile, shuffler, rule):
    groups = [(answer, 1) for answer, number in profile.groups for _ in range(number)]
    options = list(profile.options)
    shuffler.shuffle(groups)
    shuffler.shuffle(options)
    other = Profile("ranking", tuple(options), tuple(groups))
    for lot in ("", "DBECA"):
        one = counted(profile, rule, lot=lot, seats=2)
        two = counted(other, rule, lot=lot, seats=2)
        assert digest(one.as_json()) == digest(two.as_json())
    assert input_digest(profile) == input_digest(other)


@given(elections(), st.sampled_from(RANKING_RULES))
def test_every_option_has_one_place_and_every_loser_a_reason(profile, rule):
    outcome = counted(profile, rule, lot="DBECA", seats=2)
    assert sorted(item for place in outcome.order for item in place) == list(IDS)
    if every_vote(profile):
        assert len(outcome.elected) == 2
    assert set(outcome.reasons) == set(IDS) - set(outcome.elected)
    assert all(reason["code"] for reason in outcome.reasons.values())


@given(elections(complete_answers), st.sampled_from(IDS))
def test_whoever_is_first_on_most_ballots_wins_every_majority_rule(profile, favourite):
    majority = profile.ballots + 1
    ballot = [favourite, *(item for item in IDS if item != favourite)]
    larger = Profile("ranking", profile.options, (*profile.groups, (ballot, majority)))
    for rule in ("plurality", "irv", "stv", "schulze", "ranked-pairs", "copeland"):
        assert counted(larger, rule).elected == (favourite,)


@given(elections())
def test_an_option_that_beats_all_others_wins_every_head_to_head_rule(profile):
    table = counted(profile, "copeland").tables.get("pairwise", {})
    best = [a for a, row in table.items() if all(votes > table[b][a] for b, votes in row.items())]
    for rule in ("schulze", "ranked-pairs", "copeland"):
        outcome = counted(profile, rule)
        if best:
            assert outcome.elected == tuple(best)
        if rule != "copeland" and best:
            assert counted(profile, rule, strength="margins").elected == tuple(best)


@given(elections())
def test_borda_hands_out_the_same_points_on_every_ballot(profile):
    scores = counted(profile, "borda").scores
    per_ballot = len(IDS) * (len(IDS) - 1) // 2
    assert sum(map(Fraction, scores.values())) == per_ballot * every_vote(profile)


@given(elections())
def test_modified_borda_hands_out_points_by_the_length_of_the_ballot(profile):
    lengths = [(sum(map(len, ranking)), number) for ranking, number in profile.rankings.items()]
    expected = sum(number * size * (size + 1) // 2 for size, number in lengths)
    scores = counted(profile, "borda-modified").scores
    assert sum(map(Fraction, scores.values())) == expected


@given(elections())
def test_on_complete_ballots_the_borda_conventions_differ_by_one_point_each(profile):
    complete = Profile(
        "ranking",
        profile.options,
        tuple((a, n) for a, n in profile.groups if len(set(str(a)) & set(IDS)) == len(IDS)),
    )
    if complete.silent:
        return
    borda = counted(complete, "borda").scores
    assert counted(complete, "borda-zero").scores == borda
    modified = counted(complete, "borda-modified").scores
    points = counted(complete, "points-5").scores
    assert modified == points
    for item in IDS:
        assert Fraction(points[item]) == Fraction(borda[item]) + complete.ballots


@given(elections())
def test_every_round_of_a_runoff_accounts_for_every_vote(profile):
    outcome = counted(profile, "irv", lot="DBECA")
    for one in outcome.rounds:
        votes = sum(map(Fraction, one["votes"].values()))
        assert votes + Fraction(one["exhausted"]) == every_vote(profile)


@given(elections(), st.integers(1, 4))
def test_the_transferable_vote_fills_the_seats_and_loses_no_vote(profile, seats):
    outcome = counted(profile, "stv", lot="DBECA", seats=seats)
    if not every_vote(profile):
        return
    assert len(outcome.elected) == len(set(outcome.elected)) == seats
    for one in outcome.rounds:
        parts = [*one["votes"].values(), one["non_transferable"], one["lost_to_rounding"]]
        assert sum(map(Fraction, parts)) == every_vote(profile)
        assert all(Fraction(part) >= 0 for part in parts)
    most = sum(len(ranking) * number for ranking, number in profile.rankings.items())
    lost = Fraction(outcome.rounds[-1]["lost_to_rounding"])
    assert lost <= Fraction(most * len(outcome.rounds) * len(IDS), 100_000)


@given(elections(strict_answers))
def test_a_group_that_fills_quotas_gets_its_seats(profile):
    """Voters who put A and B above the rest and fill two quotas elect both."""
    added = (["A", "B", "C"], profile.ballots * 3 + 3)
    larger = Profile("ranking", profile.options, (*profile.groups, added))
    assert {"A", "B"} <= set(counted(larger, "stv", lot="EDCBA", seats=3).elected)


@given(elections(strict_answers), st.sampled_from(IDS), st.randoms(use_true_random=False))
def test_a_clone_does_not_change_who_wins(profile, cloned, shuffler):
    def with_clone(answer):
        pair = [cloned, "Z"]
        shuffler.shuffle(pair)
        return [part for item in answer for part in (pair if item == cloned else [item])]

    groups = tuple((with_clone(answer), number) for answer, number in profile.groups)
    larger = Profile("ranking", (*profile.options, Option("Z")), groups)
    for rule in ("irv", "schulze", "ranked-pairs"):
        before, after = counted(profile, rule), counted(larger, rule)
        if before.ties or after.ties or not before.elected:
            continue  # a clone may move a tie, and the lot then decides elsewhere
        same = {item.replace("Z", cloned) for item in after.elected}
        assert same == set(before.elected)


@given(elections(complete_answers))
def test_turning_every_ballot_round_turns_the_schulze_order_round(profile):
    turned = Profile(
        "ranking", profile.options, tuple((answer[::-1], n) for answer, n in profile.groups)
    )
    before = counted(profile, "schulze", tie_chain=())
    after = counted(turned, "schulze", tie_chain=())
    if not before.ties and not after.ties:
        assert before.order == after.order[::-1]


@given(elections(strict_answers), st.sampled_from(IDS))
def test_lifting_the_winner_to_the_top_of_a_ballot_never_makes_it_lose(profile, winner):
    for rule in ("borda-zero", "plurality", "schulze", "ranked-pairs", "copeland"):
        if counted(profile, rule, tie_chain=()).elected != (winner,):
            continue
        answer, number = profile.groups[0]
        lifted = [winner, *(item for item in answer if item != winner)]
        groups = ((lifted, number), *profile.groups[1:])
        better = Profile("ranking", profile.options, groups)
        assert counted(better, rule, tie_chain=()).elected == (winner,)


COUNT_ALL = """
import sys
sys.path[:0] = [{root!r}, {here!r}]
from tests.consult.counting.ballot_builders import counted, rankings
from consult.counting import digest
ballots = rankings({{"A>B=C": 3, "B>D>A": 3, "C=D": 2, "E>A": 2, "D>C>E": 1, "": 4}})
for rule in {rules!r}:
    print(digest(counted(ballots, rule, seats=2).as_json()))
"""


@pytest.mark.slow
def test_the_seed_of_the_hash_function_changes_nothing():
    here = Path(__file__).resolve().parent
    code = COUNT_ALL.format(root=str(here.parents[2]), here=str(here), rules=RANKING_RULES)
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "4321")
    }
    assert len(printed) == 1


def test_a_large_election_counts_from_its_groups():
    """A million ballots are a few hundred groups; every total is exact."""
    shuffler = random.Random(7)
    groups = []
    for _ in range(500):
        answer = shuffler.sample(IDS, shuffler.randint(1, 5))
        groups.append((answer, 2000))
    profile = Profile("ranking", tuple(map(Option, IDS)), tuple(groups))
    outcome: Outcome = counted(profile, "borda")
    assert outcome.ballots == 1_000_000
    assert sum(map(Fraction, outcome.scores.values())) == 10_000_000
