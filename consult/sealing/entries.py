"""Which facts are public, and the entry that each of them becomes (docs/log.md)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from consult.sealing.entry_values import day, key, moment, named, words
from consult.sealing.manifest import manifest_digest, manifest_of
from consult.sealing.public import BALLOT, Public, shuffled
from events import (
    Ballot,
    Consultation,
    Count,
    FollowUp,
    Partnership,
    Response,
    Submission,
    replay,
)
from events.appends import Row
from events.base import Fact
from events.disclosure import Disclosure
from events.log.entry import encode_entry
from events.mapper import FactMapper
from events.record import Record

Document = dict[str, Any]
FOLLOW_UP_PARTS = ("theme", "asked", "said", "did", "why", "owner")


class Seen(NamedTuple):
    """A fact at its place in the record."""

    position: int
    subject_id: UUID
    version: int
    fact: Any


def log_open(origin: str) -> Public:
    """Return entry 0."""
    return Public("log.open", encode_entry({"t": "log.open", "v": 1, "origin": origin}), 0)


class Publisher:
    """Makes entries of facts; asks the record where a fact alone does not say enough."""

    def __init__(self, record: Record, sealed_closing: Callable[[UUID], int | None]) -> None:
        """Begin. `sealed_closing`: where a consultation's `closed` entry is, once sealed."""
        self._record = record
        self._mapper = FactMapper()
        self._pseudonyms: dict[UUID, str] = {}
        self._sealed_closing = sealed_closing
        self._closings: dict[UUID | None, int] = {}

    def entries(self, rows: Sequence[Row], size: int) -> list[Public]:
        """Return the entries of these facts, neighbouring ballots shuffled.

        `size`: of the log before them. Raises UnknownFact for a fact of a newer version.
        """
        self._pseudonyms.clear()
        self._closings.clear()
        found: list[Public] = []
        for row in rows:
            fact = self._mapper.decode(row.topic, row.state)
            seen = Seen(row.position, row.subject_id, row.version, fact)
            public = self.entry(seen)
            if public is None:
                continue
            if public.kind == "closed":  # only ballots move when they are shuffled
                self._closings[public.consultation_id] = size + len(found)
            found.append(public)
        return shuffled(found)

    def entry(self, seen: Seen) -> Public | None:
        """Return the entry of one fact; None when the fact is not public."""
        make = MAKERS.get(seen.fact.TOPIC)
        return make(self, seen) if make else None

    def given(self, seen: Seen) -> Public:
        """Answers were given."""
        fact = seen.fact
        self._pseudonyms[seen.subject_id] = fact.pseudonym
        document = {
            "b": fact.pseudonym,
            "s": seen.version,
            "cm": fact.commitment,
            "a": fact.assurance,
            "ch": fact.by.channel,
            "r": fact.respondent,
            "d": day(fact.at),
        }
        if fact.people > 1:
            document["n"] = fact.people
        if fact.texts:
            document["x"] = {key(id): commitment for id, commitment in fact.texts.items()}
        return _public(seen, BALLOT, document, fact.consultation_id)

    def changed(self, seen: Seen) -> Public:
        """How a person's answers stand has changed."""
        fact = seen.fact
        kind, members = STANDINGS[fact.TOPIC.split(".")[2]]
        document: Document = {"b": self._pseudonym(seen), "s": seen.version, "d": day(fact.at)}
        document |= {name: words(getattr(fact, of)) for name, of in members.items()}
        return _public(seen, kind, document, fact.consultation_id)

    def opened(self, seen: Seen) -> Public:
        """From here on people can answer: what they answer to is frozen in the manifest."""
        manifest = manifest_of(self._consultation(seen.subject_id, seen.version))
        document = _official(seen.fact) | {"manifest": manifest_digest(manifest)}
        public = _public(seen, "opened", document, seen.subject_id)
        return public._replace(manifest=manifest)

    def extended(self, seen: Seen) -> Public:
        """People were given more time."""
        document = _official(seen.fact) | {
            "closes_at": moment(seen.fact.closes_at),
            "reason": words(seen.fact.reason),
        }
        return _public(seen, "extended", document, seen.subject_id)

    def closed(self, seen: Seen) -> Public:
        """Nothing after this entry counts."""
        return _public(seen, "closed", _official(seen.fact), seen.subject_id)

    def stopped(self, seen: Seen) -> Public | None:
        """It was stopped for good; nobody outside saw it when it had not opened."""
        if self._consultation(seen.subject_id, seen.version).opened_at is None:
            return None
        document = _official(seen.fact) | {"reason": words(seen.fact.reason)}
        return _public(seen, "stopped", document, seen.subject_id)

    def issued(self, seen: Seen) -> Public:
        """So many people more can answer by a code; public even before the opening."""
        fact = seen.fact
        document = _official(fact) | {
            "batch": fact.batch_id,
            "level": fact.level,
            "number": fact.number,
        }
        return _public(seen, "issued", document, seen.subject_id)

    def codes_voided(self, seen: Seen) -> Public:
        """The codes of a batch that nobody had answered with stopped working."""
        fact = seen.fact
        document = _official(fact) | {"batch": fact.batch_id, "reason": words(fact.reason)}
        return _public(seen, "codes_voided", document, seen.subject_id)

    def counted(self, seen: Seen) -> Public:
        """A question was counted."""
        fact = seen.fact
        document = _official(fact) | {
            "q": words(fact.question_id),
            "rule": fact.rule,
            "rule_version": fact.rule_version,
            "cutoff": self._closing(fact.consultation_id),
            "ballots": fact.ballots,
            "input_digest": fact.input_digest,
            "result_digest": fact.result_digest,
        }
        return _public(seen, "counted", document, fact.consultation_id)

    def result(self, seen: Seen) -> Public:
        """A count was published, or no longer holds."""
        fact = seen.fact
        count: Any = self._record.get(Count, seen.subject_id)
        document = _official(fact) | {
            "q": words(fact.question_id),
            "result_digest": count.result_digest,
        }
        kind = fact.TOPIC.split(".")[2]
        if kind == "superseded":
            document["reason"] = words(fact.reason)
        return _public(seen, kind, document, fact.consultation_id)

    def tallies(self, seen: Seen) -> Public:
        """The tallies of every question were published."""
        fact = seen.fact
        document = _official(fact) | {
            "cutoff": self._closing(seen.subject_id),
            "tallies": fact.tallies_digest,
        }
        return _public(seen, "tallies", document, seen.subject_id)

    def follow_up(self, seen: Seen) -> Public:
        """People were told what came of a theme, or how far it has come since."""
        fact, row = seen.fact, seen.fact.row
        document = _official(fact) | {
            "f": str(seen.subject_id),
            "s": seen.version,
            "status": row.status,
            "on": row.on.isoformat(),
        }
        document |= {part: words(getattr(row, part)) for part in FOLLOW_UP_PARTS}
        return _public(seen, "follow_up", document, fact.consultation_id)

    def partnership(self, seen: Seen) -> Public:
        """Something about the partnership itself."""
        fact = seen.fact
        document = _official(fact) | {
            "p": str(seen.subject_id),
            "f": fact.TOPIC.split(".")[2],
            "name": words(named(fact)),
        }
        return _public(seen, "partnership", document, None)

    def erased(self, seen: Seen) -> Public:
        """One person's texts, contact and equality answers are gone."""
        document = {"b": seen.fact.pseudonym, "d": day(seen.fact.at)}
        return _public(seen, "erased", document, seen.fact.consultation_id)

    def key_destroyed(self, seen: Seen) -> Public:
        """Nobody can link pseudonyms of this consultation any longer."""
        document = {"at": moment(seen.fact.at)}
        return _public(seen, "key_destroyed", document, seen.fact.consultation_id)

    def _consultation(self, id: UUID, version: int) -> Consultation:
        """Return a consultation as it was just after one of its facts."""
        found = replay(None, self._record.events.get(id, lte=version))
        assert isinstance(found, Consultation)
        return found

    def _closing(self, consultation_id: UUID) -> int:
        """Return the index of the entry before which answers count."""
        index = self._closings.get(consultation_id)
        if index is None:
            index = self._sealed_closing(consultation_id)
        assert index is not None, "nothing is counted before it closed"
        return index

    def _pseudonym(self, seen: Seen) -> str:
        known = self._pseudonyms.get(seen.subject_id)
        if known is None:
            found = replay(None, self._record.events.get(seen.subject_id, lte=1))
            assert isinstance(found, Submission)
            known = self._pseudonyms[seen.subject_id] = found.pseudonym
        return known


STANDINGS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "withdrawn": ("withdrawn", {}),
    "voided": ("voided", {"reason": "reason"}),
    "campaign_grouped": ("campaign", {"g": "campaign"}),
}
"""The last part of a topic -> what its entry is called, and its members by the fact's names."""

MAKERS: Mapping[str, Callable[[Publisher, Seen], Public | None]] = {
    Ballot.Cast.TOPIC: Publisher.given,
    Ballot.Replaced.TOPIC: Publisher.given,
    Response.Submitted.TOPIC: Publisher.given,
    Response.Replaced.TOPIC: Publisher.given,
    **{
        fact.TOPIC: Publisher.changed
        for fact in (
            Ballot.Withdrawn,
            Ballot.Voided,
            Response.Withdrawn,
            Response.CampaignGrouped,
        )
    },
    Consultation.Opened.TOPIC: Publisher.opened,
    Consultation.PeriodExtended.TOPIC: Publisher.extended,
    Consultation.Closed.TOPIC: Publisher.closed,
    Consultation.ResultsPublished.TOPIC: Publisher.tallies,
    Consultation.Withdrawn.TOPIC: Publisher.stopped,
    Consultation.CodesIssued.TOPIC: Publisher.issued,
    Consultation.CodesVoided.TOPIC: Publisher.codes_voided,
    Disclosure.PersonalDataErased.TOPIC: Publisher.erased,
    Disclosure.KeyDestroyed.TOPIC: Publisher.key_destroyed,
    Count.Counted.TOPIC: Publisher.counted,
    Count.Published.TOPIC: Publisher.result,
    Count.Superseded.TOPIC: Publisher.result,
    FollowUp.Published.TOPIC: Publisher.follow_up,
    FollowUp.Changed.TOPIC: Publisher.follow_up,
    **{
        fact.TOPIC: Publisher.partnership
        for fact in (
            Partnership.Formed,
            Partnership.AreaDefined,
            Partnership.MemberJoined,
            Partnership.MemberLeft,
            Partnership.SubPartnershipCreated,
            Partnership.Redescribed,
            Partnership.ParticularsStated,
        )
    },
}
"""Every public fact by its topic. What is not here is not public: see the test that lists both."""


def _public(seen: Seen, kind: str, document: Document, consultation_id: UUID | None) -> Public:
    document |= {"t": kind, "v": 1}
    if consultation_id is not None:
        document["c"] = str(consultation_id)
    content = encode_entry(document)
    return Public(kind, content, seen.position, consultation_id, seen.subject_id, seen.version)


def _official(fact: Fact) -> Document:
    return {"at": moment(fact.at), "role": words(fact.by.role)}
