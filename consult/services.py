"""The composition root: what the product is made of, opened once per process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, Self, TypeVar

from sqlalchemy import Connection

from consult import own_files
from consult.config import Config
from consult.people import calendar
from consult.people.erasing.forgetting import forget
from consult.people.erasing.ledger import Ledger
from consult.people.vault import Vault
from consult.store_clock import StoreClock, utc_now
from events.store.record import Record, create_schema
from projections import ALL
from projections.engine.database import Views
from projections.engine.projection import Projection
from projections.engine.runner import Runner

WHOLE_SECONDS_MAX = 60.0
SEEN_SECONDS_MAX = 1.0
"""How long a page about one receipt waits for the read models before it says it cannot tell."""

PROJECTION = TypeVar("PROJECTION", bound=Projection)


class Closable(Protocol):
    """Anything that has to be closed."""

    def close(self) -> None:
        """Let go of it."""


@dataclass
class Services:
    """Record, read models, vault and clock.

    `record`: the only truth. `views`: what pages read. `runner`: keeps the views up to
    date. `vault`: what must be erasable. `ledger`: what was erased. `clock`: UTC now, by the clock
    of the store, which judges; no page goes by that of the host it runs on.
    `has_background`: another process keeps the views up to date, so this one only waits for it.
    `opened`: what others opened for as long as these services last.
    """

    config: Config
    record: Record
    views: Views
    runner: Runner
    vault: Vault
    ledger: Ledger
    clock: Callable[[], datetime] = utc_now
    has_background: bool = False
    opened: list[Closable] = field(default_factory=list)

    @classmethod
    def open(
        cls,
        config: Config,
        clock: Callable[[], datetime] | None = None,
        *,
        has_background: bool = False,
        host: Callable[[], datetime] | None = None,
    ) -> Self:
        """Open everything. Raises Refused with what to do when something is not set up.

        `clock`: in tests and the demo, a clock that can be moved; the store then uses it
        for deadlines too, instead of the database's own. A site that plays a story brings its
        own, `calendar.StoryClock`. `host`: in tests, the clock of this machine, which may be wrong.
        """
        own_files.check(config)
        record = Record(config.database_url, accept_loss=config.accept_loss, clock=clock)
        vault = Vault(config.database_url)
        ledger = Ledger(config.key_path.with_suffix(".erasures"))
        measured = None
        try:
            # Before anybody is served: record and vault may be old copies.
            ledger.recall(record)
            forget(record, vault)
            if clock is None and calendar.behind(vault):
                clock = calendar.StoryClock(vault)
                record.close()
                record = Record(config.database_url, accept_loss=config.accept_loss, clock=clock)
            if host is not None or record.has_clock_elsewhere:
                measured = StoreClock(record.moment, host or utc_now)
            views = Views.open(config.database_url)
        except BaseException:
            record.close()
            vault.close()
            raise
        runner = Runner(record, views, ALL)
        if not has_background:
            runner.start()
        return cls(
            config=config,
            record=record,
            views=views,
            runner=runner,
            vault=vault,
            ledger=ledger,
            clock=measured or clock or utc_now,
            has_background=has_background,
            opened=[measured] if measured else [],
        )

    def catch_up(self, position: int | None = None, *, seconds_max: float = 2) -> bool:
        """See to it that the views have reached a position (the last one, unless given).

        Returns False when they have not within the time; a page then says so.
        """
        goal = self.record.head() if position is None else position
        if self.has_background:
            return self.runner.wait_for(goal, seconds_max)
        self.runner.catch_up(until=goal)
        return True

    @contextmanager
    def whole(
        self,
        projection: type[PROJECTION],
        *,
        position: int | None = None,
        seconds_max: float = WHOLE_SECONDS_MAX,
    ) -> Iterator[tuple[Connection, PROJECTION]]:
        """Give a read model that holds everything recorded up to a position, and a connection.

        For whatever speaks of the whole: counts, exports, erasures. `position`: the last one
        in the record, unless given. `seconds_max`: how long to wait for another process that
        keeps the read models up. Raises ReadModelsBehind: when the read model was set aside
        after an error, or nothing keeps it up, a part must not pass for the whole.
        """
        goal = self.record.head() if position is None else position
        self.catch_up(goal, seconds_max=seconds_max)
        reader = self.views.reader(projection)
        with self.views.connect() as db:
            self.views.require(db, reader, goal)
            yield db, reader

    def close(self) -> None:
        """Let go of everything."""
        while self.opened:
            self.opened.pop().close()
        self.record.close()
        self.views.close()
        self.vault.close()


def set_up(config: Config) -> None:
    """Create what is missing: the one deliberate step, safe to repeat and to race."""
    own_files.check(config)
    create_schema(config.database_url)
    vault = Vault(config.database_url)
    vault.create_tables()
    vault.close()
