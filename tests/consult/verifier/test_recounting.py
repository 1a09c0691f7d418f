"""The verifier's own counting gives the product's results to the byte, for every rule."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult import formats
from consult.counting import (
    RULES,
    Option,
    Profile,
    Specification,
    count,
    digest,
    input_digest,
    lot_order,
)
from consult.counting.outcome import canonical_bytes
from consult.counting.specification import CRITERIA
from consult.verifier import folkmoot_verify as verify
from tests.votes import files, is_real, named

GOLDEN = json.loads(
    (Path(__file__).resolve().parents[2] / "golden" / "counting_outcomes.json").read_text()
)
IDS = ("a", "b", "é", "10", "9", "P04")
# Rules that are slow on thousands of ballots of many options in plain Python.
SEATS = 3


@pytest.mark.parametrize("name", GOLDEN)
def test_every_kept_result_is_recounted_to_the_byte(name):
    kept, profile = GOLDEN[name], GOLDEN[name]["profile"]
    outcome = verify.count(
        profile["kind"],
        profile["options"],
        profile["groups"],
        profile["pot"],
        kept["outcome"]["specification"],
    )
    assert verify.first_difference(json.loads(verify.canonical(outcome)), kept["outcome"]) == ""
    assert verify.digest_of(outcome) == kept["result_digest"]
    inputs = verify.input_digest_of(
        *(profile[name] for name in ("kind", "options", "groups", "pot"))
    )
    assert inputs == kept["input_digest"]


def test_every_rule_of_the_product_is_known_with_its_parameters():
    assert set(verify.RULES) == set(RULES) - {"points-N"}
    for name, (kinds, parameters) in verify.RULES.items():
        assert set(kinds) == set(RULES[name].accepts)
        assert parameters.keys() == {one.name for one in RULES[name].parameters}
        for one in RULES[name].parameters:
            allowed = one.choices or one.minimum
            assert parameters[one.name] == (one.default, allowed), name
    assert verify.CRITERIA == CRITERIA


def answers(kind: str) -> st.SearchStrategy[Any]:
    named = st.sampled_from((*IDS, "unknown"))
    several = st.lists(named, max_size=5)
    if kind == "single":
        return st.one_of(named, st.just([]))
    if kind in ("points", "rating"):
        return st.dictionaries(named, st.integers(0, 5), max_size=5)
    if kind == "ranking":
        return st.lists(st.one_of(named, st.lists(named, max_size=3)), max_size=5)
    return several


@st.composite
def elections(draw: Any) -> tuple[Profile, Specification]:
    rule_id = draw(st.sampled_from(sorted(RULES)))
    rule = RULES[rule_id]
    kind = draw(st.sampled_from(rule.accepts))
    ids = draw(st.lists(st.sampled_from(IDS), unique=True, min_size=1))
    costs = st.integers(0, 9) if rule.budget else st.one_of(st.none(), st.integers(0, 9))
    groups = st.sampled_from((None, None, "park", "road"))
    options = tuple(Option(id_, draw(costs), draw(groups)) for id_ in ids)
    ballots = draw(st.lists(st.tuples(answers(kind), st.integers(0, 4)), max_size=7))
    pot = draw(st.integers(0, 25)) if rule.budget else draw(st.sampled_from((None, 9)))
    parameters = {}
    for one in rule.parameters:
        value = st.sampled_from(one.choices) if one.choices else st.integers(one.minimum, 4)
        chosen = draw(st.one_of(st.none(), value))
        if chosen is not None:
            parameters[one.name] = str(chosen)
    specification = Specification(
        "points-3" if rule_id == "points-N" else rule_id,
        parameters,
        1 if rule.one_place else draw(st.integers(1, SEATS)),
        tuple(draw(st.lists(st.sampled_from(CRITERIA), unique=True, max_size=4))),
        tuple(draw(st.lists(st.sampled_from(ids), unique=True))),
    )
    return Profile(kind, options, tuple(ballots), pot), specification


@settings(max_examples=600)
@given(elections())
def test_two_independent_programs_give_the_same_bytes_for_any_election(election):
    profile, specification = election
    theirs = count(profile, specification).as_json()
    mine = recounted(profile, specification)
    assert verify.first_difference(json.loads(verify.canonical(mine)), theirs) == ""
    assert verify.canonical(mine) == canonical_bytes(theirs)


def recounted(profile: Profile, specification: Specification) -> dict[str, Any]:
    options = [{"id": o.id, "cost": o.cost, "group": o.group} for o in profile.options]
    fixed = verify.specification_of(
        {
            "rule": specification.rule,
            "parameters": dict(specification.parameters),
            "seats": specification.seats,
            "tie_chain": list(specification.tie_chain),
            "lot": list(specification.lot),
        }
    )
    groups = list(profile.groups)
    assert verify.input_digest_of(profile.kind, options, groups, profile.pot) == input_digest(
        profile
    )
    return verify.count(profile.kind, options, groups, profile.pot, fixed)


def test_the_last_resort_is_the_lot_of_the_empty_seed():
    assert verify.fresh_lot(IDS) == list(lot_order("", IDS))


RANKED_RULES = (
    ("borda", {}),
    ("borda-zero", {}),
    ("borda-modified", {}),
    ("points-3", {}),
    ("plurality", {}),
    ("irv", {}),
    ("stv", {}),
    ("schulze", {}),
    ("schulze", {"strength": "margins"}),
    ("ranked-pairs", {}),
    ("ranked-pairs", {"strength": "margins"}),
    ("copeland", {}),
)


def agree(profile: Profile, specification: Specification) -> None:
    outcome = count(profile, specification).as_json()
    mine = recounted(profile, specification)
    assert verify.first_difference(json.loads(verify.canonical(mine)), outcome) == ""
    assert verify.digest_of(mine) == digest(outcome)


def read(path: Path) -> tuple[Profile, Any]:
    election = formats.read(path)
    options = tuple(Option(o.id, o.cost, o.group or None) for o in election.options)
    return Profile(election.kind, options, election.groups(), election.pot), election


@pytest.mark.parametrize("path", files("pb", slow=is_real))
def test_a_budget_in_a_file_is_recounted_equal_by_its_declared_rule(path):
    profile, election = read(path)
    rule = election.rule
    agree(profile, Specification(rule.id, rule.parameters))


@pytest.mark.parametrize("path", files("ranked", slow=is_real))
def test_a_ranking_in_a_file_is_recounted_equal_by_every_rule(path):
    profile, _ = read(path)
    lot = tuple(sorted(profile.ids))
    rules = RANKED_RULES if profile.kind == "ranking" else (("approval", {}),)
    for rule, parameters in rules:
        seats = 3 if rule == "stv" else 1
        chain = ("first-choices", "lot") if profile.kind == "ranking" else ("lot",)
        agree(profile, Specification(rule, parameters, seats, chain, lot))


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    named("pb", ("ten_points",), ("Poland_Czestochowa_2024_Polnoc",), ("Switzerland_Zurich_D10",)),
)
def test_points_in_a_file_are_recounted_equal_by_every_budget_rule(path):
    profile, _ = read(path)
    for rule in verify.BUDGET_RULES:
        agree(profile, Specification(rule))
