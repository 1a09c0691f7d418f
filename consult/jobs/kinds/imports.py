"""The job that imports a file of votes.

Whoever asks for it at the command line waits for it there. If that process is killed, a process for
jobs goes on as soon as the lease has ended, with a copy of the file.
"""

from datetime import timedelta
from pathlib import Path

import msgspec

from consult import access
from consult.commands.context import Actor
from consult.commands.files.importing import digest_of, import_votes, is_import_of
from consult.jobs import given_files
from consult.jobs.asking import queue_of, wanted
from consult.jobs.job import Wanted
from consult.jobs.kinds.kind import Kind, Report
from consult.services import Services
from consult.wording.language import N_
from events import Consultation
from events.errors import Refused

KEEP_TIME = timedelta(hours=1)


class CopyGone(Refused):
    """The copy of the file is no more."""

    says = N_("The copy of the file is gone. Import the file again.")


class ImportWanted(msgspec.Struct, frozen=True):
    """A file of votes to be imported. `digest`: SHA-256 of its content, which names the copy."""

    name: str
    encoding: str
    digest: str


def _import(services: Services, asked: ImportWanted, report: Report) -> None:
    copy = given_files.path_of(services.config, asked.digest, asked.name)
    if not copy.exists():
        raise CopyGone
    import_votes(services, copy, report, encoding=asked.encoding)


IMPORT = Kind(
    "import", ImportWanted, _import, KEEP_TIME, needs=access.IMPORT_VOTES, takes_file=True
)


def import_wanted(services: Services, file: Path, encoding: str, *, actor: Actor) -> Wanted:
    """Return what to ask for, with a copy of the file made.

    The same file of the same name, read in the same way, is the same job.
    """
    digest = digest_of(file)
    given_files.put(services.config, digest, file)
    return wanted(
        services,
        IMPORT,
        ImportWanted(file.name, encoding, digest),
        actor=actor,
        name=f"{IMPORT.name}/{digest}/{encoding}/{file.name}",
    )


def give_up_import(services: Services, consultation: Consultation) -> None:
    """Let nobody go on with an import that was thrown away."""
    queue = queue_of(services)
    for job in queue.all():
        if job.wanted.kind == IMPORT.name and not job.has_ended:
            asked = msgspec.json.decode(job.wanted.parameters, type=ImportWanted)
            if is_import_of(consultation, asked.digest):
                queue.give_up(job)


def delete_copy(services: Services, wanted: Wanted) -> None:
    """Delete the copy of an import that somebody has waited for to its end."""
    asked = msgspec.json.decode(wanted.parameters, type=ImportWanted)
    given_files.remove(services.config, asked.digest)
