"""Ask for a job: the only way into the queue."""

import hashlib
from datetime import timedelta
from uuid import UUID

import msgspec

from consult import access
from consult.commands.context import SYSTEM, Actor
from consult.jobs import result_files
from consult.jobs.job import FAILED, Job, Wanted
from consult.jobs.kinds.kind import Kind
from consult.jobs.queue import Queue
from consult.services import Services
from consult.wording import language


def queue_of(services: Services, lease: timedelta | None = None) -> Queue:
    """Return the queue, which goes by the store's clock. `lease`: if not the usual one."""
    return Queue(services.vault, services.record.moment, lease)


def wanted(
    services: Services,
    kind: Kind,
    parameters: msgspec.Struct,
    *,
    actor: Actor = SYSTEM,
    key: str = "",
    name: str = "",
    consultation_id: UUID | None = None,
    total: int = 0,
) -> Wanted:
    """Return what `ask` asks for.

    `key`: what else tells this request from another one; two with the same kind, parameters, key,
    actor and language are the same job. `name`: says all of this, so that two with the same one
    are the same job whoever asks and however. `total`: how much there is to do, if that is known.
    """
    is_local = kind.makes_file or kind.takes_file
    told = msgspec.json.encode(parameters).decode()
    place = result_files.place_of(services.config) if is_local else ""
    spoken = language.current()
    same = (place, name) if name else (kind.name, told, key, actor.reference, place, spoken)
    return Wanted(
        kind=kind.name,
        parameters=told,
        key=hashlib.sha256("\0".join(same).encode()).hexdigest(),
        asked_by=actor.reference,
        role=actor.role,
        place=place,
        consultation_id=consultation_id,
        language=spoken,
        total=total,
    )


def ask(
    services: Services, kind: Kind, wanted: Wanted, *, actor: Actor = SYSTEM, anew: bool = False
) -> Job | None:
    """Queue a job, or return the same one if there is one; None if too many wait.

    `anew`: one that has ended is not the same. Raises NotYours.
    """
    if kind.needs is not None:
        access.require(kind.needs, actor)
    return queue_of(services).ask(wanted, most=kind.most, anew=anew)


@access.needs(access.SEE_JOBS)
def own_jobs(services: Services, *, actor: Actor) -> list[Job]:
    """Return what the actor has asked for, the latest first."""
    return queue_of(services).of(actor.reference)


@access.needs(access.SEE_JOBS)
def own_job(services: Services, id: UUID, *, actor: Actor) -> Job | None:
    """Return a job that the actor has asked for; None if there is none, or it is another's."""
    job = queue_of(services).find(id)
    return job if job is not None and job.wanted.asked_by == actor.reference else None


@access.needs(access.SEE_JOBS)
def do_again(services: Services, job: Job, *, actor: Actor) -> Job:
    """Queue a failed job of the actor's anew; return it as it then is. Raises NotYours."""
    if job.wanted.asked_by != actor.reference:
        raise access.NotYours
    return queue_of(services).again(job) if job.state == FAILED else job
