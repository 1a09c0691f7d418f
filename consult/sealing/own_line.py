"""The line of the list of ballots that the holder of an answer finds their own answers in."""

from typing import Final, Literal, NamedTuple

import msgspec
from sqlalchemy import select

from consult.log_store import tables
from consult.log_store.store import LogStore
from consult.sealing.public_entries.packs import pack_of
from consult.sealing.receipts import Kept, opened
from consult.services import Services
from events.log.commitment import tracker_of
from projections.found_receipts import COUNTED

LATER: Final = "later"
SAME: Final = "same"
OTHER: Final = "other"
MISSING: Final = "missing"


class OwnLine(NamedTuple):
    """The tracker of somebody's answers, and what the list has under it.

    `found`: their answers, others, nothing, or that there is no list before the closing.
    """

    tracker: str
    found: Literal["later", "same", "other", "missing"]


def own_line(services: Services, log: LogStore, kept: Kept) -> OwnLine | None:
    """Return the holder's line; None where ballots are not listed, or these do not count.

    Only for whoever has the changing code: the tracker leads to the answers.
    """
    pack = pack_of(log, kept.consultation_id)
    if pack is None or pack.seen_by != "trackers" or kept.standing != COUNTED:
        return None
    _given, opening = opened(services, kept)
    if opening is None:
        return None
    tracker = tracker_of(opening.salt)
    if pack.openings is None:
        return OwnLine(tracker, LATER)
    table = tables.listed.c
    query = select(table.line).where(
        table.consultation_id == kept.consultation_id, table.tracker == tracker
    )
    with log.read() as db:
        line = db.execute(query).scalar()
    if line is None:
        return OwnLine(tracker, MISSING)
    is_same = msgspec.json.decode(line)["x"] == opening.value
    return OwnLine(tracker, SAME if is_same else OTHER)
