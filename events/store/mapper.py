"""Serialise facts to stored bytes, and back."""

from typing import Any, cast
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from events.base import FACTS, Event, Fact


class UnknownFact(Exception):  # noqa: N818  it says what was met
    """The record contains a kind of fact that this version does not know."""


class FactMapper(Mapper[UUID]):
    """Stores a fact as JSON under its permanent topic, without the library's wrapping.

    The bytes are the fact's own fields in their declared order and nothing else, because
    they are what the public log commits to.
    """

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())  # required by the library, never used
        self._encoder = msgspec.json.Encoder()
        self._decoders: dict[str, msgspec.json.Decoder[Any]] = {}

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """Encode a fact with its subject and version."""
        subject_id, version, fact = cast("Event", domain_event)
        return StoredEvent(subject_id, version, fact.TOPIC, self._encoder.encode(fact))

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """Decode a stored fact. Raises UnknownFact."""
        fact = self.decode(stored_event.topic, stored_event.state)
        subject_id = cast("UUID", stored_event.originator_id)
        return Event(subject_id, stored_event.originator_version, fact)

    def decode(self, topic: str, state: bytes) -> Fact:
        """Decode a fact from its topic and bytes. Raises UnknownFact."""
        decoder = self._decoders.get(topic)
        if decoder is None:
            if topic not in FACTS:
                raise UnknownFact(
                    f"The record holds the fact {topic}, which this version does not know. "
                    "It was written by a newer version: install that version."
                )
            decoder = self._decoders[topic] = msgspec.json.Decoder(FACTS[topic])
        return cast("Fact", decoder.decode(state))
