"""Convert the public facts of the record to log entries (docs/log.md)."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from consult.log_store.outgoing import BALLOT, OutgoingEntry
from consult.sealing.public_entries.entry_values import day, key, no_words, vouching, words
from consult.sealing.public_entries.manifest import manifest_digest, manifest_of
from consult.sealing.public_entries.official_entries import (
    OFFICIAL,
    Document,
    Seen,
    make_public,
    official,
)
from events import (
    Ballot,
    Consultation,
    Count,
    Response,
    Submission,
    replay,
)
from events.log.entry import encode_entry
from events.store.appends import Row
from events.store.mapper import FactMapper
from events.store.record import Record

PROMISE_KEY = "promise_key"


def log_open(origin: str) -> OutgoingEntry:
    """Return entry 0."""
    return OutgoingEntry("log.open", encode_entry({"t": "log.open", "v": 1, "origin": origin}), 0)


def promise_key(vkey: str) -> OutgoingEntry:
    """Return the entry that names the key which signs promises from here on.

    It has no time: facts that are still to be sealed may be dated long before.
    """
    document = {"t": PROMISE_KEY, "v": 1, "key": vkey}
    return OutgoingEntry(PROMISE_KEY, encode_entry(document), 0)


class Publisher:
    """Converts facts to entries; reads the record where the fact alone is not enough.

    What a fact about a response becomes depends on nothing but the response's own facts and what
    was frozen at the opening: its leaf is promised before it is sealed.
    """

    def __init__(self, record: Record, sealed_closing: Callable[[UUID], int | None]) -> None:
        """`sealed_closing`: returns the index of a consultation's `closed` entry, once sealed."""
        self._record = record
        self._mapper = FactMapper()
        self._pseudonyms: dict[UUID, str] = {}
        self._sealed_closing = sealed_closing
        self._closings: dict[UUID | None, int] = {}
        self._choices_told: dict[UUID, tuple[str, ...]] = {}

    def begin(self) -> None:
        """Forget what was noted of earlier rounds, before another one."""
        self._pseudonyms.clear()
        self._closings.clear()

    def seen(self, row: Row) -> Seen:
        """Return a stored fact. Raises UnknownFact for one of a newer version."""
        fact = self._mapper.decode(row.topic, row.state)
        return Seen(row.position, row.subject_id, row.version, fact)

    def note_closing(self, consultation_id: UUID | None, index: int) -> None:
        """Note where the `closed` entry of a consultation will stand, for what is counted there."""
        self._closings[consultation_id] = index

    def entry(self, seen: Seen) -> OutgoingEntry | None:
        """Return the entry of one fact; None when the fact is not public."""
        topic = seen.fact.TOPIC
        if topic in OFFICIAL:
            return OFFICIAL[topic](seen)
        make = MAKERS.get(topic)
        return make(self, seen) if make else None

    def given(self, seen: Seen) -> OutgoingEntry:
        """Return the entry of given answers."""
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
        rare = {"n": fact.people if fact.people > 1 else 0, "dk": fact.desk, "h": fact.holder}
        document |= {name: value for name, value in rare.items() if value}
        if seen.version > 1:
            document |= vouching(fact.vouched, "desk" if fact.desk else "identity")
        texts = self._padding(fact) | fact.texts
        if texts:
            document["x"] = {key(id): commitment for id, commitment in texts.items()}
        return make_public(seen, BALLOT, document, fact.consultation_id)

    def changed(self, seen: Seen) -> OutgoingEntry:
        """Return the entry of answers withdrawn, voided or grouped as a campaign."""
        fact = seen.fact
        kind, members = STANDINGS[fact.TOPIC]
        document: Document = {"b": self._pseudonym(seen), "s": seen.version, "d": day(fact.at)}
        document |= {name: words(getattr(fact, of)) for name, of in members.items()}
        if kind == "withdrawn":
            document |= vouching(fact.vouched, "identity")
        return make_public(seen, kind, document, fact.consultation_id)

    def opened(self, seen: Seen) -> OutgoingEntry:
        """Return the entry of an opening, with the digest of the manifest."""
        manifest = manifest_of(self._consultation(seen.subject_id, seen.version))
        document = official(seen.fact) | {"manifest": manifest_digest(manifest)}
        public = make_public(seen, "opened", document, seen.subject_id)
        return public._replace(manifest=manifest)

    def stopped(self, seen: Seen) -> OutgoingEntry | None:
        """Return the entry of a withdrawn consultation; None if it had not opened."""
        if self._consultation(seen.subject_id, seen.version).opened_at is None:
            return None
        document = official(seen.fact) | {"reason": words(seen.fact.reason)}
        return make_public(seen, "stopped", document, seen.subject_id)

    def counted(self, seen: Seen) -> OutgoingEntry:
        """Return the entry of a count."""
        fact = seen.fact
        document = official(fact) | {
            "q": words(fact.question_id),
            "rule": fact.rule,
            "rule_version": fact.rule_version,
            "cutoff": self._closing(fact.consultation_id),
            "ballots": fact.ballots,
            "input_digest": fact.input_digest,
            "result_digest": fact.result_digest,
        }
        return make_public(seen, "counted", document, fact.consultation_id)

    def result(self, seen: Seen) -> OutgoingEntry:
        """Return the entry of a published or superseded count."""
        fact = seen.fact
        count: Any = self._record.get(Count, seen.subject_id)
        document = official(fact) | {
            "q": words(fact.question_id),
            "result_digest": count.result_digest,
        }
        if isinstance(fact, Count.Superseded):
            document["reason"] = words(fact.reason)
        return make_public(seen, fact.NAME, document, fact.consultation_id)

    def tallies(self, seen: Seen) -> OutgoingEntry:
        """Return the entry of published tallies."""
        fact = seen.fact
        document = official(fact) | {
            "cutoff": self._closing(seen.subject_id),
            "tallies": fact.tallies_digest,
        }
        return make_public(seen, "tallies", document, seen.subject_id)

    def _padding(self, fact: Any) -> dict[str, str]:
        """Return what stands for words that nobody wrote, by question.

        Where words are asked for because of a choice, having some would tell the choice. So every
        ballot has what looks like a commitment there. It comes of the keyed hash of the receipt,
        which only the record has, so that a leaf that was promised stays the same.
        """
        asked = self._choices_told.get(fact.consultation_id)
        if asked is None:
            about = self._record.cached(Consultation, fact.consultation_id)
            if about.opened_at is None:  # from then on the questions are frozen
                about = self._record.refresh(Consultation, fact.consultation_id)
            asked = tuple(one.id for one in about.questions.values() if one.words_tell_choice)
            self._choices_told[fact.consultation_id] = asked
        return {id: no_words(fact.receipt, id) for id in asked}

    def _consultation(self, id: UUID, version: int) -> Consultation:
        """Return a consultation as of one of its versions."""
        found = replay(None, self._record.events.get(id, lte=version))
        assert isinstance(found, Consultation)
        return found

    def _closing(self, consultation_id: UUID) -> int:
        """Return the index of the `closed` entry, before which answers count."""
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
    Ballot.Withdrawn.TOPIC: ("withdrawn", {}),
    Response.Withdrawn.TOPIC: ("withdrawn", {}),
    Ballot.Voided.TOPIC: ("voided", {"reason": "reason"}),
    Response.CampaignGrouped.TOPIC: ("campaign", {"g": "campaign"}),
}
"""By topic: the kind of the entry, and the fact's attribute for each member."""

MAKERS: Mapping[str, Callable[[Publisher, Seen], OutgoingEntry | None]] = {
    Ballot.Cast.TOPIC: Publisher.given,
    Ballot.Replaced.TOPIC: Publisher.given,
    Response.Submitted.TOPIC: Publisher.given,
    Response.Replaced.TOPIC: Publisher.given,
    **dict.fromkeys(STANDINGS, Publisher.changed),
    Consultation.Opened.TOPIC: Publisher.opened,
    Consultation.ResultsPublished.TOPIC: Publisher.tallies,
    Consultation.Withdrawn.TOPIC: Publisher.stopped,
    Count.Counted.TOPIC: Publisher.counted,
    Count.Published.TOPIC: Publisher.result,
    Count.Superseded.TOPIC: Publisher.result,
}
"""The methods that make entries of facts that need the record, by topic."""

PUBLIC = frozenset(MAKERS) | frozenset(OFFICIAL)
"""Topics of every public fact. All others are not public: see the test that lists both."""
