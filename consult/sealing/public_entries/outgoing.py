"""Entries to be appended to the log, and their order within a round."""

import secrets
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

BALLOT = "ballot"


class OutgoingEntry(NamedTuple):
    """One entry to be appended to the log, with the columns it is found by."""

    kind: str
    content: bytes
    position: int
    consultation_id: UUID | None = None
    subject_id: UUID | None = None
    version: int | None = None
    manifest: bytes | None = None


def shuffled(entries: Sequence[OutgoingEntry]) -> list[OutgoingEntry]:
    """Return the entries in order, except that adjacent ballots are shuffled.

    The original order would reveal who answered just before whom. The ballots of one person
    keep their order: decreasing versions would look like a replay.
    """
    runs = groupby(entries, key=lambda entry: entry.kind == BALLOT)
    return [entry for is_ballots, run in runs for entry in (_mixed([*run]) if is_ballots else run)]


def _mixed(run: Sequence[OutgoingEntry]) -> list[OutgoingEntry]:
    whose = [entry.subject_id or entry.position for entry in run]
    waiting: dict[UUID | int, list[OutgoingEntry]] = {person: [] for person in whose}
    for person, entry in zip(reversed(whose), reversed(run), strict=True):
        waiting[person].append(entry)
    secrets.SystemRandom().shuffle(whose)
    return [waiting[person].pop() for person in whose]
