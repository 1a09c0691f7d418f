"""Audit answers sent at a desk: which reference numbers have answers, and which answers have none.

Reference numbers are not stored. A hash under the consultation's key stands for the holder of a
number, so anyone with access to the vault can tell whether a given number has answered. An auditor
checks a sample of the desk's own list, or all of it, or draws answers at random and looks for
their numbers on the list. Each look-up is recorded, with who made it.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from consult import access
from consult.access import DESK
from consult.commands.accounts.staff import everybody_with
from consult.commands.context import Actor, fresh_command_id
from consult.commands.data_protection.takings import record_taking
from consult.people.proving.identities import prove, written_reference
from consult.people.vault import KeyGone
from consult.services import Services
from events import DataProtectionCase, Submission
from events.consultations import levels
from events.data_protection import LISTED_MAX
from projections.audit_trail import AuditTrail
from projections.ballot_box import BallotBox
from projections.participation import AtDesk

REFERENCES_MAX = 100_000
DRAWN_MAX = 500
LEVEL = levels.DESK
HOUR = timedelta(hours=1)


class DeskCount(NamedTuple):
    """What one account sent. `people`: whose answers count now; `sent`: all submissions.

    `busiest`: the most within one hour. `sent` and `busiest` are None once the key that links
    answers to accounts is gone. `name`: of the account, empty once the account is gone.
    """

    desk: str
    people: int
    sent: int | None
    busiest: int | None
    name: str


class Drawn(NamedTuple):
    """An answer drawn at random. `line`: line of the list with its reference number, or None."""

    answer: AtDesk
    line: int | None


@dataclass(frozen=True)
class DeskAudit:
    """Result of comparing a list of numbers. `found`: the answer of each number, or None.

    `unexplained`: per account, how many answers given with a reference number match no number on
    the list. `drawn`: the drawn answers, in an order that carries no information.
    """

    found: tuple[AtDesk | None, ...]
    unexplained: dict[str, int]
    drawn: tuple[Drawn, ...] = ()


@dataclass(frozen=True)
class LookUp:
    """What to compare. `references`: numbers of a desk's list, in its order.

    `draw`: how many answers to draw at random, from one account if `desk` names it.
    """

    references: tuple[str, ...] = ()
    draw: int = 0
    desk: str = ""


def counts(services: Services, consultation_id: UUID) -> list[DeskCount]:
    """Return what each account sent, largest number of people first."""
    vault = services.vault
    with services.whole(BallotBox) as (db, box):
        given = box.at_desks(db, consultation_id)
        sent = services.views.reader(AuditTrail).answers_by(db, consultation_id, DESK)
    people = Counter(each.desk for each in given)
    times: dict[str, list[datetime]] = {}
    names: dict[str, str] = {}
    try:
        for actor, at in sent:
            times.setdefault(vault.desk(consultation_id, actor), []).append(at)
        for member_id, name in everybody_with(services, access.ANSWER_FOR_SOMEBODY.roles):
            names[vault.desk(consultation_id, member_id.hex)] = name
    except KeyGone:
        times = {}
    found = []
    for desk in people.keys() | times.keys():
        moments = times.get(desk)
        sent_by_it = None if moments is None else len(moments)
        most = None if moments is None else busiest(moments)
        found.append(DeskCount(desk, people[desk], sent_by_it, most, names.get(desk, "")))
    return sorted(found, key=lambda each: (-each.people, each.desk))


def busiest(times: Iterable[datetime]) -> int:
    """Return the largest number of moments within one hour."""
    most, first, ordered = 0, 0, sorted(times)
    for last, at in enumerate(ordered):
        while at - ordered[first] >= HOUR:
            first += 1
        most = max(most, last - first + 1)
    return most


@access.needs(access.LOOK_UP_REFERENCE)
def look_up(
    services: Services,
    consultation_id: UUID,
    wanted: LookUp,
    *,
    actor: Actor,
    command_id: str = "",
) -> DeskAudit:
    """Compare a desk's reference numbers with the answers it sent, and record the look-up.

    The draw is keyed by the command, so repeating a command cannot be used to choose a convenient
    sample; each look-up is recorded. Raises KeyGone, ReadModelsBehind.
    """
    vault, press = services.vault, command_id or fresh_command_id()
    with services.whole(BallotBox) as (db, box):
        given = {each.subject_id: each for each in box.at_desks(db, consultation_id)}
    lines: dict[UUID, int] = {}
    ids = []
    for line, typed in enumerate(wanted.references, start=1):
        voter = prove(vault, consultation_id, LEVEL, written_reference(typed)).voter
        id = Submission.id_for(consultation_id, vault.pseudonym(consultation_id, voter))
        ids.append(id)
        lines.setdefault(id, line)
    among = [each for each in given.values() if not wanted.desk or each.desk == wanted.desk]
    drawn = _drawn(vault.site_key("desk sample"), press, among, wanted.draw)
    found = tuple(given.get(id) for id in ids)
    whose = [each.subject_id for each in (drawn or [one for one in found if one])]
    record_taking(
        services,
        DataProtectionCase.ReferencesLookedUp(
            at=services.clock(),
            by=actor.by(fresh_command_id()),
            consultation_id=consultation_id,
            references=len(ids),
            found=sum(each is not None for each in found),
            desk=wanted.desk,
            drawn=len(drawn),
            subjects=tuple(whose) if len(whose) <= LISTED_MAX else (),
        ),
    )
    return DeskAudit(
        found=found,
        unexplained=_unexplained(given.values(), lines),
        drawn=tuple(Drawn(each, lines.get(each.subject_id)) for each in drawn),
    )


def _unexplained(given: Iterable[AtDesk], listed: Collection[UUID]) -> dict[str, int]:
    """Count, per account, the answers that match no number on the list."""
    return dict(
        Counter(
            each.desk for each in given if each.assurance == LEVEL and each.subject_id not in listed
        )
    )


def _drawn(key: bytes, press: str, among: list[AtDesk], number: int) -> list[AtDesk]:
    """Draw answers in the order of their keyed hashes, which nobody can choose."""

    def place(each: AtDesk) -> bytes:
        message = f"{press}\0{each.subject_id}".encode()
        return hmac.digest(key, message, hashlib.sha256)

    return sorted(among, key=place)[:number]
