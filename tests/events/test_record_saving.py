"""What a save stores, what it refuses, and what comes back."""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from events.base import FACTS
from events.errors import NotFound
from events.store.mapper import FactMapper, UnknownFact
from events.store.record import (
    Record,
    SchemaMissing,
    StaleDependency,
    StaleSubject,
    TooLate,
    UnknownDatabase,
)
from tests.events.questions import NOON, Answer, Question


def test_a_saved_subject_comes_back_as_it_was(record):
    question = Question.ask("Trees?")
    question.reword("Trees or benches?")
    recordings = record.save(question)
    assert [r.notification.id for r in recordings] == [1, 2]
    found = record.get(Question, question.id)
    assert (found.title, found.version, found.is_open) == ("Trees or benches?", 2, True)


def test_what_is_not_there_is_not_found(record):
    answer = Answer.give()
    record.save(answer)
    assert record.find(Answer, uuid4()) is None
    assert record.find(Question, answer.id) is None, "it is there, but it is something else"
    with pytest.raises(NotFound, match="question"):
        record.get(Question, answer.id)


def test_positions_count_up_from_one_without_a_gap(record):
    assert record.head() == 0
    question = Question.ask()
    record.save(question)
    for _ in range(3):
        with pytest.raises(StaleDependency):
            record.save(Answer.give(), depends_on={question.id: 7})
        record.save(Answer.give(), Answer.give())
    assert [row.position for row in record.read(0)] == list(range(1, 8))
    assert record.head() == 7


def test_a_history_is_read_up_to_a_version_backwards_and_in_parts(record):
    question = Question.ask("1")
    for title in "234":
        question.reword(title)
    record.save(Question.ask("another"), question)

    def titles(**part):
        return [event.fact.title for event in record.events.get(question.id, **part)]

    assert titles() == ["1", "2", "3", "4"]
    assert titles(lte=2) == ["1", "2"]
    assert titles(gt=1) == ["2", "3", "4"]
    assert titles(gt=1, lte=3) == ["2", "3"]
    assert titles(desc=True) == ["4", "3", "2", "1"]
    assert titles(limit=1) == ["1"]
    assert titles(gt=1, limit=2) == ["2", "3"]
    assert titles(lte=3, desc=True, limit=1) == ["3"]


def test_reading_starts_after_a_position_and_ends_at_another(record):
    record.save(*[Answer.give() for _ in range(9)])
    assert [r.position for r in record.read(3)] == [4, 5, 6, 7, 8, 9]
    assert [r.position for r in record.read(3, limit=2)] == [4, 5]
    assert [r.position for r in record.read(3, until=6)] == [4, 5, 6]
    assert record.read(9) == []


def test_a_row_holds_the_fact_as_its_own_bytes_under_its_own_topic(record):
    answer = Answer.give("benches")
    record.save(answer)
    (row,) = record.read(0)
    assert (row.subject_id, row.version, row.topic) == (answer.id, 1, "test.answer.given.v1")
    assert isinstance(row.subject_id, UUID)
    assert isinstance(row.state, bytes)
    assert b'"choice":"benches"' in row.state
    assert FactMapper().decode(row.topic, row.state).choice == "benches"


def test_a_fact_of_a_newer_program_is_named(record, monkeypatch):
    answer = Answer.give()
    record.save(answer)
    record.mapper._decoders.clear()
    monkeypatch.delitem(FACTS, "test.answer.given.v1")
    with pytest.raises(UnknownFact, match=r"test\.answer\.given\.v1"):
        record.get(Answer, answer.id)


def test_the_second_of_two_first_facts_is_refused(record):
    answer = Answer.give("trees")
    record.save(answer)
    with pytest.raises(StaleSubject) as refused:
        record.save(Answer.give("benches", id=answer.id))
    assert refused.value.values == {"subject_id": answer.id, "expected": 0, "found": 1}
    assert record.get(Answer, answer.id).choice == "trees"


def test_a_change_to_what_somebody_has_changed_meanwhile_is_refused(record):
    answer = Answer.give()
    record.save(answer)
    mine, theirs = record.get(Answer, answer.id), record.get(Answer, answer.id)
    theirs.change("benches")
    record.save(theirs)
    mine.change("both")
    with pytest.raises(StaleSubject):
        record.save(mine)


def test_200_people_who_are_the_same_person_are_recorded_once(record, together):
    identity = uuid4()
    outcomes: list[str] = []

    def give(n: int) -> None:
        try:
            record.save(Answer.give(f"choice {n}", id=identity))
            outcomes.append("recorded")
        except StaleSubject:
            outcomes.append("refused")

    together(*[lambda n=n: give(n) for n in range(200)])
    assert sorted(outcomes) == ["recorded"] + ["refused"] * 199
    assert record.head() == 1


def test_a_save_is_recorded_whole_or_not_at_all(record):
    stale = Answer.give()
    record.save(stale)
    fresh = Answer.give()
    with pytest.raises(StaleSubject):
        record.save(fresh, Answer.give(id=stale.id), Answer.give())
    assert record.find(Answer, fresh.id) is None
    assert record.head() == 1


def test_saving_nothing_records_nothing(record):
    answer = Answer.give()
    record.save(answer)
    assert record.save(answer) == []
    assert record.save() == []
    assert record.head() == 1


def test_a_save_names_which_of_its_dependencies_has_moved(record):
    steady, moving = Question.ask(), Question.ask()
    record.save(steady, moving)
    moving.close()
    record.save(moving)
    with pytest.raises(StaleDependency) as refused:
        record.save(Answer.give(), depends_on={steady.id: 1, moving.id: 1})
    assert refused.value.values == {"subject_id": moving.id, "expected": 1, "found": 2}
    record.save(Answer.give(), depends_on={steady.id: 1, moving.id: 2})


def test_a_dependency_on_the_saved_subject_itself_must_agree(record):
    question = Question.ask()
    record.save(question)
    question.close()
    with pytest.raises(StaleDependency):
        record.save(question, depends_on={question.id: 7})
    assert record.get(Question, question.id).version == 1


def test_a_save_after_its_last_moment_is_refused_and_leaves_no_trace(database_url):
    moment = NOON
    record = Record(database_url, clock=lambda: moment)
    record.save(Answer.give(), not_after=NOON)
    moment = NOON + timedelta(microseconds=1)
    with pytest.raises(TooLate):
        record.save(Answer.give(), not_after=NOON)
    assert record.head() == 1
    record.close()


def test_without_a_clock_the_last_moment_is_by_the_clock_of_the_store(record):
    with pytest.raises(TooLate):
        record.save(Answer.give(), not_after=NOON - timedelta(days=36_500))
    record.save(Answer.give(), not_after=NOON + timedelta(days=36_500))
    assert record.head() == 1


def test_the_cached_subject_is_shared_until_it_is_refreshed(record, another_record):
    question = Question.ask("Trees?")
    record.save(question)
    cached = record.cached(Question, question.id)
    assert record.cached(Question, question.id) is cached
    assert record.refresh(Question, question.id) is cached

    elsewhere = another_record()
    theirs = elsewhere.get(Question, question.id)
    theirs.reword("Benches?")
    elsewhere.save(theirs)
    assert record.cached(Question, question.id).title == "Trees?"
    assert record.refresh(Question, question.id).title == "Benches?"
    assert cached.title == "Trees?", "others may still be reading it"


def test_a_refused_dependency_is_not_cached_any_longer(record, another_record):
    question = Question.ask()
    record.save(question)
    assert record.cached(Question, question.id).is_open
    theirs = another_record().get(Question, question.id)
    theirs.close()
    another_record().save(theirs)
    with pytest.raises(StaleDependency):
        record.save(Answer.give(), depends_on={question.id: 1})
    assert not record.cached(Question, question.id).is_open


def test_the_cached_subject_cannot_be_saved(record):
    question = Question.ask()
    record.save(question)
    cached = record.cached(Question, question.id)
    cached.close()
    with pytest.raises(AssertionError, match="read-only"):
        record.save(cached)


def test_an_import_stores_many_subjects_in_order_under_the_same_checks(record):
    question = Question.ask()
    record.save(question)
    answers = [Answer.give(f"choice {n}") for n in range(4_500)]
    assert record.append_batch(answers, depends_on={question.id: 1}) == 4_501
    rows = record.read(1, limit=10_000)
    assert [row.subject_id for row in rows] == [answer.id for answer in answers]
    assert all(b.position == a.position + 1 for a, b in pairwise(rows))
    with pytest.raises(StaleDependency):
        record.append_batch([Answer.give()], depends_on={question.id: 2})
    with pytest.raises(StaleSubject):
        record.append_batch([Answer.give(), Answer.give(id=answers[7].id)])
    assert record.head() == 4_501


def test_a_database_without_a_record_says_what_to_do(tmp_path):
    with pytest.raises(SchemaMissing, match="consult init"):
        Record(f"sqlite:///{tmp_path}/nothing.db")
    assert not (tmp_path / "nothing.db").exists()


@pytest.mark.parametrize(
    "address", ["", "folkmoot.db", "sqlite://", "mysql://host/name", "sqlite:"]
)
def test_an_address_that_names_no_database_says_what_one_looks_like(address):
    with pytest.raises(UnknownDatabase, match=r"sqlite:///folkmoot\.db"):
        Record(address)
