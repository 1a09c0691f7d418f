"""Answers are sealed with those of others, and nobody who watches the log sees when each came."""

from contextlib import closing
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from sqlalchemy import delete, select, update

from consult.commands.answers.submitting import withdraw_answers
from consult.commands.consultations.opening import pause_consultation, resume_consultation
from consult.commands.data_protection.erasure import erase_by_holder
from consult.log_store import tables
from consult.log_store.store import LogStore
from consult.log_store.waiting import waiting_facts
from consult.log_store.writer import Writer
from consult.sealing import key_change
from consult.sealing import sealer as sealer_module
from consult.sealing.key import Memory
from consult.sealing.running import open_sealer, seal_now
from consult.sealing.sealer import RecordRolledBack
from tests.builders import ORGANISER, close_consultation, consultation, partnership, words
from tests.conftest import only
from tests.consult.sealing.audits import RESIDENT, answer, audit, documents
from tests.consult.sealing.broken_writes import Broken, breaks

FOUR = ("Ada", "Ben", "Cai", "Dee")
BEGINNING_OF_ENTRIES = 3
"""What stands before the first answer: the name of the log, a partnership, an opening."""


@pytest.fixture
def about(services, log):
    about = consultation(services)
    assert seal_now(services, log) == BEGINNING_OF_ENTRIES
    return about


@pytest.fixture
def grouped(services, log):
    """Seals as the background process does: what has to wait waits."""
    return partial(seal_now, services, log)


def kinds(log):
    return [document["t"] for document in documents(log)[BEGINNING_OF_ENTRIES:]]


def voters(services, log, about):
    """Whose entries stand in the log, in order."""
    named = {services.vault.pseudonym(about.id, each): each for each in (*FOUR, "Eve", "Flo")}
    return [named.get(document.get("b")) for document in documents(log)[BEGINNING_OF_ENTRIES:]]


def test_the_answers_of_four_wait_and_those_of_the_fifth_seal_them_all(
    services, log, about, grouped
):
    for each in FOUR:
        answer(services, about, each)
        assert grouped() == BEGINNING_OF_ENTRIES
    answer(services, about, "Eve")
    assert grouped() == audit(services, log) == BEGINNING_OF_ENTRIES + 5
    assert sorted(voters(services, log, about)) == [*FOUR, "Eve"]
    assert waiting_facts(log) == []


@only("sqlite")
def test_who_came_first_cannot_be_seen(services, log, about, grouped):
    orders = set()
    for number in range(6):
        other = consultation(services, slug=f"other-{number}")
        for each in (*FOUR, "Eve"):
            answer(services, other, each)
        grouped()
        orders.add(tuple(voters(services, log, other)[-5:]))
    assert len(orders) > 1


def test_five_answers_of_one_person_are_no_group(services, log, about, grouped):
    for order in ("a", "b", "c", "ab", "ac"):
        answer(services, about, "Ada", *order)
    assert grouped() == BEGINNING_OF_ENTRIES


def test_at_the_end_of_the_clock_hour_nothing_waits_longer(services, log, clock, about, grouped):
    answer(services, about, "Ada")
    clock.move(minutes=40)
    answer(services, about, "Ben")
    clock.now = clock.now.replace(minute=59, second=59, microsecond=999_999)
    assert grouped() == BEGINNING_OF_ENTRIES
    clock.move(microseconds=1)
    assert (clock.now.minute, clock.now.microsecond) == (0, 0)
    assert grouped() == audit(services, log) == BEGINNING_OF_ENTRIES + 2


def test_what_happens_to_a_consultation_stands_after_the_answers_before_it(
    services, log, about, grouped
):
    answer(services, about, "Ada")
    grouped()
    pause_consultation(services, about.id, reason=words("A fault"), actor=ORGANISER)
    grouped()
    assert kinds(log) == ["ballot", "paused"]
    resume_consultation(services, about.id, actor=ORGANISER)
    answer(services, about, "Ben")
    close_consultation(services, about.id)
    grouped()
    assert kinds(log)[2:] == ["resumed", "ballot", "closed"]
    assert audit(services, log) == BEGINNING_OF_ENTRIES + 5


def test_other_consultations_and_other_facts_neither_wait_nor_end_the_waiting(
    services, log, about, grouped
):
    answer(services, about, "Ada")
    other = consultation(services, slug="other")
    partnership(services, slug="another")
    for each in (*FOUR, "Eve"):
        answer(services, other, each)
    grouped()
    assert kinds(log) == ["opened", "partnership", *["ballot"] * 5]
    assert {each.get("c") for each in documents(log)[-5:]} == {str(other.id)}
    assert [fact.version for fact in waiting_facts(log)] == [1]


def test_what_becomes_of_answers_waits_too_and_stands_after_them(services, log, about, grouped):
    receipts = {each: answer(services, about, each) for each in (*FOUR, "Eve")}
    grouped()
    erase_by_holder(services, holder=receipts["Ada"].holder, actor=RESIDENT)
    withdraw_answers(services, holder=receipts["Ben"].holder, actor=RESIDENT, command_id="w")
    assert grouped() == BEGINNING_OF_ENTRIES + 5
    answer(services, about, "Ben", "c")
    for each in ("Cai", "Dee", "Eve"):
        answer(services, about, each, "c")
    grouped()
    assert audit(services, log) == BEGINNING_OF_ENTRIES + 11
    sealed = documents(log)[-6:]
    assert {each["t"] for each in sealed} == {"ballot", "withdrawn", "erased"}
    ben = [each["t"] for each in sealed if each["b"] == services.vault.pseudonym(about.id, "Ben")]
    assert ben == ["withdrawn", "ballot"]


def test_no_checkpoint_ends_within_a_group(services, log, about, grouped, monkeypatch):
    monkeypatch.setattr(sealer_module, "FACTS_MAX", 2)
    for number in range(23):
        answer(services, about, f"voter {number}")
    grouped()
    with log.read() as db:
        sizes = db.execute(select(tables.checkpoint.c.size).order_by("size")).scalars().all()
    assert all(after - before >= 5 for before, after in pairwise(sizes) if after > 3)
    assert len(waiting_facts(log)) < 5


def test_what_piled_up_is_sealed_hour_by_hour_and_no_day_after_a_later_one(
    services, log, clock, about, grouped
):
    """The sealer was away: what it would have sealed in its time comes in that order."""
    answer(services, about, "Ada")
    clock.move(days=2)
    other = consultation(services, slug="other")
    answer(services, about, "Ben")
    clock.move(days=2)
    answer(services, other, "Cai")
    clock.move(hours=1)
    grouped()
    days = [each.get("d") or each["at"][:10] for each in documents(log)[BEGINNING_OF_ENTRIES:]]
    assert days == sorted(days)
    assert kinds(log) == ["ballot", "opened", "ballot", "ballot"]


def test_answers_recorded_by_a_clock_ahead_wait_no_longer_than_others(
    services, log, clock, about, grouped
):
    clock.move(hours=2)
    answer(services, about, "Ada")
    clock.move(hours=-2)
    assert grouped() == BEGINNING_OF_ENTRIES
    clock.move(hours=1)
    assert grouped() == BEGINNING_OF_ENTRIES + 1


@pytest.mark.parametrize("when", ["lost", "reported lost"])
@pytest.mark.parametrize(
    ("place", "name"),
    [(Writer, "append"), (Writer, "advance"), (Memory, "remember"), (LogStore, "publish")],
    ids=["append", "advance", "remember", "publish"],
)
def test_a_sealer_that_dies_at_any_step_forgets_nothing_that_waits(
    services, log, clock, about, grouped, monkeypatch, place, name, when
):
    monkeypatch.setattr(sealer_module, "FACTS_MAX", 2)
    answer(services, about, "Ada")
    grouped()
    for each in ("Ben", "Cai", "Dee", "Eve", "Flo"):
        answer(services, about, each)
    breaks(monkeypatch, place, name, when)
    with pytest.raises(Broken):
        grouped()
    grouped()
    assert audit(services, log) == BEGINNING_OF_ENTRIES + 5
    clock.move(hours=1)
    grouped()
    assert audit(services, log) == BEGINNING_OF_ENTRIES + 6
    assert sorted(voters(services, log, about)) == [*FOUR, "Eve", "Flo"]


def test_another_sealer_goes_on_with_what_waits(services, log, clock, about):
    answer(services, about, "Ada")
    with closing(open_sealer(services.config, services.record, log, clock)) as first:
        first.seal_all()
    answer(services, about, "Ben")
    clock.move(hours=1)
    with closing(open_sealer(services.config, services.record, log, clock)) as second:
        second.seal_all()
    assert audit(services, log) == BEGINNING_OF_ENTRIES + 2


def test_a_record_that_lost_what_waits_is_refused(services, log, about, grouped):
    answer(services, about, "Ada")
    grouped()
    waiting = tables.waiting
    with log.write() as db:
        db.execute(update(waiting).values(version=2))
    with pytest.raises(RecordRolledBack, match="something else"):
        grouped()
    with log.write() as db:
        db.execute(update(waiting).values(version=1, position=waiting.c.position + 1))
    with pytest.raises(RecordRolledBack):
        grouped()


def test_without_what_is_stored_as_waiting_an_answer_would_be_lost(services, log, about, grouped):
    """The control: nothing else knows of it once the record was read beyond it."""
    answer(services, about, "Ada")
    grouped()
    with log.write() as db:
        db.execute(delete(tables.waiting))
    seal_now(services, log, group_min=1)
    with pytest.raises(AssertionError):
        audit(services, log)


def test_a_log_that_ends_takes_what_waits_with_it(services, log, about, grouped):
    answer(services, about, "Ada")
    grouped()
    key_change.retire(services)
    assert audit(services, log) == BEGINNING_OF_ENTRIES + 1
    assert waiting_facts(log) == []


def test_a_changed_key_makes_nothing_come_sooner(services, log, about, grouped, clock):
    answer(services, about, "Ada")
    grouped()
    key_change.rotate(services)
    assert grouped() == BEGINNING_OF_ENTRIES
    clock.now += timedelta(hours=1)
    assert grouped() == BEGINNING_OF_ENTRIES + 1
