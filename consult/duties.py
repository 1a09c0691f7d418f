"""The background process: keep read models up to date, and run duties such as closing in time."""

import logging
import signal
import threading
from collections.abc import Callable

from consult.commands.consultations.opening import close_consultation
from consult.commands.context import SYSTEM
from consult.commands.data_protection.retention import retain
from consult.config import Config
from consult.notifying.sending import send_forever
from consult.people.erasing.forgetting import forget
from consult.people.proving import attempts, email_codes
from consult.recovering import recovering
from consult.sealing.running import seal_forever
from consult.services import Services
from events import Refused
from events.errors import Unavailable
from projections.consultations import Consultations

LOG = logging.getLogger(__name__)
ROUND_SECONDS = 1.0
OPEN_SECONDS = 2.0

Duty = Callable[[Services], None]


def close_what_is_due(services: Services) -> None:
    """Close every consultation whose closing time has come by the store's clock, paused or not.

    The command id is the same on every host, so concurrent hosts close it once.
    """
    with services.views.connect() as db:
        due = services.views.reader(Consultations).due_to_close(db, services.record.moment())
    for id in due:
        close_consultation(services, id, actor=SYSTEM, command_id=f"deadline/{id}")


def finish_erasures(services: Services) -> None:
    """Carry out erasures that are recorded but not yet done; write all erasures to the ledger."""
    forget(services.record, services.vault)
    services.ledger.remember(services.record)


def forget_old_codes(services: Services) -> None:
    """Delete expired e-mail codes with their addresses, and expired counts of attempts."""
    email_codes.sweep(services.vault, services.clock())
    attempts.sweep(services.vault, services.clock())


DUTIES: tuple[Duty, ...] = (close_what_is_due, finish_erasures, forget_old_codes, retain)


def do_duties(services: Services, stop: threading.Event, duties: tuple[Duty, ...] = DUTIES) -> None:
    """Run every duty in rounds until `stop` is set; retry a failed one in the next round.

    Raises Unavailable while the database is unavailable.
    """
    while not stop.wait(ROUND_SECONDS):
        for duty in duties:
            try:
                duty(services)
            except Unavailable:
                raise  # the other duties would fail as well
            except Refused as refused:
                LOG.info("%s waits: %s", duty.__name__, refused)
            except Exception:
                LOG.exception("%s failed and will be tried again.", duty.__name__)


def run_background(config: Config, more: tuple[Duty, ...] = ()) -> None:
    """Run the background process until SIGTERM or SIGINT.

    `more`: duties of other parts of the product, such as notifying people of news.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    services = _open(config, stop)
    if services is None:
        return
    threads = [
        recovering("projecting", lambda: services.runner.run_forever(stop), stop),
        recovering("sealing", lambda: seal_forever(services, stop), stop),
        recovering("sending", lambda: send_forever(services, stop), stop),
        recovering("duties", lambda: do_duties(services, stop, (*DUTIES, *more)), stop),
    ]
    stop.wait()
    for thread in threads:
        thread.join(timeout=10)
    services.close()


def _open(config: Config, stop: threading.Event) -> Services | None:
    """Open the services, retrying while the database is unavailable; None if `stop` is set."""
    while not stop.is_set():
        try:
            return Services.open(config)
        except Unavailable as unavailable:
            LOG.warning("The background process waits: %s", unavailable)
            stop.wait(OPEN_SECONDS)
    return None
