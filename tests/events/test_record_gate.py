"""Nothing is recorded that was checked against what no longer holds, however many try at once."""

from itertools import count
from threading import Event

import pytest

from events.errors import Conflict
from events.store import appends
from events.store.record import Record, StaleDependency
from tests.events.questions import Answer, Question

PEOPLE = 8
ANSWERS_EACH = 30


def answers_against(record: Record) -> list[tuple[int, int, int]]:
    """Return (position, version of the terms it was given under, version it found) per answer."""
    version, answers = 0, []
    for row in record.read(0, limit=100_000):
        if row.topic.startswith("test.question"):
            version = row.version
        elif row.topic == "test.answer.given.v1":
            answers.append(
                (row.position, record.mapper.decode(row.topic, row.state).terms, version)
            )
    return answers


def answer_while_it_changes(record: Record, together) -> Question:
    """Let people answer until they see that it is closed, while the terms change under them."""
    question = Question.ask()
    record.save(question)
    answered = count()
    halfway = Event()

    def answer() -> None:
        while (seen := record.refresh(Question, question.id)).is_open:
            try:
                record.save(Answer.give(terms=seen.version), depends_on={seen.id: seen.version})
            except StaleDependency:
                continue
            if next(answered) > PEOPLE * ANSWERS_EACH / 2:
                halfway.set()

    def organise() -> None:
        for wording in range(10):
            record.refresh(Question, question.id)
            mine = record.get(Question, question.id)
            mine.reword(f"wording {wording}")
            record.save(mine)
        halfway.wait()
        mine = record.get(Question, question.id)
        mine.close()
        record.save(mine)

    together(organise, *[answer] * PEOPLE)
    return question


def test_no_answer_is_recorded_after_closing_or_under_superseded_terms(record, together):
    question = answer_while_it_changes(record, together)
    closed_at = next(r.position for r in record.read(0, 100_000) if r.topic.endswith("closed.v1"))
    answers = answers_against(record)
    assert len(answers) >= PEOPLE * ANSWERS_EACH / 2
    assert [a for a in answers if a[0] > closed_at] == []
    assert [a for a in answers if a[1] != a[2]] == []
    assert record.get(Question, question.id).version == 12


def test_the_race_is_real_without_the_check_superseded_answers_are_recorded(
    record, together, monkeypatch
):
    """The control: the same race with dependencies ignored goes wrong, so the test above sees."""
    proper = appends.Append.__init__

    def without_dependencies(self, rows, depends_on=None, **limits):
        proper(self, rows, None, **limits)

    monkeypatch.setattr(appends.Append, "__init__", without_dependencies)
    for _ in range(20):
        answer_while_it_changes(record, together)
        if any(given != found for _, given, found in answers_against(record)):
            return
    pytest.fail("the race that the check protects from never happened")


def test_a_closing_and_an_answer_that_wait_together_do_not_pass_each_other(record, together):
    """Rule: what depends on an earlier write of the same transaction is judged against it."""
    for _ in range(20):
        question = Question.ask()
        record.save(question)
        outcomes: list[str] = []

        def close(mine=question) -> None:
            mine.close()
            record.save(mine)

        def answer(id=question.id, outcomes=outcomes) -> None:
            try:
                record.save(Answer.give(terms=1), depends_on={id: 1})
                outcomes.append("recorded")
            except Conflict:
                outcomes.append("refused")

        before = record.head()
        together(*[answer] * 3, close, *[answer] * 3)
        topics = [row.topic for row in record.read(before)]
        assert topics[-1] == "test.question.closed.v1"
        assert outcomes.count("recorded") == len(topics) - 1


def test_people_who_wait_for_each_other_are_all_served(record, together):
    """Every thread changes the same few subjects and tries again until it succeeds."""
    shared = [Answer.give() for _ in range(3)]
    record.save(*shared)

    def change() -> None:
        for answer in shared:
            while True:
                mine = record.get(Answer, answer.id)
                mine.change(f"{mine.version}")
                try:
                    record.save(mine)
                    break
                except Conflict:
                    continue

    together(*[change] * PEOPLE)
    assert [record.get(Answer, answer.id).version for answer in shared] == [1 + PEOPLE] * 3
