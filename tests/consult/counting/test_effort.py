"""How long a count takes is known roughly before it begins."""

import pytest

from consult.counting import RULES
from consult.counting.effort import looks
from consult.counting.enough import BY_SCORE, WORK_MAX
from consult.jobs.kinds.counting import LOOKS_AT_ONCE_MAX

NAMES = [name.replace("points-N", "points-3") for name in sorted(RULES)]


@pytest.mark.parametrize("rule", NAMES)
def test_it_grows_with_the_ballots_and_with_the_options(rule):
    few = looks(rule, options=5, ballots=100)
    assert few < looks(rule, options=5, ballots=100_000)
    assert few < looks(rule, options=50, ballots=100)


@pytest.mark.parametrize("rule", NAMES)
def test_what_a_usual_consultation_asks_is_counted_at_once_and_what_a_city_asks_is_not(rule):
    assert looks(rule, options=10, ballots=1_000) < LOOKS_AT_ONCE_MAX
    assert looks(rule, options=100, ballots=100_000) > LOOKS_AT_ONCE_MAX


def test_what_would_have_been_enough_is_a_part_of_it_and_cheap_only_where_totals_decide():
    for rule in BY_SCORE:
        assert looks(rule, options=40, ballots=1_000) < 40 * 1_000 * 10
        assert looks(rule, options=40, ballots=1_000, has_scale=True) > 40 * WORK_MAX
    assert looks("borda", options=40, ballots=1_000) > 40 * WORK_MAX
