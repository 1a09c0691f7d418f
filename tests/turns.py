"""Tests of which a run takes a part, another part each day, so that a run stays short.

A test marked `in_turn` is one of many of a kind, such as an address in one of 16 states for one
of 11 people. So is the PostgreSQL half of a test of pages: pages speak to a database through
commands and read models, whose tests always run on both. `--every` takes all of them, and
`--turn N` the part of another day again.
"""

import time
from zlib import crc32

import pytest

TURNS = 5
DAY_SECONDS = 86_400
PAGES = ("tests/consult/web/", "tests/consult/cli/", "tests/consult/demo/")


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


def is_in_turn(item: pytest.Item) -> bool:
    """Whether a run may leave a test to another day."""
    if "in_turn" in item.keywords:
        return True
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    return "postgres" in parameters.values() and item.nodeid.startswith(PAGES)


def turn_of(item: pytest.Item) -> int:
    """Return the part that a test belongs to: by its name alone, the same on every machine."""
    return crc32(item.nodeid.encode()) % TURNS


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what another day takes; what is asked for by its name is always run."""
    named = any("::" in argument for argument in config.args)
    if config.option.every or named:
        return
    left = [item for item in items if is_in_turn(item) and turn_of(item) != config.option.turn]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]
