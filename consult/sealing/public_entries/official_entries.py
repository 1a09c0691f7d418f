"""Entries made from a fact alone: acts of officers, and erasures."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from consult.log_store.outgoing import OutgoingEntry
from consult.sealing.public_entries.entry_values import day, moment, named, vouching, words
from events import Consultation, DataProtectionCase, FollowUp, Interest, Partnership, Seat
from events.base import Fact
from events.log.entry import encode_entry

Document = dict[str, Any]
FOLLOW_UP_PARTS = ("theme", "asked", "said", "did", "why", "owner")


class Seen(NamedTuple):
    """A fact with its position, subject and version."""

    position: int
    subject_id: UUID
    version: int
    fact: Any


def make_public(
    seen: Seen, kind: str, document: Document, consultation_id: UUID | None
) -> OutgoingEntry:
    """Return an entry, with the members that every kind of entry has."""
    document |= {"t": kind, "v": 1}
    if consultation_id is not None:
        document["c"] = str(consultation_id)
    return OutgoingEntry(
        kind,
        encode_entry(document),
        seen.position,
        consultation_id,
        seen.subject_id,
        seen.version,
        person=document.get("b"),
    )


def official(fact: Fact) -> Document:
    """Return the members of every act of an officer: time and role."""
    return {"at": moment(fact.at), "role": words(fact.by.role)}


def extended(seen: Seen) -> OutgoingEntry:
    """Return the entry of a postponed closing time."""
    document = official(seen.fact) | {
        "closes_at": moment(seen.fact.closes_at),
        "reason": words(seen.fact.reason),
    }
    return make_public(seen, "extended", document, seen.subject_id)


def paused(seen: Seen) -> OutgoingEntry:
    """Return the entry of a pause."""
    document = official(seen.fact) | {"reason": words(seen.fact.reason)}
    return make_public(seen, "paused", document, seen.subject_id)


def resumed(seen: Seen) -> OutgoingEntry:
    """Return the entry of the end of a pause."""
    return make_public(seen, "resumed", official(seen.fact), seen.subject_id)


def closed(seen: Seen) -> OutgoingEntry:
    """Return the entry of a closing; no answer after it counts."""
    return make_public(seen, "closed", official(seen.fact), seen.subject_id)


def lot(seen: Seen) -> OutgoingEntry:
    """Return the entry of the public draw that decides ties."""
    lot = seen.fact.lot
    document = official(seen.fact) | {"value": lot.value, "source": words(lot.source)}
    if lot.signature:
        document["signature"] = lot.signature
    if lot.reason:
        document["reason"] = words(lot.reason)
    return make_public(seen, "lot", document, seen.subject_id)


def issued(seen: Seen) -> OutgoingEntry:
    """Return the entry of issued codes; public even before the opening."""
    fact = seen.fact
    document = official(fact) | {
        "batch": fact.batch_id,
        "level": fact.level,
        "number": fact.number,
    }
    return make_public(seen, "issued", document, seen.subject_id)


def codes_voided(seen: Seen) -> OutgoingEntry:
    """Return the entry of voided codes."""
    fact = seen.fact
    document = official(fact) | {"batch": fact.batch_id, "reason": words(fact.reason)}
    return make_public(seen, "codes_voided", document, seen.subject_id)


def follow_up(seen: Seen) -> OutgoingEntry:
    """Return the entry of a published or changed follow-up."""
    fact, row = seen.fact, seen.fact.row
    document = official(fact) | {
        "f": str(seen.subject_id),
        "s": seen.version,
        "status": row.status,
        "on": row.on.isoformat(),
    }
    document |= {part: words(getattr(row, part)) for part in FOLLOW_UP_PARTS}
    return make_public(seen, "follow_up", document, fact.consultation_id)


def partnership(seen: Seen) -> OutgoingEntry:
    """Return the entry of a fact about a partnership."""
    fact = seen.fact
    document = official(fact) | {
        "p": str(seen.subject_id),
        "f": fact.NAME,
        "name": words(named(fact)),
    }
    return make_public(seen, "partnership", document, None)


def interest(seen: Seen) -> OutgoingEntry:
    """Return the entry of an interest that a member declared, or of its end."""
    fact = seen.fact
    document = official(fact) | {
        "p": str(fact.partnership_id),
        "f": f"interest_{fact.NAME}",
        "name": words(named(fact)),
    }
    return make_public(seen, "partnership", document, None)


def seat(seen: Seen) -> OutgoingEntry:
    """Return the entry of a seat on the board: set up, filled, vacated or given up."""
    fact = seen.fact
    document = official(fact) | {
        "p": str(fact.partnership_id),
        "f": f"seat_{fact.NAME}",
        "name": words(named(fact)),
    }
    return make_public(seen, "partnership", document, None)


def erased(seen: Seen) -> OutgoingEntry:
    """Return the entry of an erasure of one person's data."""
    document: Document = {"b": seen.fact.pseudonym, "d": day(seen.fact.at)}
    document |= vouching(seen.fact.vouched, "operator")
    return make_public(seen, "erased", document, seen.fact.consultation_id)


def key_destroyed(seen: Seen) -> OutgoingEntry:
    """Return the entry of a destroyed pseudonym key."""
    document = {"at": moment(seen.fact.at)}
    return make_public(seen, "key_destroyed", document, seen.fact.consultation_id)


OFFICIAL: Mapping[str, Callable[[Seen], OutgoingEntry]] = {
    Consultation.PeriodExtended.TOPIC: extended,
    Consultation.Paused.TOPIC: paused,
    Consultation.Resumed.TOPIC: resumed,
    Consultation.Closed.TOPIC: closed,
    Consultation.LotDrawn.TOPIC: lot,
    Consultation.CodesIssued.TOPIC: issued,
    Consultation.CodesVoided.TOPIC: codes_voided,
    DataProtectionCase.PersonalDataErased.TOPIC: erased,
    DataProtectionCase.KeyDestroyed.TOPIC: key_destroyed,
    FollowUp.Published.TOPIC: follow_up,
    FollowUp.Changed.TOPIC: follow_up,
    Interest.Declared.TOPIC: interest,
    Interest.Ended.TOPIC: interest,
    Seat.SetUp.TOPIC: seat,
    Seat.Filled.TOPIC: seat,
    Seat.Vacated.TOPIC: seat,
    Seat.GivenUp.TOPIC: seat,
    **{
        fact.TOPIC: partnership
        for fact in (
            Partnership.Formed,
            Partnership.AreaDefined,
            Partnership.MemberJoined,
            Partnership.MemberLeft,
            Partnership.SubPartnershipCreated,
            Partnership.Redescribed,
            Partnership.Constituted,
            Partnership.ParticularsStated,
        )
    },
}
"""The functions that make entries of these facts, by topic."""
