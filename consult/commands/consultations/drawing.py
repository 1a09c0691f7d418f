"""Name the public draw that breaks ties, and enter its result (the lot)."""

import re
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from consult import access, drand
from consult.commands.context import Actor, Gate, change
from consult.commands.results.counting import count_ids
from consult.services import Services
from events import Consultation, Count, Refused
from events.consultations.beacon import (
    CHAINS,
    DRAND,
    DRAW,
    QUICKNET,
    Beacon,
    DrawnTwice,
    Lot,
    LotCounted,
    NoBeacon,
    NotFetched,
    NotTheRound,
    draw_of,
    drawn_twice,
)
from events.question import Text, is_readable

SOURCE_LENGTH_MAX = 500
SOURCE_SHOWN_MAX = 100
_ADDRESS = re.compile(r"https?://[^\s/?#@]+\.[^\s/?#@]+([/?#]\S*)?", re.IGNORECASE)
_LINK = re.compile(r"\S*//|[a-z][a-z+.-]*:\S", re.IGNORECASE)
"""Words that begin like a link; 19:30 is a time of day."""


class TermsFirst(Refused):
    """The draw is part of the terms, and there are none yet."""

    says = "Fix the terms first: the public draw that decides ties is one of them."


class BadSource(Refused):
    """The source looks like a link but is not a valid web address."""

    says = (
        "“{source}” is no web address, so nothing was entered. Write it like "
        "https://www.example.org/draws, or say in words where the numbers are published."
    )


class SourceMissing(Refused):
    """The source of the numbers is missing."""

    says = "Say where the numbers are published, so that everybody can look them up."


def announced_draw(due_at: datetime, name: Text) -> Beacon:
    """Return a draw that others hold and announce. `name`: which draw, and who holds it."""
    return Beacon(DRAW, due_at, name)


def drand_round(due_at: datetime) -> Beacon:
    """Return the first round of drand's public network (quicknet) at or after a moment."""
    round = QUICKNET.round_at(due_at)
    return Beacon(DRAND, QUICKNET.moment_of(round), chain=QUICKNET.hash, round=round)


@access.needs(access.CHANGE_DRAFT)
def name_beacon(
    services: Services, id: UUID, beacon: Beacon, *, actor: Actor, command_id: str = ""
) -> Consultation:
    """Name the public draw that the lot of a draft comes from. Raises TermsFirst."""
    by, at = actor.by(command_id), services.clock()

    def decide(draft: Consultation) -> None:
        if draft.terms is None:
            raise TermsFirst
        draft.fix_terms(replace(draft.terms, beacon=beacon), at=at, by=by)

    return change(services, Consultation, id, by, decide)


def _source(typed: str) -> str:
    """Return where the numbers are published: a web address, or words.

    Raises SourceMissing, BadSource.
    """
    source = typed.strip()[:SOURCE_LENGTH_MAX]
    if not is_readable(source):
        raise SourceMissing
    if _LINK.match(source) and not _ADDRESS.fullmatch(source):
        raise BadSource(source=source[:SOURCE_SHOWN_MAX])
    return source


@access.needs(access.ENTER_DRAW)
def enter_draw(
    services: Services,
    id: UUID,
    *,
    numbers: str,
    source: str,
    actor: Actor,
    reason: Text | None = None,
    is_repeated: bool = False,
    command_id: str = "",
) -> Consultation:
    """Record the numbers of an announced draw.

    `numbers`: as typed, in the order drawn. `source`: where they are published. `reason`: in every
    language, if these numbers correct others or come from another draw than the terms name.
    `is_repeated`: confirms that a number was drawn twice, which does not happen with balls.

    Raises NotTheDraw, DrawnTwice, SourceMissing, BadSource, NoBeacon, BeaconNotDue,
    LotDrawnAlready, LotCounted.
    """
    value = draw_of(numbers)
    if not is_repeated and (twice := drawn_twice(value)):
        raise DrawnTwice(number=twice)
    lot = Lot(value, _source(source), reason=reason or {})
    return _record(services, id, lot, actor, command_id)


@access.needs(access.ENTER_DRAW)
def enter_round(
    services: Services, id: UUID, *, published: str, actor: Actor, command_id: str = ""
) -> Consultation:
    """Record a drand round from the network's published text, after checking its signature.

    Raises NotTheRound, NotFetched, NoBeacon, BeaconNotDue, LotDrawnAlready, LotCounted.
    """
    beacon = _round_of(services, id)
    signature = drand.signature_in(published)
    chain = CHAINS[beacon.chain]
    if not signature or not drand.is_signed(chain, beacon.round, signature):
        raise NotTheRound(round=beacon.round)
    source = drand.address_of(services.config.drand_url, chain, beacon.round)
    lot = Lot(drand.value_of(signature), source, signature)
    return _record(services, id, lot, actor, command_id)


@access.needs(access.ENTER_DRAW)
def fetch_round(
    services: Services, id: UUID, *, actor: Actor, command_id: str = ""
) -> Consultation:
    """Fetch the round that the terms name, check it and record it.

    Raises NoRound and what `enter_round` raises.
    """
    beacon = _round_of(services, id)
    signature = drand.fetch(services.config.drand_url, CHAINS[beacon.chain], beacon.round)
    return enter_round(services, id, published=signature, actor=actor, command_id=command_id)


def _round_of(services: Services, id: UUID) -> Beacon:
    terms = services.record.get(Consultation, id).terms
    if terms is None or terms.beacon is None:
        raise NoBeacon
    if terms.beacon.kind != DRAND:
        raise NotFetched
    return terms.beacon


def _record(services: Services, id: UUID, lot: Lot, actor: Actor, command_id: str) -> Consultation:
    by, at = actor.by(command_id), services.clock()

    def decide(consultation: Consultation) -> Gate:
        counts = [] if consultation.lot == lot else count_ids(services, consultation)
        if any(services.record.find(Count, each) is not None for each in counts):
            raise LotCounted
        consultation.draw_lot(lot, at=at, by=by)
        return Gate(depends_on=dict.fromkeys(counts, 0))

    return change(services, Consultation, id, by, decide)
