"""How saves share a transaction, and how each still gets its own answer."""

import time
from collections.abc import Callable
from threading import Thread

import pytest

from events.errors import OutcomeUnknown, Overloaded
from events.store.appends import Append
from events.store.record import Record, StaleDependency, StaleSubject
from events.store.writer import Writer
from tests.events.appenders import Before, Held
from tests.events.questions import Answer, Question


class Saving(Thread):
    """A save in a thread of its own, with what came of it."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__()
        self.work = work
        self.outcome: object = None
        self.start()

    def run(self) -> None:
        try:
            self.outcome = self.work()
        except Exception as error:  # noqa: BLE001  looked at by the test
            self.outcome = type(error)


def held(record: Record, **limits: float) -> Held:
    """Hold the next batch of this record until the test lets it go."""
    appender = Held(record._store.appender)
    record._store.writer = Writer(appender, **limits)
    return appender


def queue_up(record: Record, appender: Held, *works: Callable[[], object]) -> list[Saving]:
    """Start each save once the one before it waits in the queue; the first one is writing."""
    saving = []
    for place, work in enumerate(works):
        saving.append(Saving(work))
        appender.entered.wait()
        while len(record._store.writer._waiting) < place:
            time.sleep(0.001)
    return saving


def finish(appender: Held, saving: list[Saving]) -> list[object]:
    appender.let_go.set()
    for each in saving:
        each.join()
    return [each.outcome for each in saving]


def test_all_that_wait_share_one_transaction(record):
    appender = held(record)
    works = [lambda: record.save(Answer.give())[0].notification.id] * 12
    outcomes = finish(appender, queue_up(record, appender, *works))
    assert sorted(outcomes) == list(range(1, 13))
    assert appender.batches == [1, 11]


def test_in_a_shared_transaction_each_save_has_its_own_verdict(record):
    question, taken = Question.ask(), Answer.give()
    record.save(question, taken)
    appender = held(record)
    outcomes = finish(
        appender,
        queue_up(
            record,
            appender,
            lambda: len(record.save(Answer.give())),
            lambda: len(record.save(Answer.give(), Answer.give())),
            lambda: record.save(Answer.give(id=taken.id)),
            lambda: record.save(Answer.give(), depends_on={question.id: 9}),
            lambda: len(record.save(Answer.give(), depends_on={question.id: 1})),
        ),
    )
    assert outcomes == [1, 2, StaleSubject, StaleDependency, 1]
    assert appender.batches == [1, 4]
    assert record.head() == 6


def test_an_answer_that_waited_behind_the_closing_is_refused(record):
    question = Question.ask()
    record.save(question)
    question.close()
    appender = held(record)
    outcomes = finish(
        appender,
        queue_up(
            record,
            appender,
            lambda: len(record.save(Answer.give())),
            lambda: len(record.save(Answer.give(), depends_on={question.id: 1})),
            lambda: len(record.save(question)),
            lambda: len(record.save(Answer.give(), depends_on={question.id: 1})),
            lambda: len(record.save(Answer.give(), depends_on={question.id: 2})),
        ),
    )
    assert outcomes == [1, 1, 1, StaleDependency, 1]
    assert appender.batches == [1, 2, 1], "the fourth needs no transaction to be refused"


def test_taking_everything_at_once_would_let_an_answer_slip_in_behind_the_closing(
    record, monkeypatch
):
    """The control for the test above: without the rule, the late answer is recorded."""

    def take_everything(writer: Writer) -> list:
        batch, writer._waiting = writer._waiting, []
        return batch

    monkeypatch.setattr(Writer, "_take", take_everything)
    question = Question.ask()
    record.save(question)
    question.close()
    appender = held(record)
    outcomes = finish(
        appender,
        queue_up(
            record,
            appender,
            lambda: len(record.save(Answer.give())),
            lambda: len(record.save(question)),
            lambda: len(record.save(Answer.give(), depends_on={question.id: 1})),
        ),
    )
    assert outcomes == [1, 1, 1]


def test_many_saves_of_one_subject_are_refused_without_a_transaction_each(record):
    answer = Answer.give()
    appender = held(record)
    works = [lambda: len(record.save(Answer.give(id=answer.id)))] * 50
    outcomes = finish(appender, queue_up(record, appender, *works))
    assert outcomes == [1] + [StaleSubject] * 49
    assert appender.batches == [1]


def test_a_large_save_does_not_wait_for_room_and_others_do_not_share_with_it(record):
    appender = held(record)
    crowd = [Answer.give() for _ in range(3_000)]
    works = [lambda: len(record.save(Answer.give()))] * 2
    outcomes = finish(
        appender, queue_up(record, appender, *works, lambda: len(record.save(*crowd)), *works)
    )
    assert outcomes == [1, 1, 3_000, 1, 1]
    assert appender.batches == [1, 3, 1]


def test_when_too_many_wait_the_next_is_turned_away_and_the_others_are_served(record):
    appender = held(record, waiting_max=5)
    works = [lambda: len(record.save(Answer.give()))] * 6
    saving = queue_up(record, appender, *works)
    with pytest.raises(Overloaded, match="nothing was recorded"):
        record.save(Answer.give())
    assert finish(appender, saving) == [1] * 6
    assert record.head() == 6
    record.save(Answer.give())


def test_who_waits_too_long_is_told_what_is_known(record):
    """Still in the queue: certainly not recorded. Being written: nobody knows yet."""
    record._store.writer = Writer(record._store.appender, wait_seconds_max=0.05)
    first = held(record, wait_seconds_max=0.05)
    writing, *waiting = queue_up(record, first, *[lambda: len(record.save(Answer.give()))] * 3)
    for each in waiting:
        each.join()
    assert [each.outcome for each in waiting] == [Overloaded] * 2
    assert finish(first, [writing]) == [1]
    assert record.head() == 1


def test_a_mistake_in_the_store_reaches_one_caller_and_the_others_know_they_do_not_know(record):
    class Mistaken(Before):
        def append(self, batch):
            if len(batch) > 1:
                raise ZeroDivisionError
            return super().append(batch)

    inner = Mistaken(record._store.appender)
    appender = Held(inner)
    record._store.writer = Writer(appender)
    works = [lambda: len(record.save(Answer.give()))] * 4
    outcomes = finish(appender, queue_up(record, appender, *works))
    assert outcomes == [1, ZeroDivisionError, OutcomeUnknown, OutcomeUnknown]
    assert record.save(Answer.give())[0].notification.id == 2


def test_whoever_is_interrupted_while_waiting_passes_the_turn_on(record):
    class Interrupted(Append):
        """Its wait ends with an interrupt once it has been given the turn."""

        def __init__(self, *arguments) -> None:
            super().__init__(*arguments)
            self.signal = self

        def acquire(self, timeout: float) -> bool:  # noqa: ARG002  as a lock has it
            while record._store.writer._promoted is not self:
                time.sleep(0.001)
            raise KeyboardInterrupt

        def release(self) -> None:
            pass

    rows = [record.mapper.to_stored_event(event) for event in Answer.give().collect_events()]

    def interrupted() -> None:
        with pytest.raises(KeyboardInterrupt):
            record._store.writer.append(Interrupted(rows))

    appender = held(record)
    saves = lambda: len(record.save(Answer.give()))  # noqa: E731  read twice below
    saving = queue_up(record, appender, saves, interrupted, saves)
    assert finish(appender, saving) == [1, None, 1]
    assert record.head() == 2
