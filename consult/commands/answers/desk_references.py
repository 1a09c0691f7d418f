"""Looking up what was checked at a desk: which numbers have answers, and which answers no number.

Nobody keeps a number that somebody showed. What stands for its holder is a hash under the key of
the consultation, so whoever has the vault can tell of a given number whether it has answered:
an auditor takes a sample of the desk's own list, or all of it, or has answers drawn at random and
looks for their numbers on the list. Who looked up what is recorded.
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
from consult.commands.context import Actor, fresh_command_id
from consult.commands.data_protection.takings import record_taking
from consult.people.accounts.staff import everybody_with
from consult.people.proving.identities import prove, written_reference
from consult.people.vault import KeyGone
from consult.services import Services
from events import Disclosure, Submission
from events.data_protection import LISTED_MAX
from projections.audit_trail import AuditTrail
from projections.ballot_box import BallotBox
from projections.participation import AtDesk

REFERENCES_MAX = 100_000
DRAWN_MAX = 500
LEVEL = "desk"
HOUR = timedelta(hours=1)


class DeskCount(NamedTuple):
    """What one account sent. `people`: those whose answers count now; `sent`: everything sent.

    `busiest`: the most within an hour. None where nothing links answers to accounts any more.
    `name`: of the account, empty when there is none any more.
    """

    desk: str
    people: int
    sent: int | None
    busiest: int | None
    name: str


class Drawn(NamedTuple):
    """An answer drawn at random. `line`: of the list, with the number that it stands for."""

    answer: AtDesk
    line: int | None


@dataclass(frozen=True)
class DeskAudit:
    """What a list of numbers says. `found`: for each number what was answered with it, or None.

    `unexplained`: of how many people whom each account answered for, and who showed a number, no
    number on the list stands. `drawn`: answers that were drawn, in no order that says anything.
    """

    found: tuple[AtDesk | None, ...]
    unexplained: dict[str, int]
    drawn: tuple[Drawn, ...] = ()


@dataclass(frozen=True)
class LookUp:
    """What somebody wants to compare. `references`: numbers of a desk's list, in its order.

    `draw`: so many answers at random, of one account where `desk` names it.
    """

    references: tuple[str, ...] = ()
    draw: int = 0
    desk: str = ""


def counts(services: Services, consultation_id: UUID) -> list[DeskCount]:
    """Return what each account sent, the largest first."""
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
        for member_id, name in everybody_with(vault, access.ANSWER_FOR_SOMEBODY.roles):
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
    """Return the largest number of moments that lie within an hour of each other."""
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
    """Compare the numbers that a desk wrote down with the answers it sent, and record that.

    The same command draws the same answers, so that nobody presses until a draw suits; each
    look-up is a fact. Raises KeyGone.
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
        Disclosure.ReferencesLookedUp(
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
    """Count by account the answers that no number of the list explains."""
    return dict(
        Counter(
            each.desk for each in given if each.assurance == LEVEL and each.subject_id not in listed
        )
    )


def _drawn(key: bytes, press: str, among: list[AtDesk], number: int) -> list[AtDesk]:
    """Draw answers in an order that nobody can choose: that of keyed hashes."""

    def place(each: AtDesk) -> bytes:
        message = f"{press}\0{each.subject_id}".encode()
        return hmac.digest(key, message, hashlib.sha256)

    return sorted(among, key=place)[:number]
