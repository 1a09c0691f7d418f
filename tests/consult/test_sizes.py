"""Sizes of files are said in the units people see, and never more than is taken."""

import re

from hypothesis import given
from hypothesis import strategies as st

from consult import sizes
from events.kinds import pasted

UNITS = {"kB": 1_000, "MB": 1_000_000}


def bytes_said(said: str) -> float:
    number, unit = said.split()
    return float(number) * UNITS[unit]


def test_sizes_are_said_as_people_write_them():
    assert [sizes.limit(each) for each in (50_000, 999_999, 1_500_000, 5_000_000)] == [
        *("50 kB", "999.9 kB", "1.5 MB", "5 MB"),
    ]
    assert [sizes.of_file(each) for each in (1_017, 50_001, 3_000_001)] == [
        "1.1 kB",
        "50.1 kB",
        "3.1 MB",
    ]


@given(st.integers(1_000, 10**9))
def test_a_limit_is_never_said_larger_nor_a_file_smaller_than_it_is(size):
    assert bytes_said(sizes.limit(size)) <= size + 0.5
    assert bytes_said(sizes.of_file(size)) >= size - 0.5
    assert re.fullmatch(r"[0-9]+(\.[0-9])? (kB|MB)", sizes.limit(size))


@given(st.integers(1, 10**9))
def test_a_size_in_a_form_is_taken_back_as_the_same_bytes(size):
    assert pasted.number(sizes.megabytes(size), 6) == size
