"""Entries to be appended to the log, with the columns they are found by."""

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
