"""How often something was asked for lately, and the marks of what was done: to the moment."""

from datetime import timedelta
from typing import Any

import pytest

from consult.people import tables, watermarks
from consult.people.proving import attempts
from consult.people.proving.attempts import Window
from consult.people.vault import Vault
from tests.builders import BEGINNING
from tests.consult.people.erasable import rows

HOUR = timedelta(hours=1)
JUST = timedelta(microseconds=1)


@pytest.fixture
def vault(services) -> Vault:
    return services.vault


def note(vault: Vault, after: timedelta = HOUR * 0, whose: str = "ann", most: int = 2) -> bool:
    return attempts.note(vault, whose, most, HOUR, BEGINNING + after)


def kept(services) -> list[Any]:
    return rows(services, tables.attempt)


def test_enough_is_enough_for_each_and_what_is_refused_is_not_counted(services, vault):
    assert [note(vault) for _ in range(4)] == [True, True, False, False]
    assert len(kept(services)) == 2
    assert note(vault, whose="bob")
    assert not note(vault, whose="eve", most=0)
    assert len(kept(services)) == 3
    assert "ann" not in str(kept(services))
    assert {len(row.whose) for row in kept(services)} == {43}


@pytest.mark.parametrize(("after", "may"), [(HOUR - JUST, False), (HOUR, True)])
def test_an_attempt_counts_for_its_period(services, vault, after, may):
    note(vault)
    note(vault)
    assert note(vault, after) is may
    assert len(kept(services)) == (1 if may else 2), "what is over goes"


@pytest.mark.parametrize(
    ("after", "seen"),
    [
        (timedelta(minutes=30), Window(2, BEGINNING)),
        (HOUR - JUST, Window(2, BEGINNING)),
        (HOUR, Window(1, BEGINNING + timedelta(minutes=20))),
        (2 * HOUR, Window(0, None)),
    ],
)
def test_a_window_says_how_many_there_were_and_since_when(vault, after, seen):
    note(vault)
    note(vault, timedelta(minutes=20))
    note(vault, timedelta(minutes=10), whose="bob")
    assert attempts.window(vault, "ann", HOUR, BEGINNING + after) == seen


@pytest.mark.parametrize(("whose", "gone", "left"), [("ann", 2, 1), ("eve", 0, 3), ("", 3, 0)])
def test_what_was_counted_is_forgotten_of_one_or_of_everybody(services, vault, whose, gone, left):
    for one in ("ann", "ann", "bob"):
        note(vault, whose=one)
    assert attempts.forget(vault, whose) == gone
    assert len(kept(services)) == left


@pytest.mark.parametrize(("after", "gone"), [(HOUR - JUST, 0), (HOUR, 1), (2 * HOUR, 2)])
def test_what_is_over_is_swept(services, vault, after, gone):
    note(vault)
    note(vault, timedelta(minutes=1))
    assert attempts.sweep(vault, BEGINNING + after) == gone
    assert len(kept(services)) == 2 - gone


def test_a_mark_says_up_to_where_and_until_when_something_was_done(vault):
    assert (watermarks.position(vault, "one"), watermarks.moment(vault, "one")) == (0, None)
    with vault.transaction() as connection:
        watermarks.move(vault, connection, "one", 7)
        watermarks.note(vault, connection, "two", BEGINNING)
    assert (watermarks.position(vault, "one"), watermarks.moment(vault, "one")) == (7, None)
    assert (watermarks.position(vault, "two"), watermarks.moment(vault, "two")) == (0, BEGINNING)
    with vault.transaction() as connection:
        watermarks.move(vault, connection, "two", 3)
        watermarks.note(vault, connection, "one", BEGINNING + HOUR)
    assert (watermarks.position(vault, "one"), watermarks.moment(vault, "one")) == (
        7,
        BEGINNING + HOUR,
    )
    with vault.transaction() as connection:
        watermarks.move(vault, connection, "one", 2)
        watermarks.note(vault, connection, "two", BEGINNING - HOUR)
    assert (watermarks.position(vault, "one"), watermarks.moment(vault, "one")) == (
        2,
        BEGINNING + HOUR,
    )
    assert (watermarks.position(vault, "two"), watermarks.moment(vault, "two")) == (
        3,
        BEGINNING - HOUR,
    )
