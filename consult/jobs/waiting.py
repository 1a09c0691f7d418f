"""Do a job for somebody who waits for it, or follow the process that does it already."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from consult.commands.context import Actor
from consult.jobs import result_files, words
from consult.jobs.asking import ask, queue_of
from consult.jobs.job import DONE, FAILED, Job, Wanted
from consult.jobs.kinds.kind import Kind, Report
from consult.jobs.queue import Lost, Queue
from consult.jobs.worker import Lease
from consult.services import Services
from events.errors import Conflict, OutcomeUnknown, Overloaded, Refused, Unavailable

RESULT = TypeVar("RESULT")
LOOK_SECONDS = 0.2
LEASE_SECONDS = 6.0
"""Short, because whoever repeats a command that was killed waits for the lease to end."""


class GivenUp(Refused):
    """Somebody else gave the job up while it was followed."""

    says = "It was given up meanwhile by another command. What it recorded until then stays."


def wait_for(
    services: Services,
    kind: Kind,
    wanted: Wanted,
    here: Callable[[Report], RESULT],
    update: Report,
    *,
    actor: Actor,
) -> RESULT | None:
    """Ask for a job and wait until it is done; return what `here` does if it is done here.

    Where another process does it already, that one is followed, and None returned. If this process
    is killed, a process for jobs goes on; if it is interrupted or `here` fails, the job is given
    up. Raises Refused, and what `here` raises.
    """
    queue = queue_of(services, timedelta(seconds=LEASE_SECONDS))
    job = ask(services, kind, wanted, actor=actor, anew=True)
    assert job is not None, "such a kind has no limit"
    place = result_files.place_of(services.config)
    while True:
        mine = queue.claim((kind.name,), place, only=job.id)
        if mine is not None:
            with suppress(Lost):  # this process stood still for so long that another one took it
                return _done(queue, kind, mine, here, update)
        found = queue.find(job.id)
        if found is None:
            raise GivenUp
        if found.state == DONE:
            return None
        if found.state == FAILED:
            raise Refused("{reason}", reason=words.reason(found))
        if found.total:
            update(found.done, found.total)
        time.sleep(LOOK_SECONDS)


def _done(
    queue: Queue, kind: Kind, job: Job, here: Callable[[Report], RESULT], update: Report
) -> RESULT:
    def report(done: int, total: int) -> None:
        update(done, total)
        lease.report(done, total)

    with Lease(queue, job, threading.Event(), LEASE_SECONDS / 3) as lease:
        try:
            result = here(report)
        except (Lost, Unavailable):  # nothing can be noted now, and somebody goes on
            raise
        except (Conflict, Overloaded, OutcomeUnknown) as passing:
            queue.put_off(job, words.packed(passing))
            raise
        except BaseException:  # told to whoever waits, who decides what comes next
            queue.give_up(job)
            raise
    queue.finish(job, kind.keep)
    return result
