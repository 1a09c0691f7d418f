"""Keep read models up to date with the record: in batches, exactly once, failures isolated."""

import logging
import time
from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import Connection, text
from sqlalchemy.schema import CreateTable

from projections.engine.applying import Follower, Overtaken, Spoilt, apply, is_made_from
from projections.engine.database import Views
from projections.engine.generations import (
    BUILDING,
    LIVE,
    RETIRED,
    SCRATCH,
    Generation,
    add_generation,
    all_generations,
    drop,
    hold,
    lock,
    note,
    swap,
)
from projections.engine.projection import Projection, Source

LOG = logging.getLogger(__name__)

ROWS_PER_BATCH = 1000
GATHER_SECONDS = 0.02
"""The pause between batches at low load: facts arriving meanwhile share a commit."""
IDLE_SECONDS = 0.5
KEEP_RETIRED_SECONDS = 60.0
KEEP_ABANDONED_SECONDS = 3600.0
ERROR_LENGTH_MAX = 2000


class Runner:
    """Applies the facts of a record to its projections.

    `projections`: all of them; read models of any other name are retired. Any number of
    runners may work on the same read models, in threads, processes or on several machines:
    each batch is applied by one of them.
    """

    def __init__(
        self, source: Source, views: Views, projections: Sequence[type[Projection]]
    ) -> None:
        self.source = source
        self.views = views
        self.projections = {projection.name: projection for projection in projections}
        assert len(self.projections) == len(projections), "two projections have one name"
        self._is_started = False

    def start(self) -> None:
        """Create missing tables for every projection; start to rebuild those of another version.

        The rebuild happens while catching up: the old tables serve pages, and are kept up to
        date if their columns are the same, until the new ones have caught up. A projection
        that stopped at an error is retried from there.
        """
        with self.views.write() as db:
            lock(db)
            hold(db)
            rows = all_generations(db)
            for row in rows:
                if row.state in (LIVE, BUILDING) and row.name not in self.projections:
                    note(db, row.name, row.generation, state=RETIRED)
            for name, projection in self.projections.items():
                self._prepare(db, projection, [row for row in rows if row.name == name])
        self.views.tell()
        self.sweep()
        self._is_started = True

    def _prepare(
        self, db: Connection, projection: type[Projection], rows: list[Generation]
    ) -> None:
        has_live = is_current = False
        for row in rows:
            if row.state not in (LIVE, BUILDING):
                continue
            fits = (row.version, row.shape) == (projection.version, projection.shape())
            if is_made_from(self.source, row) and (row.state == LIVE or fits):
                if row.error is not None:
                    note(db, row.name, row.generation, error=None, error_position=None)
                has_live = has_live or row.state == LIVE
                is_current = is_current or fits
            else:
                note(db, row.name, row.generation, state=RETIRED)
        if not has_live:
            # Pages need tables to read, even while they are still being filled.
            self.add(db, projection, LIVE)
        elif not is_current:
            self.add(db, projection, BUILDING)

    def add(self, db: Connection, projection: type[Projection], state: str) -> int:
        """Create the tables of a new generation; return its number."""
        number = add_generation(db, projection.name, projection.version, projection.shape(), state)
        instance = self.views.instance(projection, number)
        for table in instance.tables:
            if state == LIVE:
                table.create(db)
            else:
                # Indexes are for pages; filling a table is much faster without them.
                db.execute(CreateTable(table))
        note(db, projection.name, number, tables=" ".join(t.name for t in instance.tables))
        return number

    def catch_up(self, until: int | None = None, limit: int = ROWS_PER_BATCH) -> int:
        """Apply facts up to a position, or all; return their number."""
        done = 0
        while (applied := self.step(limit, until)) is not None:
            done += applied
        return done

    def step(self, limit: int = ROWS_PER_BATCH, until: int | None = None) -> int | None:
        """Apply one batch at each position with new facts; return None if there were none.

        Projections at the same position share the read and the commit. Those behind, because
        they are being rebuilt or had stopped, get one batch per round too, so that they do not
        delay the others.
        """
        followers = sorted(self.followers(), key=lambda follower: -follower.row.position)
        applied: int | None = None
        ahead = until
        for position, group in groupby(followers, key=lambda follower: follower.row.position):
            done = self.follow(list(group), position, limit, ahead)
            if done is not None:
                applied = (applied or 0) + done
            ahead = position
        self._swap([follower for follower in followers if follower.row.state == BUILDING])
        return applied

    def followers(self) -> list[Follower]:
        """Return every generation that can be advanced, with its projection."""
        found = []
        for row in self.views.generations(fresh_seconds=0.0):
            projection = self.projections.get(row.name)
            if projection is None or row.error is not None or row.shape != projection.shape():
                continue
            if row.state == LIVE or (row.state == BUILDING and row.version == projection.version):
                found.append(Follower(row, self.views.instance(projection, row.generation)))
        return found

    def follow(
        self, followers: list[Follower], position: int, limit: int, until: int | None
    ) -> int | None:
        """Apply the next batch to followers at one position; return None if there is none."""
        if until is not None and position >= until:
            return None
        rows = self.source.read(position, limit, until=until)
        if not rows:
            return None
        try:
            apply(self.views, followers, rows)
        except Overtaken:
            time.sleep(GATHER_SECONDS / 4)
            return 0
        except Spoilt as spoilt:
            self._set_aside(spoilt)
            return 0
        finally:
            self.views.tell()
        return len(rows)

    def _set_aside(self, spoilt: Spoilt) -> None:
        error = spoilt.error
        words = f"{type(error).__name__}: {error}"[:ERROR_LENGTH_MAX]
        with self.views.write() as db:
            for row, _ in spoilt.followers:
                note(db, row.name, row.generation, error=words, error_position=spoilt.position)
                LOG.error(
                    "Projection %s stopped at position %d; its pages stay as they are.",
                    row.name,
                    spoilt.position,
                    exc_info=error,
                )

    def _swap(self, followers: list[Follower]) -> None:
        rows = self.views.generations() if followers else ()
        for follower in followers:
            now = {other.generation: other for other in rows if other.name == follower.row.name}
            mine = now[follower.row.generation]
            if all(
                other.position <= mine.position for other in now.values() if other.state == LIVE
            ):
                self.promote(follower)

    def promote(self, follower: Follower) -> bool:
        """Make a rebuilt generation live; return False if the live one is ahead of it."""
        with self.views.write() as db:
            lock(db)
            for table in follower.projection.tables:
                for index in table.indexes:
                    index.create(db, checkfirst=True)
                if self.views.on_postgres:
                    db.execute(text(f"ANALYZE {table.fullname}"))
            swapped = swap(db, follower.row)
        self.views.tell()
        return swapped

    def sweep(self, keep_seconds: float = KEEP_RETIRED_SECONDS) -> None:
        """Drop generations retired a while ago, and those left behind by a crash."""
        now = time.time()
        keep = {RETIRED: keep_seconds, SCRATCH: max(keep_seconds, KEEP_ABANDONED_SECONDS)}
        for row in self.views.generations(fresh_seconds=0.0):
            if row.state in keep and now - row.changed_at >= keep[row.state]:
                with self.views.write() as db:
                    drop(db, row)
        self.views.tell()

    def shout(self) -> None:
        """Log projections stopped by an error again, because a single old line is overlooked."""
        for row in self.views.set_aside(0.0):
            LOG.error(
                "Projection %s still stands at position %s because of an error: %s",
                row.name,
                row.position,
                row.error,
            )

    def keep_up(self) -> float:
        """Apply what is new, or wait for it for IDLE_SECONDS; return the seconds to pause.

        One round of the duty that keeps read models up to date; it calls `start` if nobody has.
        """
        if not self._is_started:
            self.start()
        applied = self.step()
        if applied is None:
            position = max((follower.row.position for follower in self.followers()), default=0)
            self.source.wait_beyond(position, IDLE_SECONDS)
            return 0.0
        return GATHER_SECONDS if applied < ROWS_PER_BATCH else 0.0

    def tidy(self) -> None:
        """Drop retired generations, and log again what stopped at an error."""
        self.sweep()
        self.shout()

    def wait_for(self, position: int, timeout_seconds: float) -> bool:
        """Wait until read models reach a position; return False after the timeout."""
        return self.views.wait_for(position, timeout_seconds)
