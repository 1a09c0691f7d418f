"""The tally of a budget to share out: totals, middles, and how many gave each amount."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations_with_replacement, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from consult.counting.tallies import tally
from consult.verifier import folkmoot_verify
from tests.kinds import of_kind

ASKED = of_kind("allocation")


def amounts(least: int | None, *answers: tuple[Mapping[str, int], int]) -> Any:
    return tally(ASKED, answers, least=least)["amounts"]


def test_each_option_has_its_total_its_middle_and_how_many_gave_each_amount():
    found = amounts(None, ({"a": 60_000}, 1), ({"a": 20_000, "b": 40_000}, 2))
    assert found["a"] == {
        "total": 100_000,
        "middle": [20_000, 20_000],
        "people": {"20000": 2, "60000": 1},
    }
    assert found["b"] == {
        "total": 80_000,
        "middle": [40_000, 40_000],
        "people": {"0": 1, "40000": 2},
    }
    assert found["c"] == {"total": 0, "middle": [0, 0], "people": {"0": 3}}


def test_of_an_even_number_both_middles_are_told():
    found = amounts(None, ({"a": 60_000}, 1), ({"a": 20_000, "b": 40_000}, 1))
    assert found["a"]["middle"] == [20_000, 60_000]


def test_the_totals_make_up_what_everybody_had():
    found = amounts(None, ({"a": 60_000}, 3), ({"b": 10_000, "c": 50_000}, 4))
    assert sum(each["total"] for each in found.values()) == 7 * 60_000


@pytest.mark.parametrize(("people", "is_shown"), [(4, False), (5, True)])
def test_nothing_is_told_of_fewer_people_than_the_threshold(people, is_shown):
    assert (amounts(5, ({"a": 60_000}, people)) is not None) == is_shown


def test_with_one_small_number_no_option_has_a_table():
    """What the others got would give it away."""
    found = amounts(5, ({"a": 60_000}, 9), ({"a": 40_000, "b": 20_000}, 2), ({"b": 60_000}, 8))
    assert [found[option]["total"] for option in "abc"] == [620_000, 520_000, 0]
    assert [found[option]["people"] for option in "abc"] == [None, None, None]


@pytest.mark.parametrize(
    ("steps", "is_shown"), [((1, 1, 1, 1), False), ((4,), False), ((1, 1, 1, 1, 1), True)]
)
def test_an_option_with_so_little_that_few_can_have_given_it_hides_all(steps, is_shown):
    """Its average would tell what one of them gave; the averages of the others make it up."""
    little = [({"a": 60_000 - step * 10_000, "b": step * 10_000}, 1) for step in steps]
    assert (amounts(5, ({"a": 60_000}, 20), *little) is not None) == is_shown
    assert amounts(None, ({"a": 60_000}, 20), *little) is not None


@pytest.mark.parametrize(("upper", "is_shown"), [(60_000, True), (10_000, False)])
def test_middles_are_shown_where_they_leave_open_what_few_gave(upper, is_shown):
    """Nine of £100 or more that make up £1,100 would tell that two at most gave £100 more."""
    others = ({"a": upper, "b": 60_000 - upper}, 7), ({"a": 10_000, "b": 50_000}, 1)
    found = amounts(5, ({"b": 60_000}, 8), *others, ({"a": 30_000, "b": 30_000}, 1))
    assert {each["people"] for each in found.values()} == {None}
    assert [each["middle"] is not None for each in found.values()] == [is_shown] * 3


def test_middles_are_hidden_where_few_are_on_either_side_of_them():
    """Of ten people with a middle of nothing, four at most gave something."""
    found = amounts(5, ({"b": 60_000}, 6), ({"a": 60_000}, 4))
    assert {each["middle"] for each in found.values()} == {None}


def worlds(options: int, steps: int, people: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Everything that so many people may answer together, in steps."""
    shares = [each for each in product(range(steps + 1), repeat=options) if sum(each) == steps]
    return combinations_with_replacement(shares, people)


@pytest.mark.parametrize(("options", "steps", "people"), [(2, 5, 7), (3, 3, 6)])
def test_no_small_number_follows_from_what_is_shown(options, steps, people):
    """Of all answers with the same tally, a small number of people is never in every one."""
    few, ids = 3, "abc"[:options]
    asked = of_kind("allocation", pot=steps, step=1)
    asked = replace(asked, options=asked.options[:options])
    same: dict[str, list[list[Counter[int]]]] = {}
    for world in worlds(options, steps, people):
        answers = [(dict(zip(ids, share, strict=True)), 1) for share in world]
        found = tally(asked, answers, least=few)["amounts"]
        if found is not None:
            numbers = [Counter(column) for column in zip(*world, strict=True)]
            same.setdefault(json.dumps(found), []).append(numbers)
    assert same
    for found, each in same.items():
        for place, amount in product(range(options), range(steps + 1)):
            possible = {numbers[place][amount] for numbers in each}
            assert len(possible) > 1 or possible.pop() not in range(1, few), found


SHARES = st.sampled_from([{"a": 6}, {"b": 6}, {"a": 3, "b": 3}, {"a": 5, "b": 1}, {"b": 5, "c": 1}])


@given(st.lists(st.tuples(SHARES, st.integers(1, 9)), max_size=6), st.sampled_from([None, 1, 3, 5]))
def test_the_verifier_hides_the_same(answers, least):
    asked = of_kind("allocation", pot=6, step=1)
    options = [{"id": option.id} for option in asked.options]
    manifest = {"id": asked.id, "kind": asked.kind, "options": options, "pot": 6, "step": 1}
    found = folkmoot_verify.tally_of(manifest, answers, 0, is_counted=False, least=least)
    assert found == tally(asked, answers, least=least)


def test_nobody_answered():
    assert tally(ASKED, [], least=None)["amounts"] is None
