"""The duties of the background process, such as keeping read models up and closing in time."""

import signal
import threading
from collections.abc import Callable

from consult.commands.approvals.asking import expire
from consult.commands.consultations.opening import close_consultation
from consult.commands.context import SYSTEM
from consult.commands.data_protection.retention import retain
from consult.config import Config
from consult.connections import DUTY_THREADS
from consult.jobs.worker import JOBS, OLD_FILES
from consult.log_store.store import LogStore
from consult.notifying.news import tell
from consult.notifying.sending import send_due
from consult.people.erasing.forgetting import forget
from consult.people.proving import attempts, email_codes
from consult.people.trouble import Trouble
from consult.sealing.running import sealing_duties
from consult.services import Services, open_patiently
from consult.supervising import Duty, supervise
from projections.consultations import Consultations

ROUND_SECONDS = 1.0
NEWS_SECONDS = 20.0
TIDY_SECONDS = 60.0
READ_MODELS_PAUSE_SECONDS_MAX = 5.0
"""People wait for the pages, so the pauses after failures stay short."""


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


def all_duties(services: Services, log: LogStore) -> list[Duty]:
    """Return everything the background does by itself."""

    def duty(name: str, every_seconds: float, work: Callable[[Services], object]) -> Duty:
        def once() -> None:
            work(services)

        return Duty(name, every_seconds, once)

    return [
        Duty("read models", 0.0, services.runner.keep_up, READ_MODELS_PAUSE_SECONDS_MAX),
        Duty("old read models", TIDY_SECONDS, services.runner.tidy),
        *sealing_duties(services, log),
        duty("closing in time", ROUND_SECONDS, close_what_is_due),
        duty("erasures", ROUND_SECONDS, finish_erasures),
        duty("old codes", ROUND_SECONDS, forget_old_codes),
        duty("approvals", TIDY_SECONDS, expire),
        duty("retention", ROUND_SECONDS, retain),
        duty("mails", ROUND_SECONDS, send_due),
        duty("news", NEWS_SECONDS, tell),
    ]


def run_background(config: Config) -> None:
    """Run the background process until SIGTERM or SIGINT."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    services = open_patiently(config, stop, threads=DUTY_THREADS)
    if services is None:
        return
    duties = all_duties(services, services.log)
    report = Trouble(services.vault, services.clock)
    report.keep_only([JOBS, OLD_FILES, *(duty.name for duty in duties)])
    supervise(duties, stop, report)
    services.close()
