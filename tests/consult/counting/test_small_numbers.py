"""No small count of people is shown, and none follows from what is shown (I16)."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from consult.counting.small_numbers import protect

COUNTS = st.lists(st.integers(0, 30), min_size=1, max_size=5)


def test_a_cell_of_three_hides_its_complement_too():
    shown = protect({"W1": 3, "W2": 40, "W3": 60}, 5)
    assert shown is not None
    assert (shown["W1"].people, shown["W1"].is_few) == (None, True)
    assert (shown["W2"].people, shown["W2"].is_few) == (None, False)
    assert shown["W3"].people == 60


def test_numbers_that_are_large_enough_are_shown():
    shown = protect({"W1": 5, "W2": 0}, 5)
    assert shown is not None
    assert [cell.people for cell in shown.values()] == [5, 0]


def test_two_cells_of_one_are_not_given_away_by_their_sum():
    shown = protect({"W1": 1, "W2": 1, "W3": 90}, 5)
    assert shown is not None
    assert shown["W3"].people is None


def test_a_table_that_cannot_be_protected_is_not_shown():
    assert protect({"W1": 3, "W2": 0}, 5) is None
    assert protect({"W1": 3, "W2": 5}, 5) is None


@given(COUNTS)
def test_every_small_cell_could_be_anything_from_one_to_the_threshold(counts):
    least = 5
    cells = {f"W{n}": count for n, count in enumerate(counts)}
    shown = protect(cells, least)
    if shown is None:
        return
    total = sum(counts)
    hidden = [name for name in cells if shown[name].people is None]
    rest = total - sum(cell.people or 0 for cell in shown.values())
    few = [name for name in hidden if shown[name].is_few]
    assert all(
        cell.people is None or cell.people == 0 or cell.people >= least for cell in shown.values()
    )
    possible: dict[str, set[int]] = {name: set() for name in few}
    ranges = [range(1, least) if shown[name].is_few else range(least, rest + 1) for name in hidden]
    for values in product(*ranges):
        if sum(values) == rest:
            for name, value in zip(hidden, values, strict=True):
                if name in possible:
                    possible[name].add(value)
    assert all(found == set(range(1, least)) for found in possible.values())
