"""The tally of a budget to share out: totals, middles, and how many gave each amount."""

from collections.abc import Mapping
from typing import Any

import pytest

from consult.counting.tallies import tally
from tests.kinds import of_kind

ASKED = of_kind("allocation")


def amounts(least: int | None, *given: tuple[Mapping[str, int], int]) -> Any:
    return tally(ASKED, given, least=least)["amounts"]


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


def test_a_table_with_a_small_number_is_left_out_as_a_whole():
    """The total would give the small number away."""
    found = amounts(5, ({"a": 60_000}, 9), ({"a": 40_000, "b": 20_000}, 2), ({"b": 60_000}, 7))
    assert (found["a"]["total"], found["a"]["middle"]) == (620_000, [40_000, 60_000])
    assert [found[option]["people"] for option in "ab"] == [None, None]
    assert found["c"]["people"] == {"0": 18}


def test_nobody_answered():
    assert tally(ASKED, [], least=None)["amounts"] is None
