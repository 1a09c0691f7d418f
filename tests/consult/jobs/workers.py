"""Workers of a test's own, in this process and in others."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from flask import Flask

from consult.commands.context import SYSTEM, Actor
from consult.commands.data_protection.retention import set_legal_hold
from consult.config import Config
from consult.jobs import queue
from consult.jobs import worker as working
from consult.jobs.asking import ask, wanted
from consult.jobs.job import Job
from consult.jobs.kinds import every_kind
from consult.jobs.kinds.kind import Kind, Report
from consult.jobs.worker import Worker
from consult.services import Services
from consult.serving import job_process
from consult.supervising import Duty

HOUR = timedelta(hours=1)
LINES = 20
KEEPER = Actor("operator")


class Slow(msgspec.Struct, frozen=True):
    """A job that notes its beginning, sets a hold, and waits while a file is there."""

    folder: str
    consultation_id: UUID


def do_slowly(services: Services, wanted: Slow, report: Report) -> Iterator[bytes]:
    folder = Path(wanted.folder)
    with (folder / "begun").open("a") as begun:
        begun.write("begun\n")
    set_legal_hold(
        services, wanted.consultation_id, reason="A case", actor=KEEPER, command_id="the job"
    )
    while (folder / "hold").exists():
        report(1, LINES)
        time.sleep(0.02)
    for number in range(LINES):
        yield f"{number}\n".encode()


SLOW = Kind("slow", Slow, do_slowly, HOUR, makes_file=True)


def duties_of(app: Flask) -> list[Duty]:
    """The duties of the process for jobs."""
    services = app.extensions["services"]
    return job_process.job_duties(services, app.app_context, threading.Event())


def do_jobs(app: Flask) -> int:
    """Do every job that is due, as the process for jobs does; give their number."""
    work = duties_of(app)[0].work
    number = 0
    while work() is not None:
        number += 1
    return number


def put(services: Services, kind: Kind, parameters: msgspec.Struct, key: str = "") -> Job:
    """Ask for a job as the site itself."""
    job = ask(services, kind, wanted(services, kind, parameters, key=key), actor=SYSTEM)
    assert job is not None
    return job


def worker(services: Services, *kinds: Kind) -> Worker:
    return Worker(services, {kind.name: kind for kind in kinds}, threading.Event())


def without_pages(*given: Any) -> None:
    """The same where no application of the web can be made."""

    def fail(*_anything: object) -> None:
        raise AssertionError("an application was made")

    setattr(job_process, "create_app", fail)  # noqa: B010  in the process of this test alone
    in_a_process(*given)


def in_a_process(database_url: str, files: str, lease_seconds: float) -> None:
    """The process for jobs as it is, with one kind more and a short lease."""
    queue.LEASE_TIME = timedelta(seconds=lease_seconds)
    working.RENEW_SECONDS = lease_seconds / 3
    every_kind.KINDS[SLOW.name] = SLOW
    job_process.run(replace(Config(database_url=database_url), files_folder=Path(files)))
