"""Tests of which a run takes a part, another part each day, so that a run stays short.

Three kinds of tests come in turn:

- the cases of a test marked `in_turn`, which are many of a kind, such as an address in one of 16
  states for one of 11 people; and those of a journey that differ by language and scripts only;
- the PostgreSQL half of a test of pages or commands: these speak to a database through the
  record, the read models and the vault, whose tests always run on both, as do those of erasure
  and of what two do at the same moment.

Every run takes at least one case of each test, and `TURNS` days take all of them. `--every` takes
all at once, and `--turn N` the part of another day again.
"""

import time
from collections import defaultdict
from collections.abc import Hashable
from zlib import crc32

import pytest

TURNS = 7
DAY_SECONDS = 86_400
ABOVE_DATABASES = (
    "tests/consult/web/",
    "tests/consult/cli/",
    "tests/consult/demo/",
    "tests/consult/commands/",
    "tests/consult/notifying/",
)
ALWAYS_ON_BOTH = (
    "tests/consult/commands/data_protection/",
    "tests/consult/commands/test_conflicts",
)
JOURNEYS = "tests/journeys/"
ALIKE = {"language", "script"}
"""The parameters by which journeys come in turn."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("turns")
    group.addoption("--every", action="store_true", help="leave out none of the tests in turn")
    group.addoption("--turn", type=int, help=f"which part of them to take, 0 to {TURNS - 1}")


def pytest_configure(config: pytest.Config) -> None:
    """Settle the turn once: workers take the options of who started them, also at midnight."""
    if config.option.turn is None:
        config.option.turn = int(time.time() // DAY_SECONDS) % TURNS


def pytest_report_header(config: pytest.Config) -> str:
    if config.option.every:
        return "turns: every test"
    return f"turns: part {config.option.turn} of {TURNS} (--turn {config.option.turn}; --every)"


def cases_of(item: pytest.Item) -> Hashable | None:
    """Name the cases among which a run may choose; None for a test that every run takes."""
    callspec = getattr(item, "callspec", None)
    test = item.nodeid.partition("[")[0]
    if "in_turn" in item.keywords:
        return test
    if callspec is None:
        return None
    if item.nodeid.startswith(JOURNEYS) and ALIKE & callspec.params.keys():
        fixed = {name: repr(each) for name, each in callspec.params.items() if name not in ALIKE}
        return (test, *sorted(fixed.items()))
    return None


def is_other_half(item: pytest.Item) -> bool:
    """Whether SQLite runs the same test on every day."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    place = item.nodeid
    return (
        "postgres" in parameters.values()
        and place.startswith(ABOVE_DATABASES)
        and not place.startswith(ALWAYS_ON_BOTH)
    )


def left_to_other_days(items: list[pytest.Item], turn: int) -> set[pytest.Item]:
    """Choose by names alone, so that a day is the same on every machine."""
    lists: dict[Hashable, list[pytest.Item]] = defaultdict(list)
    left = set()
    for item in items:
        cases = cases_of(item)
        if cases is not None:
            lists[cases].append(item)
        elif is_other_half(item) and _number(item) % TURNS != turn:
            left.add(item)
    for listed in lists.values():
        days = min(len(listed), TURNS)
        in_order = sorted(listed, key=_number)
        left |= {item for at, item in enumerate(in_order) if at % days != turn % days}
    return left


def _number(item: pytest.Item) -> int:
    return crc32(item.nodeid.encode())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what another day takes; what is asked for by its name is always run."""
    named = any("::" in argument for argument in config.args)
    if config.option.every or named:
        return
    left = left_to_other_days(items, config.option.turn)
    if left:
        config.hook.pytest_deselected(items=[item for item in items if item in left])
        items[:] = [item for item in items if item not in left]
