"""Base classes of subjects and facts: permanent topics, an envelope, versions.

A *fact* is a small immutable struct with an explicit topic, `<subject>.<fact>.v<n>`, that is
never changed once stored. A *subject* is an aggregate: it is rebuilt from its own facts and
implements the protocols of the `eventsourcing` library, whose application, mapper, repository
and recorders store it. Classes can move while history stays readable.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, Self, TypeVar
from uuid import UUID, uuid5

import msgspec

from events.channels import ONLINE

FOLKMOOT = UUID("6f1d3e58-3a0c-5f3e-9f0b-0d3c7a2b5e11")
"""The UUID namespace of every identifier that is derived from names."""


class By(msgspec.Struct, frozen=True, omit_defaults=True):
    """The envelope of every fact: who did it, in which role, through which channel.

    `role`: the role of the actor. `actor`: an opaque reference into the vault, never a
    name. `channel`: one of events.channels. `command_id`: the idempotency
    key; the same key never takes effect twice on one subject.
    """

    role: str
    actor: str = ""
    channel: str = ONLINE
    command_id: str = ""
    correlation_id: str = ""
    causation_id: str = ""


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened, in the past tense.

    `at` is UTC and informative only: the order is the position in the record. A field added
    later needs an immutable default; a changed meaning needs a new topic beside this one.
    `NAME`: the part of the topic that says what happened to its subject.
    """

    TOPIC: ClassVar[str]
    NAME: ClassVar[str]
    STARTS: ClassVar[bool] = False

    at: datetime
    by: By

    def apply(self, subject: Any) -> None:
        """Apply the fact to the state of the subject; by default it changes nothing."""


class Event(NamedTuple):
    """A fact with its subject and version, as the library stores it."""

    originator_id: UUID
    originator_version: int
    fact: Fact


FACTS: dict[str, type[Fact]] = {}
"""Every kind of fact by its permanent topic."""

SUBJECTS: dict[str, type["Subject"]] = {}
"""Every kind of subject by its permanent topic."""

ANY_FACT = TypeVar("ANY_FACT", bound=type[Fact])


def fact(topic: str, *, starts: bool = False) -> Callable[[ANY_FACT], ANY_FACT]:
    """Register a fact under its permanent topic. `starts`: it is the first of its subject."""

    def register(kind: ANY_FACT) -> ANY_FACT:
        assert topic not in FACTS, f"{topic} is used twice"
        assert topic.rsplit(".v", 1)[-1].isdigit(), topic
        kind.TOPIC = topic
        kind.NAME = topic.split(".")[-2]
        kind.STARTS = starts
        FACTS[topic] = kind
        return kind

    return register


def subject_of(topic: str) -> type["Subject"]:
    """Return the class of subject of a fact: `consult.ballot` for `consult.ballot.cast.v1`."""
    return SUBJECTS[topic.rsplit(".", 2)[0]]


def derived_id(*names: str) -> UUID:
    """Return the UUID derived from these names, the same on every machine (RFC 9562, version 5).

    The names are joined with a NUL byte, which no name contains, so ("a", "bc") and
    ("ab", "c") differ.
    """
    assert not any("\0" in name for name in names)
    return uuid5(FOLKMOOT, "\0".join(names))


class Subject:
    """An aggregate of the record.

    A subclass sets `TOPIC`, has its facts as inner classes, and has methods that check a
    command against its own history before they `record`. `start` initialises its attributes.
    """

    TOPIC: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        assert cls.TOPIC not in SUBJECTS, f"{cls.TOPIC} is used twice"
        SUBJECTS[cls.TOPIC] = cls

    def __init__(self, id: UUID) -> None:
        self.id = id
        self.version = 0
        self.commands: dict[str, int] = {}
        self._pending: list[Event] = []
        self.start()

    def start(self) -> None:
        """Set the attributes that facts change."""

    @classmethod
    def begin(cls, id: UUID, first: Fact) -> Self:
        """Create a subject with its first fact."""
        assert first.STARTS
        subject = cls(id)
        subject.record(first)
        return subject

    def record(self, fact: Fact) -> None:
        """Apply a new fact and queue it to be stored when the subject is saved."""
        event = Event(self.id, self.version + 1, fact)
        self.mutate(event)
        self._pending.append(event)

    def mutate(self, event: Event) -> None:
        """Apply a fact from history."""
        assert event.originator_id == self.id
        assert event.originator_version == self.version + 1
        assert (self.version == 0) == event.fact.STARTS, event.fact.TOPIC
        event.fact.apply(self)
        self.version = event.originator_version
        if event.fact.by.command_id:
            self.commands[event.fact.by.command_id] = self.version

    def collect_events(self) -> Sequence[Event]:
        """Return and clear the recorded facts that are not yet stored (a library protocol)."""
        pending, self._pending = self._pending, []
        return pending


def replay(subject: Subject | None, events: Iterable[Any]) -> Any:
    """Rebuild a subject from its history: the library's projector function."""
    for event in events:
        if subject is None:
            subject = subject_of(event.fact.TOPIC)(event.originator_id)
        subject.mutate(event)
    return subject
