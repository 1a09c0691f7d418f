"""Jobs that look after a site: a backup, and making erased bytes unreadable."""

from datetime import timedelta

import msgspec

from consult import access
from consult.commands import kept_backups
from consult.commands.context import Actor
from consult.jobs.asking import ask, queue_of, wanted
from consult.jobs.job import Job
from consult.jobs.kinds.kind import Kind, Report
from consult.people.erasing.scrubbing import scrub
from consult.services import Services
from events.errors import Refused

KEEP_TIME = timedelta(days=1)


class StillInOldLog(Refused):
    """PostgreSQL keeps erased bytes in its old write-ahead log until a superuser ends it."""

    says = (
        "The vault is rewritten. The old write-ahead log of the database still has erased bytes, "
        "until a superuser runs: {steps}"
    )


class BackupWanted(msgspec.Struct, frozen=True):
    """A backup, by the name of its folder."""

    name: str


class ScrubWanted(msgspec.Struct, frozen=True):
    """The vault rewritten without erased bytes."""


def _back_up(services: Services, wanted: BackupWanted, report: Report) -> None:
    report(0, 1)
    kept_backups.make(services.config, wanted.name, services.clock())
    report(1, 1)


def _scrub(services: Services, _wanted: ScrubWanted, report: Report) -> None:
    report(0, 1)
    left = scrub(services.vault)
    report(1, 1)
    if left:
        raise StillInOldLog(steps="; ".join(left))


BACKUP = Kind("backup", BackupWanted, _back_up, KEEP_TIME, needs=access.BACK_UP)
SCRUB = Kind("scrub", ScrubWanted, _scrub, KEEP_TIME, needs=access.SCRUB)


def ask_for_backup(services: Services, *, actor: Actor) -> None:
    """Have a backup made in the operator's folder; one that waits or is made is the same.

    Raises NotYours, NoFolder, JustNow, TooMany, NoRoom.
    """
    access.require(access.BACK_UP, actor)
    now = services.clock()
    kept_backups.require_place(services.config, now)
    asked = BackupWanted(f"{now:{kept_backups.NAMED}}")
    what = wanted(services, BACKUP, asked, actor=actor, name=BACKUP.name)
    ask(services, BACKUP, what, actor=actor, anew=True)


def ask_for_scrub(services: Services, *, actor: Actor) -> None:
    """Have erased bytes made unreadable; what waits or is done just now is the same.

    Raises NotYours.
    """
    what = wanted(services, SCRUB, ScrubWanted(), actor=actor, name=SCRUB.name)
    ask(services, SCRUB, what, actor=actor, anew=True)


def last_of(services: Services, kind: Kind) -> Job | None:
    """Return the latest job of a kind that is still kept, whoever asked for it."""
    found = [job for job in queue_of(services).all() if job.wanted.kind == kind.name]
    return found[0] if found else None
