"""The ledger of erasures: a file beside the log's key, unaffected by restoring a database.

If record and vault are both restored from an old backup, neither has the erasures since. This
file has: facts in it that the record lacks are recorded again before any request is served. It
has a line for each fact to carry out, and no personal data. The background process writes it,
within a second of the fact.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import msgspec
from msgspec.structs import replace

from consult.people.erasing.forgetting import DUTIES
from consult.people.holders import ERASED, shows
from events import Conflict, DataProtectionCase
from events.base import Fact
from events.store.mapper import FactMapper
from events.store.private_files import make_folder, open_private, sync
from events.store.record import Record
from events.submission import AnswersGiven

ROWS_AT_ONCE = 5_000


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fact with its position; without a topic, only the position read so far."""

    position: int
    case_id: UUID | None = None
    topic: str = ""
    fact: msgspec.Raw = msgspec.Raw(b"{}")


class Ledger:
    """A ledger file. A line truncated by a crash is written again."""

    _reached: int
    """The position that was read up to; known as soon as the places are."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._places: dict[UUID, int] | None = None

    def recall(self, record: Record) -> None:
        """Record again what the record has lost.

        Cheap if none is lost: then the last fact is at the position that the ledger says.
        """
        lines = [line for line in self._read() if line.topic]
        if not lines or _holds(record, lines[-1]):
            return
        mapper = FactMapper()
        latest = {line.case_id: line for line in lines}
        for case_id, line in latest.items():
            assert case_id is not None
            if record.find(DataProtectionCase, case_id) is not None:
                continue
            fact = _in_this_record(record, mapper.decode(line.topic, bytes(line.fact)))
            with suppress(Conflict):  # another process was first
                record.save(DataProtectionCase.begin(case_id, fact))

    def remember(self, record: Record) -> int:
        """Append facts recorded since; durable when it returns. Return their number."""
        if self._places is None:
            lines = self._read()
            self._places = {line.case_id: line.position for line in lines if line.case_id}
            self._reached = lines[-1].position if lines else 0
        head = record.head()
        if self._reached > head:  # the record was restored from an older backup
            self._reached = 0
        written = 0
        while self._reached < head:
            rows = record.read(self._reached, ROWS_AT_ONCE, until=head)
            new = [
                Line(row.position, row.subject_id, row.topic, msgspec.Raw(row.state))
                for row in rows
                if row.topic in DUTIES and self._places.get(row.subject_id) != row.position
            ]
            last = rows[-1].position
            if not new and len(rows) == ROWS_AT_ONCE:
                new = [Line(last)]
            self._append(new)
            self._places |= {line.case_id: line.position for line in new if line.case_id}
            self._reached = last
            written += sum(1 for line in new if line.topic)
        return written

    def _append(self, lines: list[Line]) -> None:
        if not lines:
            return
        is_new = not self.path.exists()
        make_folder(self.path.parent)
        text = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
        file = open_private(self.path, os.O_RDWR | os.O_APPEND)
        try:
            size = os.fstat(file).st_size
            if size and os.pread(file, 1, size - 1) != b"\n":
                text = b"\n" + text  # a truncated line stays a line of its own
            os.write(file, text)
            os.fsync(file)
        finally:
            os.close(file)
        if is_new:
            sync(self.path.parent)

    def _read(self) -> list[Line]:
        if not self.path.exists():
            return []
        found: list[Line] = []
        for text in self.path.read_bytes().split(b"\n"):
            try:
                found.append(msgspec.json.decode(text, type=Line))
            except msgspec.DecodeError:  # truncated by a crash, and written again after it
                continue
        return found


def _holds(record: Record, line: Line) -> bool:
    rows = record.read(line.position - 1, 1)
    return [(row.subject_id, row.topic) for row in rows] == [(line.case_id, line.topic)]


def _in_this_record(record: Record, fact: Fact) -> Fact:
    """Limit a fact to what is in this record, or it would erase answers given later."""
    if not isinstance(fact, DataProtectionCase.PersonalDataErased):
        return fact
    events = [cast("Any", event) for event in record.events.get(fact.submission_id)]
    kept = [one.fact.holder for one in events if isinstance(one.fact, AnswersGiven)]
    # What was answered since may be lost with its holder: then nobody else than us vouches.
    is_shown = bool(fact.vouched and kept) and shows(kept[-1], fact.vouched, ERASED)
    vouched = fact.vouched if is_shown else ""
    return replace(fact, version=min(fact.version, len(events)), vouched=vouched)
