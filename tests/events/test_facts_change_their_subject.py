"""What a fact says of its subject, the subject says after it: for every fact and every field."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from events import FACTS
from events.base import Event, Fact, Subject, subject_of

SAMPLES = Path(__file__).resolve().parents[1] / "golden" / "events"
OF_THE_SUBJECT = {"id", "version"}
"""Names that mean the subject itself there, and something else in a fact."""

WHOSE = {"consultation_id", "question_id"}
WHOSE_OF_TOPIC = {
    "consult.approval.": WHOSE | {"act", "digest"},
    "consult.interest.": WHOSE | {"partnership_id", "organisation"},
    "consult.seat.": WHOSE | {"partnership_id", "title"},
}
"""What the first fact says for good; later ones repeat it for those who read them alone."""


def said_of(kind: type[Subject]) -> set[str]:
    """The names of what a subject says about itself."""
    annotated = {name for base in kind.__mro__ for name in getattr(base, "__annotations__", {})}
    return annotated | set(vars(kind(UUID(int=1))))


def shared() -> Iterator[tuple[str, str]]:
    for topic, kind in sorted(FACTS.items()):
        if topic.startswith("consult."):
            names = {field.name for field in msgspec.structs.fields(kind)}
            subject = f"{topic.rpartition('.')[0].rpartition('.')[0]}."
            whose = WHOSE_OF_TOPIC.get(subject, WHOSE)
            left_out = OF_THE_SUBJECT | (set() if kind.STARTS else whose)
            for name in sorted(names & said_of(subject_of(topic)) - left_out):
                yield topic, name


def differing(value: Any) -> Any:
    """Another value of the same type: what only the fact can have brought."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 7
    if isinstance(value, str):
        return f"{value}-of-the-fact"
    if isinstance(value, UUID):
        return UUID(int=77)
    if isinstance(value, dict) and all(isinstance(each, str) for each in value.values()):
        return {**value, "en": "of the fact"}
    return value


@pytest.mark.parametrize(("topic", "name"), [*shared()])
def test_a_field_of_a_fact_is_what_its_subject_says_afterwards(topic: str, name: str):
    kind = subject_of(topic)
    for sample in sorted(SAMPLES.glob(f"{topic}*.json")):
        fact: Fact = msgspec.json.decode(sample.read_bytes(), type=FACTS[topic])
        # Where none are named they stay as they were: a test of drafts has that.
        other = ("cy", "en") if name == "languages" else differing(getattr(fact, name))
        fact = msgspec.structs.replace(fact, **{name: other})
        subject = kind(UUID(int=1))
        if not fact.STARTS:
            subject.version = 1
        subject.mutate(Event(subject.id, subject.version + 1, fact))
        assert getattr(subject, name) == getattr(fact, name)
