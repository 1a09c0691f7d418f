"""No small count of people is shown, and none follows from what is shown (I16)."""

from itertools import combinations, product

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


def is_safe(cells: dict[str, int], few: list[str], more: list[str], least: int) -> bool:
    """Whether each small cell could be anything, told by trying every value of what is hidden."""
    hidden = [*few, *more]
    total = sum(cells[name] for name in hidden)
    possible: dict[str, set[int]] = {name: set() for name in few}
    ranges = [range(1, least) if name in few else range(least, total + 1) for name in hidden]
    for values in product(*ranges):
        if sum(values) == total:
            for name, value in zip(few, values, strict=False):
                possible[name].add(value)
    return all(found == set(range(1, least)) for found in possible.values())


def model(cells: dict[str, int], least: int) -> set[str] | None:
    """The rule of docs/tallies.md, with the safety tried out: what is hidden; None: everything."""
    few = [name for name, people in cells.items() if 0 < people < least]
    others = sorted((name for name in cells if cells[name] >= least), key=lambda name: cells[name])
    if not few:
        return set()
    for more in range(len(others) + 1):
        if is_safe(cells, few, others[:more], least):
            return {*few, *others[:more]}
    return None


@given(st.lists(st.integers(0, 12), min_size=1, max_size=5), st.integers(2, 5))
def test_nothing_more_is_hidden_than_the_rule_has_to(counts, least):
    cells = {f"W{n}": count for n, count in enumerate(counts)}
    shown = protect(cells, least)
    expected = model(cells, least)
    if expected is None:
        assert shown is None
        return
    assert shown is not None
    assert {name for name, cell in shown.items() if cell.people is None} == expected
    assert list(shown) == list(cells)
    for name, cell in shown.items():
        assert cell.people in {None, cells[name]}
        assert cell.is_few == (0 < cells[name] < least)


def test_where_no_choice_of_cells_would_protect_them_nothing_is_shown():
    """And only there: a table that is not shown at all is of no use to anybody."""
    least = 4
    for counts in product(range(10), repeat=3):
        cells = {f"W{n}": count for n, count in enumerate(counts)}
        few = [name for name, people in cells.items() if 0 < people < least]
        others = [name for name, people in cells.items() if people >= least]
        choices = [
            chosen for size in range(len(others) + 1) for chosen in combinations(others, size)
        ]
        can_be_shown = not few or any(is_safe(cells, few, [*some], least) for some in choices)
        assert (protect(cells, least) is not None) == can_be_shown, cells


def test_one_person_among_none_is_not_shown_and_nobody_at_all_is():
    assert protect({"W1": 0, "W2": 0}, 5) == {"W1": (0, False), "W2": (0, False)}
    assert protect({"W1": 1, "W2": 0}, 5) is None
    assert protect({}, 5) == {}


def test_a_threshold_of_one_hides_nothing():
    assert protect({"W1": 1, "W2": 7}, 1) == {"W1": (1, False), "W2": (7, False)}
