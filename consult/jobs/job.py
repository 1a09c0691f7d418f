"""A job: what is asked for, how far it is, and what became of it."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    `kind` and `parameters`: what to do; `key`: two requests with the same one are the same job.
    `asked_by`: the reference of a staff account, empty for the site itself. `place`: where its file
    must be made or is, empty if it has none. `consultation_id`: what it is about, if anything.
    `language`: in which the file is written, or why there is none. `total`: how much there is to
    do, 0 while that is unknown.
    """

    kind: str
    parameters: str
    key: str
    asked_by: str = ""
    role: str = ""
    place: str = ""
    consultation_id: UUID | None = None
    language: str = "en"
    total: int = 0


COLUMNS = {part.name: part.name for part in fields(Wanted)} | {"key": "idempotency_key"}
"""The column of each part."""


@dataclass(frozen=True)
class Job:
    """A job. `done` of `total`: its progress; `total` is 0 while that is unknown.

    `reason`: why the last try failed. `size_bytes`, `digest`: of its file, if it made one, which is
    kept until `expires_at`, like the job itself.
    """

    id: UUID
    wanted: Wanted
    state: str
    done: int
    total: int
    tries: int
    reason: str
    asked_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None
    size_bytes: int | None
    digest: str | None

    @property
    def has_ended(self) -> bool:
        """Whether it is done or has failed for good."""
        return self.state in (DONE, FAILED)


def job_of(row: Any) -> Job:
    """Return the job of a row of the vault."""

    def utc(moment: datetime | None) -> datetime | None:
        return moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC))

    asked_at = utc(row.asked_at)
    assert asked_at is not None
    return Job(
        row.id,
        Wanted(**{name: getattr(row, column) for name, column in COLUMNS.items()}),
        row.state,
        row.done,
        row.total,
        row.tries,
        row.reason,
        asked_at,
        utc(row.ended_at),
        utc(row.expires_at),
        row.size_bytes,
        row.digest,
    )
