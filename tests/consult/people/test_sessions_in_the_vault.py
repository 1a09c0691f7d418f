"""Sessions of people who work here: whose they are, how long they last, and how they end."""

from datetime import timedelta
from uuid import uuid4

import pytest

from consult.people import tables
from consult.people.accounts import sign_in_links, staff_sessions
from consult.people.vault import Vault
from tests.builders import BEGINNING
from tests.consult.people.erasable import rows, utc

ANN, BOB = uuid4(), uuid4()
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
JUST = timedelta(microseconds=1)


@pytest.fixture
def vault(services) -> Vault:
    return services.vault


def test_a_session_says_whose_it_is_and_is_kept_without_its_token(services, vault):
    tokens = {one: staff_sessions.begin(vault, one, BEGINNING) for one in (ANN, BOB)}
    assert {len(token) for token in tokens.values()} == {43}
    for one, token in tokens.items():
        assert staff_sessions.find(vault, token, BEGINNING) == one
    kept = str(rows(services, tables.staff_session))
    assert not any(token in kept for token in tokens.values())
    assert staff_sessions.find(vault, "another", BEGINNING) is None
    assert staff_sessions.find(vault, "", BEGINNING) is None


@pytest.mark.parametrize(("after", "lasts"), [(8 * HOUR, True), (8 * HOUR + JUST, False)])
def test_a_session_nobody_uses_is_over_after_eight_hours(services, vault, after, lasts):
    token = staff_sessions.begin(vault, ANN, BEGINNING)
    other = staff_sessions.begin(vault, BOB, BEGINNING + HOUR)
    assert staff_sessions.find(vault, token, BEGINNING + after) == (ANN if lasts else None)
    assert len(rows(services, tables.staff_session)) == (2 if lasts else 1)
    assert staff_sessions.find(vault, other, BEGINNING + after) == BOB
    assert staff_sessions.find(vault, token, BEGINNING) == (ANN if lasts else None)


@pytest.mark.parametrize(("after", "lasts"), [(12 * HOUR, True), (12 * HOUR + JUST, False)])
def test_a_session_is_over_after_twelve_hours_however_much_it_is_used(
    services, vault, after, lasts
):
    token = staff_sessions.begin(vault, ANN, BEGINNING)
    for hours in range(1, 12):
        assert staff_sessions.find(vault, token, BEGINNING + hours * HOUR) == ANN
    assert staff_sessions.find(vault, token, BEGINNING + after) == (ANN if lasts else None)
    assert len(rows(services, tables.staff_session)) == int(lasts)


@pytest.mark.parametrize(
    ("after", "noted"), [(MINUTE - JUST, timedelta(0)), (MINUTE, MINUTE), (HOUR, HOUR)]
)
def test_use_is_written_down_once_a_minute_and_for_that_session_alone(
    services, vault, after, noted
):
    token = staff_sessions.begin(vault, ANN, BEGINNING)
    staff_sessions.begin(vault, ANN, BEGINNING)
    assert staff_sessions.find(vault, token, BEGINNING + after) == ANN
    kept = rows(services, tables.staff_session)
    assert sorted(utc(row.seen_at) for row in kept) == [BEGINNING, BEGINNING + noted]
    assert {utc(row.begun_at) for row in kept} == {BEGINNING}


@pytest.mark.parametrize(
    ("used", "after", "left"),
    [
        (timedelta(0), 8 * HOUR, 2),
        (timedelta(0), 8 * HOUR + JUST, 1),
        (6 * HOUR, 12 * HOUR, 2),
        (6 * HOUR, 12 * HOUR + JUST, 1),
    ],
)
def test_sessions_that_are_over_go_when_the_next_begins(services, vault, used, after, left):
    token = staff_sessions.begin(vault, ANN, BEGINNING)
    if used:
        staff_sessions.find(vault, token, BEGINNING + used)
    staff_sessions.begin(vault, BOB, BEGINNING + after)
    assert len(rows(services, tables.staff_session)) == left


def test_one_session_ends_alone(services, vault):
    first, second = (staff_sessions.begin(vault, ANN, BEGINNING) for _ in range(2))
    staff_sessions.end(vault, first)
    staff_sessions.end(vault, first)
    assert staff_sessions.find(vault, first, BEGINNING) is None
    assert staff_sessions.find(vault, second, BEGINNING) == ANN


def test_all_sessions_of_one_person_end_with_the_links_that_would_begin_another(services, vault):
    for one in (ANN, ANN, BOB):
        staff_sessions.begin(vault, one, BEGINNING)
        sign_in_links.make_sign_in_token(vault, one, BEGINNING)
    staff_sessions.end_all(vault, ANN)
    for table in (tables.staff_session, tables.sign_in_link):
        assert [row.staff_id for row in rows(services, table)] == [BOB]


def test_a_token_is_looked_at_up_to_a_hundred_letters(vault, monkeypatch):
    monkeypatch.setattr("secrets.token_urlsafe", lambda _: "t" * 100)
    staff_sessions.begin(vault, ANN, BEGINNING)
    assert staff_sessions.find(vault, "t" * 100 + "more", BEGINNING) == ANN
    assert staff_sessions.find(vault, "t" * 99, BEGINNING) is None
