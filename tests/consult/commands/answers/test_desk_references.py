"""A desk's list of numbers is compared with the answers it sent, and who looked is recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.commands.answers.desk_references import (
    LEVEL,
    DeskCount,
    LookUp,
    busiest,
    counts,
    look_up,
)
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.context import Actor
from consult.people.proving.identities import prove, written_reference
from consult.services import Services
from events import DataProtectionCase
from tests.builders import AUDITOR, RANKING, RESIDENT, consultation, member, partnership

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@given(st.lists(st.integers(0, 20_000), max_size=40))
def test_the_busiest_hour_is_that_of_the_plainest_count(seconds):
    times = [NOON + timedelta(seconds=each) for each in seconds]
    plain = max(
        (sum(0 <= other - each < 3_600 for other in seconds) for each in seconds), default=0
    )
    assert busiest(times) == plain
    assert busiest(reversed(times)) == plain


@pytest.mark.parametrize(("apart", "most"), [(0, 2), (3_599, 2), (3_600, 1), (3_601, 1)])
def test_two_moments_an_hour_apart_are_in_two_hours(apart, most):
    assert busiest([NOON, NOON + timedelta(seconds=apart)]) == most


@pytest.fixture
def asked(services: Services) -> Any:
    return consultation(services, RANKING, identity=("open", "desk"))


@pytest.fixture
def clerks(services: Services, asked: Any) -> dict[str, Actor]:
    """Two accounts of a desk, by the names of their people."""
    home = partnership(services)
    return {
        name: Actor(
            "desk",
            member(
                services,
                email=f"{name}@example.org",
                name=name,
                partnership_id=home.id,
                role="desk",
            ).hex,
            "telephone",
        )
        for name in ("Ann", "Bob")
    }


def send(services: Services, asked: Any, clerk: Actor, number: str, level: str = LEVEL) -> Any:
    voter = prove(services.vault, asked.id, LEVEL, written_reference(number)).voter
    return submit_answers(
        services,
        consultation_id=asked.id,
        voter=voter,
        sheet=Sheet({"order": ["a"]}, assurance=level),
        actor=clerk,
        command_id="",
    )


@pytest.fixture
def sent(services: Services, asked: Any, clerks: dict[str, Actor], clock: Any) -> dict[str, Any]:
    """Ann answered for three, one of them twice and one without a number; Bob for one."""
    receipts = {}
    for number, name in (("LIB 1", "Ann"), ("LIB 2", "Ann"), ("LIB 9", "Bob"), ("LIB 1", "Ann")):
        receipts[number] = send(services, asked, clerks[name], number)
        clock.move(minutes=40)
    receipts["none"] = send(services, asked, clerks["Ann"], "nobody", "open")
    send(services, asked, RESIDENT, "online", "open")
    return receipts


def test_each_account_is_counted_with_its_busiest_hour_the_largest_first(
    services, asked, clerks, sent
):
    codes = {name: services.vault.desk(asked.id, each.reference) for name, each in clerks.items()}
    assert counts(services, asked.id) == [
        DeskCount(codes["Ann"], people=3, sent=4, busiest=2, name="Ann"),
        DeskCount(codes["Bob"], people=1, sent=1, busiest=1, name="Bob"),
    ]


def test_a_number_is_found_however_it_was_written_and_what_no_number_explains_is_told(
    services, asked, clerks, sent
):
    wanted = LookUp(references=("lib-1", "LIB.9", "LIB 7", "Lib1"))
    head = services.record.head()
    found = look_up(services, asked.id, wanted, actor=AUDITOR)
    ids = [each.subject_id if each else None for each in found.found]
    assert ids == [sent["LIB 1"].subject_id, sent["LIB 9"].subject_id, None, ids[0]]
    ann = services.vault.desk(asked.id, clerks["Ann"].reference)
    assert found.unexplained == {ann: 1}, "LIB 2; who showed no number has none to find"
    assert found.drawn == ()
    [row] = services.record.read(head)
    assert row.topic == DataProtectionCase.ReferencesLookedUp.TOPIC
    [event] = services.record.events.get(row.subject_id)
    fact = event.fact
    assert (fact.references, fact.found, fact.desk, fact.drawn) == (4, 3, "", 0)
    assert (fact.by.role, fact.consultation_id) == ("auditor", asked.id)
    assert set(fact.subjects) == {ids[0], ids[1]}


@pytest.mark.parametrize(("draw", "drawn"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3), (500, 3)])
def test_so_many_answers_of_an_account_are_drawn_as_were_asked_for(
    services, asked, clerks, sent, draw, drawn
):
    ann = services.vault.desk(asked.id, clerks["Ann"].reference)
    wanted = LookUp(("LIB 2", "LIB 1"), draw=draw, desk=ann)
    found = look_up(services, asked.id, wanted, actor=AUDITOR, command_id="press")
    assert len(found.drawn) == drawn
    lines = {
        sent["LIB 2"].subject_id: 1,
        sent["LIB 1"].subject_id: 2,
        sent["none"].subject_id: None,
    }
    assert all(each.line == lines[each.answer.subject_id] for each in found.drawn)
    assert {each.answer.desk for each in found.drawn} <= {ann}
    again = look_up(services, asked.id, wanted, actor=AUDITOR, command_id="press")
    assert again.drawn == found.drawn, "nobody presses until a draw suits"


def test_another_press_draws_another_order_and_each_is_recorded(services, asked, clerks, sent):
    head = services.record.head()
    firsts = {
        look_up(services, asked.id, LookUp(draw=1), actor=AUDITOR).drawn[0].answer.subject_id
        for _ in range(30)
    }
    assert len(firsts) == 4
    assert services.record.head() == head + 30
