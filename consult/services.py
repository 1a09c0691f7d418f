"""The composition root: the services of the product, opened once per process."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, Self, TypeVar

from sqlalchemy import Connection

from consult import own_files
from consult.clocks.local_time import day_of
from consult.clocks.store_clock import StoreClock, utc_now
from consult.config import Config
from consult.connections import THREADS
from consult.log_store.schema import check_tables
from consult.log_store.store import LogStore
from consult.people import calendar, schema
from consult.people.erasing.forgetting import forget
from consult.people.erasing.ledger import Ledger
from consult.people.vault import Vault
from consult.supervising import pause_after
from events import frameworks
from events.errors import Unavailable
from events.store.engines import SPARE_CONNECTIONS
from events.store.record import Record, create_schema
from projections import ALL
from projections.engine.database import Views
from projections.engine.projection import Projection
from projections.engine.runner import Runner

LOG = logging.getLogger(__name__)

WHOLE_SECONDS_MAX = 60.0
SEEN_SECONDS_MAX = 1.0
"""How long a page about one receipt waits for the read models before it gives up."""

PROJECTION = TypeVar("PROJECTION", bound=Projection)


class Closable(Protocol):
    """Anything with a `close` method."""

    def close(self) -> None:
        """Release the resource."""


@dataclass
class Services:
    """The four stores (record, read models, vault, log) and the clock, opened and closed once.

    `record`: the only source of truth. `views`: the read models of pages. `runner`: keeps the
    views up to date. `vault`: data that must be erasable. `log`: what is public. `ledger`:
    erasures. `clock`: UTC now by the store's clock, which decides on time limits; pages never use
    the host's clock.
    `has_background`: another process keeps the views up to date, so this one only waits for it.
    `opened`: further resources that are closed with these services.
    """

    config: Config
    record: Record
    views: Views
    runner: Runner
    vault: Vault
    log: LogStore
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
        threads: int = THREADS,
    ) -> Self:
        """Open all services. Raises Refused, which says what to do if something is not set up.

        `clock`: in tests and the demo, an adjustable clock; the store then uses it for deadlines
        too, instead of the database's own. A demo site in the past uses
        `calendar.StoryClock`. `host`: in tests, this machine's clock, which may be wrong.
        `threads`: how many use them at once, which decides the connections they can open.
        """
        own_files.check(config)
        frameworks.add_folder(config.frameworks_folder)
        record = Record(config.database_url, accept_loss=config.accept_loss, clock=clock)
        wide = threads + SPARE_CONNECTIONS
        vault = Vault(config.database_url, config.secret_path, connections=wide)
        log = LogStore(config.database_url)
        ledger = Ledger(config.key_path.with_suffix(".erasures"))
        measured = None
        try:
            _make_ready(record, vault, log, ledger)
            if clock is None and calendar.behind(vault):
                clock = calendar.StoryClock(vault)
                record.close()
                record = Record(config.database_url, accept_loss=config.accept_loss, clock=clock)
            if host is not None or record.has_clock_elsewhere:
                measured = StoreClock(record.moment, host or utc_now)
            views = Views.open(config.database_url, connections=wide)
        except BaseException:
            record.close()
            vault.close()
            log.close()
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
            log=log,
            ledger=ledger,
            clock=measured or clock or utc_now,
            has_background=has_background,
            opened=[measured] if measured else [],
        )

    def today(self) -> date:
        """Return the day it is now where the people are."""
        return day_of(self.clock())

    def catch_up(self, position: int | None = None, *, seconds_max: float = 2) -> bool:
        """Bring the read models up to `position` (default: the head of the record).

        Return False if a background process does not reach it within `seconds_max`.
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
        """Yield a connection and a read model that has applied everything up to a position.

        For results that must be complete: counts, exports, erasures. `position`: default the
        head of the record. `seconds_max`: how long to wait for the background process. Raises
        ReadModelsBehind if the read model stopped at an error or is not kept up to date, so
        that a part is never taken for the whole.
        """
        goal = self.record.head() if position is None else position
        self.catch_up(goal, seconds_max=seconds_max)
        reader = self.views.reader(projection)
        with self.views.connect() as db:
            self.views.require(db, reader, goal)
            yield db, reader

    def close(self) -> None:
        """Close all services."""
        while self.opened:
            self.opened.pop().close()
        self.record.close()
        self.views.close()
        self.vault.close()
        self.log.close()


def _make_ready(record: Record, vault: Vault, log: LogStore, ledger: Ledger) -> None:
    """Check the stores and erase again, before any request is served.

    Record and vault may be restored from old backups. Raises Refused.
    """
    schema.check(vault.engine)
    vault.require_secret()
    check_tables(log.engine)
    ledger.recall(record)
    forget(record, vault)


def open_patiently(
    config: Config, stop: threading.Event, *, has_background: bool = False, threads: int = THREADS
) -> Services | None:
    """Open the services, retrying while the database is unavailable; None if `stop` is set."""
    failures = 0
    while not stop.is_set():
        try:
            return Services.open(config, has_background=has_background, threads=threads)
        except Unavailable as unavailable:
            failures += 1
            LOG.warning("This process waits: %s", unavailable)
            stop.wait(pause_after(failures))
    return None


def set_up(config: Config, *, new_secret: bool = False) -> None:
    """Create missing schemas, tables and the secret; idempotent, and safe in concurrent processes.

    `new_secret`: the site's secret is lost for good, and another takes its place.
    """
    own_files.check(config)
    create_schema(config.database_url)
    schema.migrate(config.database_url)
    with closing(Vault(config.database_url, config.secret_path)) as vault:
        vault.make_secret(anew=new_secret)
    LogStore.open(config.database_url).close()
