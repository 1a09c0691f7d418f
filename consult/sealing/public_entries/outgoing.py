"""Entries to be appended to the log, and the order of those that are sealed together."""

import secrets
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

BALLOT = "ballot"


class OutgoingEntry(NamedTuple):
    """One entry to be appended to the log, with the columns it is found by.

    `person`: the pseudonym of whose response it is about; None of all else.
    """

    kind: str
    content: bytes
    position: int
    consultation_id: UUID | None = None
    subject_id: UUID | None = None
    version: int | None = None
    manifest: bytes | None = None
    person: str | None = None


def shuffled(group: Sequence[OutgoingEntry]) -> list[OutgoingEntry]:
    """Return the entries of a group in an order that says nothing of who came before whom.

    What became of one response stays in order: decreasing versions would look like a replay.
    """
    whose = [entry.person or entry.position for entry in group]
    waiting: dict[str | int, list[OutgoingEntry]] = {one: [] for one in whose}
    for one, entry in zip(reversed(whose), reversed(group), strict=True):
        waiting[one].append(entry)
    secrets.SystemRandom().shuffle(whose)
    return [waiting[one].pop() for one in whose]
