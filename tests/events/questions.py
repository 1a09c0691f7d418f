"""Questions and answers: two tiny subjects with which the record itself is tested.

As a program, `python questions.py DATABASE_URL QUESTION_ID`, it answers without end and
prints a line for each answer that the record has acknowledged, until it is killed.
"""

import sys
from datetime import UTC, datetime
from uuid import UUID, uuid4

from events.base import By, Fact, Subject, fact
from events.errors import Conflict
from events.store.record import Record

NOON = datetime(2026, 5, 1, 12, 0, 3, 350_149, tzinfo=UTC)


def by(command: str = "") -> By:
    return By(role="resident", actor="r1", command_id=command)


class Question(Subject):
    TOPIC = "test.question"

    @fact("test.question.asked.v1", starts=True)
    class ShownConsultation(Fact, frozen=True):
        title: str

        def apply(self, subject: "Question") -> None:
            subject.title = self.title

    @fact("test.question.reworded.v1")
    class Reworded(Fact, frozen=True):
        title: str

        def apply(self, subject: "Question") -> None:
            subject.title = self.title

    @fact("test.question.closed.v1")
    class Closed(Fact, frozen=True):
        def apply(self, subject: "Question") -> None:
            subject.is_open = False

    def start(self) -> None:
        self.title = ""
        self.is_open = True

    @classmethod
    def ask(cls, title: str = "Trees or benches?") -> "Question":
        return cls.begin(uuid4(), cls.ShownConsultation(at=NOON, by=by(), title=title))

    def reword(self, title: str) -> None:
        self.record(self.Reworded(at=NOON, by=by(), title=title))

    def close(self) -> None:
        self.record(self.Closed(at=NOON, by=by()))


class Answer(Subject):
    TOPIC = "test.answer"

    @fact("test.answer.given.v1", starts=True)
    class Given(Fact, frozen=True):
        choice: str
        terms: int = 0

        def apply(self, subject: "Answer") -> None:
            subject.choice = self.choice

    @fact("test.answer.changed.v1")
    class Changed(Fact, frozen=True):
        choice: str

        def apply(self, subject: "Answer") -> None:
            subject.choice = self.choice

    @classmethod
    def give(
        cls, choice: str = "trees", *, id: UUID | None = None, command: str = "", terms: int = 0
    ) -> "Answer":
        given = cls.Given(at=NOON, by=by(command), choice=choice, terms=terms)
        return cls.begin(id or uuid4(), given)

    def change(self, choice: str) -> None:
        self.record(self.Changed(at=NOON, by=by(), choice=choice))


def answer_without_end(database_url: str, question_id: UUID) -> None:
    record = Record(database_url)
    while True:
        question = record.refresh(Question, question_id)
        answer = Answer.give(terms=question.version)
        try:
            (recording,) = record.save(answer, depends_on={question_id: question.version})
        except Conflict:
            continue
        sys.stdout.write(f"{recording.notification.id} {answer.id}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    answer_without_end(sys.argv[1], UUID(sys.argv[2]))
