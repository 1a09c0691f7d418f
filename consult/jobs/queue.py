"""The durable queue of jobs, in the vault's database.

A worker claims a job for LEASE_TIME and renews that while it works. A job whose worker was killed
is claimed by another one once the lease has ended. Each claim has a number, `tries`; whatever is
written of a job names its claim, so that a worker that lost a job, for example by being suspended
for long, can change nothing of it any more. All times are those of the store's clock, which may be
set back: what is due implausibly late is due now.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, and_, delete, func, not_, or_, select, update

from consult.jobs.job import COLUMNS, DONE, FAILED, RUNNING, WAITING, Job, Wanted, job_of
from consult.people import tables
from consult.people.vault import Vault
from consult.supervising import PAUSE_SECONDS_MAX, pause_after
from consult.wording.language import N_

LEASE_TIME = timedelta(seconds=30)
TRIES_MAX = 8
"""A job fails for good after so many claims, about a minute after the first failure."""

FAILED_TIME = timedelta(days=1)
"""How long a failed job is shown, and how long one waits for a place where nobody works."""

AHEAD_TIME = 10 * max(LEASE_TIME, timedelta(seconds=PAUSE_SECONDS_MAX))
"""Nothing is put off for so long; what seems to be was put off before the clock was set back."""

ENDED = N_("It was begun several times and never finished.")
"""Why a job failed whose workers were killed each time; `words.reason` translates it."""

REASON_LENGTH_MAX = 500
_TABLE = tables.job


class Lost(Exception):  # noqa: N818  it states what became of the job
    """Another worker has the job now, or nobody needs it any more."""


class Queue:
    """The jobs of an installation. `clock`: of the store. `lease`: of those claimed here."""

    def __init__(
        self, vault: Vault, clock: Callable[[], datetime], lease: timedelta | None = None
    ) -> None:
        self._vault = vault
        self._clock = clock
        self._lease = lease or LEASE_TIME

    def ask(self, wanted: Wanted, *, most: int | None = None, anew: bool = False) -> Job | None:
        """Queue a job, or return the one with the same key, whatever its state.

        One that has expired begins anew, and with `anew` one that has ended. `most`: with so many
        of its kind waiting at its place, return None, so that a place where nobody works takes no
        room from the others.
        """
        now = self._clock()
        is_same = _TABLE.c.idempotency_key == wanted.key
        is_over = _TABLE.c.ended_at.is_not(None) if anew else _TABLE.c.expires_at <= now
        with self._vault.transaction() as db:
            db.execute(delete(_TABLE).where(is_same, is_over))
            found = db.execute(select(_TABLE).where(is_same)).one_or_none()
            if found is None and most is not None and _waiting(db, wanted) >= most:
                return None
            return job_of(found or self._put(db, wanted, now))

    def again(self, job: Job) -> Job:
        """Queue an ended job anew, under another id: so no worker of the old one can change it."""
        now = self._clock()
        with self._vault.transaction() as db:
            has_ended = _TABLE.c.ended_at.is_not(None)
            db.execute(delete(_TABLE).where(_TABLE.c.id == job.id, has_ended))
            return job_of(self._put(db, job.wanted, now))

    def _put(self, db: Connection, wanted: Wanted, now: datetime) -> Any:
        row = {column: getattr(wanted, name) for name, column in COLUMNS.items()}
        row |= {"id": uuid4(), "state": WAITING, "asked_at": now, "next_at": now}
        row |= {"done": 0, "tries": 0, "reason": ""}
        added = self._vault.insert(_TABLE).values(row)
        db.execute(added.on_conflict_do_nothing(index_elements=["idempotency_key"]))
        is_same = _TABLE.c.idempotency_key == wanted.key
        return db.execute(select(_TABLE).where(is_same)).one()

    def find(self, id: UUID) -> Job | None:
        """Return a job, or None if there is none or it has expired."""
        found = self._select(_TABLE.c.id == id)
        return found[0] if found else None

    def of(self, asked_by: str) -> list[Job]:
        """Return the jobs that somebody asked for, the latest first."""
        return self._select(_TABLE.c.asked_by == asked_by)

    def about(self, consultation_id: UUID, kinds: Collection[str]) -> list[Job]:
        """Return the jobs of these kinds about a consultation, the latest first."""
        is_one = and_(_TABLE.c.consultation_id == consultation_id, _TABLE.c.kind.in_(kinds))
        return self._select(is_one)

    def all(self) -> list[Job]:
        """Return every job, the latest first."""
        return self._select(_TABLE.c.id.is_not(None))

    def claim(self, kinds: Collection[str], place: str, *, only: UUID | None = None) -> Job | None:
        """Claim the job that has waited longest, or None. `place`: where this worker makes files.

        `only`: no other job than this one. One that was claimed TRIES_MAX times and always lost
        fails for good instead.
        """
        while True:
            now = self._clock()
            is_open = _TABLE.c.state.in_((WAITING, RUNNING))
            is_due = and_(is_open, _is_time(now), _can_do(kinds, place))
            if only is not None:
                is_due = and_(is_due, _TABLE.c.id == only)
            first = select(_TABLE).where(is_due).order_by(_TABLE.c.next_at, _TABLE.c.id).limit(1)
            with self._vault.transaction() as db:
                row = db.execute(first).one_or_none()
            if row is None:
                return None
            job = job_of(row)
            if job.tries >= TRIES_MAX:
                self._write(job, _is_time(now), **_failed(now, job.reason or ENDED))
                continue
            lease = {"state": RUNNING, "tries": job.tries + 1, "next_at": now + self._lease}
            if self._write(job, _is_time(now), **lease):
                return replace(job, state=RUNNING, tries=job.tries + 1)

    def renew(self, job: Job) -> None:
        """Renew the lease of a claimed job. Raises Lost."""
        self._keep(job, next_at=self._clock() + self._lease)

    def progress(self, job: Job, done: int, total: int) -> None:
        """Note how far a claimed job has come. Raises Lost."""
        self._keep(job, next_at=self._clock() + self._lease, done=done, total=total)

    def finish(
        self, job: Job, keep: timedelta, *, size_bytes: int | None = None, digest: str | None = None
    ) -> None:
        """Note that a claimed job is done; it and its file are kept for a time. Raises Lost."""
        now = self._clock()
        self._keep(
            job,
            state=DONE,
            ended_at=now,
            expires_at=now + keep,
            size_bytes=size_bytes,
            digest=digest,
            reason="",
        )

    def put_off(self, job: Job, reason: str) -> None:
        """Try a claimed job again later, the later the more often it failed. Raises Lost."""
        now = self._clock()
        if job.tries >= TRIES_MAX:
            self._keep(job, **_failed(now, reason))
            return
        pause = timedelta(seconds=pause_after(job.tries))
        reason = reason[:REASON_LENGTH_MAX]
        self._keep(job, state=WAITING, next_at=now + pause, reason=reason)

    def fail(self, job: Job, reason: str, keep: timedelta = FAILED_TIME) -> None:
        """Note that trying a claimed job again is of no use. Raises Lost."""
        self._keep(job, **_failed(self._clock(), reason, keep))

    def release(self, job: Job) -> None:
        """Give a claimed job back, because the worker is told to stop. Raises Lost."""
        self._keep(job, state=WAITING, next_at=self._clock(), tries=job.tries - 1)

    def give_up(self, job: Job) -> None:
        """Delete a job that has not ended: who does it finds out that it is lost."""
        is_it = and_(_TABLE.c.id == job.id, _TABLE.c.ended_at.is_(None))
        with self._vault.transaction() as db:
            db.execute(delete(_TABLE).where(is_it))

    def prolong(self, job: Job, keep: timedelta) -> bool:
        """Keep a done job for a time from now; return whether it is still there."""
        return self._write(
            job, _TABLE.c.expires_at > self._clock(), expires_at=self._clock() + keep
        )

    def drop(self, job: Job) -> bool:
        """Delete a done job; return whether it was there, as it is for one caller only."""
        is_it = and_(_TABLE.c.id == job.id, _TABLE.c.state == DONE)
        with self._vault.transaction() as db:
            return bool(db.execute(delete(_TABLE).where(is_it)).rowcount)

    def forget_expired(self, kinds: Collection[str], place: str) -> int:
        """Delete expired jobs; return how many. The place that has their files deletes those.

        A job that this worker, as in `claim`, cannot do, and that nobody took for FAILED_TIME, has
        expired too: the machine or the folder where it was asked for is no more.
        """
        now = self._clock()
        is_abandoned = and_(
            _TABLE.c.ended_at.is_(None),
            _TABLE.c.next_at <= now - FAILED_TIME,
            not_(_can_do(kinds, place)),
        )
        with self._vault.transaction() as db:
            gone = db.execute(delete(_TABLE).where(or_(_TABLE.c.expires_at <= now, is_abandoned)))
            return gone.rowcount

    def _select(self, which: ColumnElement[bool]) -> list[Job]:
        lasts = or_(_TABLE.c.expires_at.is_(None), _TABLE.c.expires_at > self._clock())
        query = select(_TABLE).where(which, lasts).order_by(_TABLE.c.asked_at.desc(), _TABLE.c.id)
        with self._vault.transaction() as db:
            return [job_of(row) for row in db.execute(query)]

    def _keep(self, job: Job, **changed: Any) -> None:
        if not self._write(job, **changed):
            raise Lost

    def _write(self, job: Job, *more: ColumnElement[bool], **changed: Any) -> bool:
        """Change a job if it is still in the state and the claim that the worker knows."""
        is_it = and_(
            _TABLE.c.id == job.id, _TABLE.c.state == job.state, _TABLE.c.tries == job.tries, *more
        )
        with self._vault.transaction() as db:
            return bool(db.execute(update(_TABLE).where(is_it).values(**changed)).rowcount)


def _failed(now: datetime, reason: str, keep: timedelta = FAILED_TIME) -> dict[str, Any]:
    reason = reason[:REASON_LENGTH_MAX]
    return {"state": FAILED, "reason": reason, "ended_at": now, "expires_at": now + keep}


def _is_time(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a job is due."""
    return or_(_TABLE.c.next_at <= now, _TABLE.c.next_at > now + AHEAD_TIME)


def _can_do(kinds: Collection[str], place: str) -> ColumnElement[bool]:
    """Return the condition that a worker can do a job where it is."""
    return and_(_TABLE.c.kind.in_(kinds), _TABLE.c.place.in_(("", place)))


def _waiting(db: Connection, wanted: Wanted) -> int:
    query = select(func.count()).where(
        _TABLE.c.kind == wanted.kind,
        _TABLE.c.place == wanted.place,
        _TABLE.c.ended_at.is_(None),
    )
    return int(db.execute(query).scalar_one())
