"""Fill new generations of projections from the record, which no other process works on."""

from collections.abc import Callable, Collection
from contextlib import closing

from projections.engine.applying import Advance, Follower, Place, Spoilt, anchor_of, apply
from projections.engine.generations import SCRATCH, advance, all_generations, drop
from projections.engine.projection import Projection
from projections.engine.runner import Runner
from projections.engine.scratch_database import Workshop, stay

ROWS_PER_BATCH = 5000

Progress = Callable[[int, int], None]
"""Callback with the number of facts applied and their total."""


class Filling:
    """New generations of some projections, filled by this process alone."""

    def __init__(
        self,
        runner: Runner,
        projections: Collection[type[Projection]],
        progress: Progress | None = None,
        limit: int = ROWS_PER_BATCH,
    ) -> None:
        self.runner = runner
        self.progress = progress
        self.limit = limit
        self.failures: dict[str, Spoilt] = {}
        self.anchor = ""
        with runner.views.write() as db:
            numbers = {c.name: runner.add(db, c, SCRATCH) for c in projections}
            rows = all_generations(db)
        self.followers = [
            Follower(row, runner.views.instance(runner.projections[row.name], row.generation))
            for row in rows
            if numbers.get(row.name) == row.generation
        ]

    @property
    def position(self) -> int:
        """The last fact applied to all of them."""
        return self.followers[0].row.position

    def fill(self, place: Place, move: Advance = advance, until: int | None = None) -> None:
        """Apply facts up to a position, or all; drop projections that fail."""
        while self.followers:
            try:
                self._apply(place, move, until)
            except Spoilt as spoilt:
                self._leave_out(spoilt)
            else:
                return

    def fill_in_a_workshop(self) -> None:
        """Apply all present facts in a workshop database; drop projections that fail."""
        while self.followers:
            with closing(Workshop(self.runner.views, self.followers)) as workshop:
                try:
                    self._apply(workshop, stay, None)
                except Spoilt as spoilt:
                    self._leave_out(spoilt)
                    self._stand_at(0)
                    continue
                if self.position > 0:
                    workshop.bring_home(self.followers, self.position, self.anchor)
                return

    def _apply(self, place: Place, move: Advance, until: int | None) -> None:
        total = self.runner.source.head() if until is None else until
        while until is None or self.position < until:
            rows = self.runner.source.read(self.position, self.limit, until=until)
            if not rows:
                return
            apply(place, self.followers, rows, move)
            self.anchor = anchor_of(rows[-1])
            self._stand_at(rows[-1].position)
            if self.progress is not None:
                self.progress(self.position, max(self.position, total))

    def _stand_at(self, position: int) -> None:
        self.followers = [
            Follower(row._replace(position=position), projection)
            for row, projection in self.followers
        ]

    def _leave_out(self, spoilt: Spoilt) -> None:
        self.failures |= {row.name: spoilt for row, _ in spoilt.followers}
        self.drop(spoilt.followers)

    def drop(self, followers: Collection[Follower]) -> None:
        """Drop the tables of followers that failed or are no longer needed."""
        with self.runner.views.write() as db:
            for row, projection in followers:
                tables = " ".join(table.name for table in projection.tables)
                drop(db, row._replace(tables=tables))
        self.followers = [other for other in self.followers if other not in followers]
        self.runner.views.tell()
