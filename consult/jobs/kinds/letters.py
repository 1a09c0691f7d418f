"""The job that makes letters with codes, many of them, and how these are handed out.

A code is a vote, so letters that wait are worth no more to a thief than before there were any:
their codes are not issued, and the file is an envelope that only the browser that asked can open.
When somebody takes them the codes are issued, the file is deleted, and then it is sent. A process
that ends before that has issued nothing, and what it has left is swept up.
"""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import msgspec

from consult import access
from consult.commands.answers.letter_codes import (
    check_issuable,
    forgotten_on_failure,
    issue_made_codes,
    make_codes,
)
from consult.commands.context import Actor
from consult.jobs import envelopes, result_files
from consult.jobs.acting import acting
from consult.jobs.asking import ask, own_jobs, queue_of, wanted
from consult.jobs.job import Job
from consult.jobs.kinds.kind import Kind, Report
from consult.printing import handing_out
from consult.printing.letters import Letters, letters_of
from consult.services import Services
from consult.wording.language import N_
from events.errors import Refused
from projections.consultations import Consultations
from projections.partnerships import Partnerships

KEEP_TIME = timedelta(minutes=15)
AT_ONCE_MAX = {"csv": 20_000, "pdf": 100}
"""Up to so many letters are made by the page: about a second, and under 100 MiB of memory.

A PDF of 500 takes 2.4 seconds and 600 MiB, a table of 200,000 takes 15 seconds and 130 MiB.
"""


def are_many(number: int, format: str) -> bool:
    """Return whether letters are made by a job and not by a page."""
    return number > AT_ONCE_MAX[format]


class LettersGone(Refused):
    """The letters were handed out, or have expired."""

    says = N_(
        "These letters are not here any more. If they were downloaded, their batch is in the list. "
        "Otherwise none of their codes works, and you can make others."
    )


class LettersElsewhere(Refused):
    """The file is on the disk of another host."""

    says = N_(
        "These letters were made on another machine of this service, and this one cannot reach "
        "them. None of their codes works yet. Try again in a moment."
    )


class LettersOfAnother(Refused):
    """The envelope is for another browser, or for this one before somebody signed out."""

    says = N_(
        "Only the browser in which these letters were asked for can open them, and only until "
        "somebody signs out there. None of their codes works. If you need them here, make others."
    )


class LettersWanted(msgspec.Struct, frozen=True):
    """Letters with codes that are to be issued by one command.

    `asked_by`: the reference of a staff account. `colour`: of rules and panels. `address`: of the
    browser that can open them.
    """

    consultation_id: UUID
    asked_by: str
    command_id: str
    number: int
    format: str
    ward: str
    colour: str
    address: str


class Content(msgspec.Struct, frozen=True):
    """What is in an envelope: the file, and the batch of its codes."""

    batch_id: str
    file: bytes


def _make(services: Services, asked: LettersWanted, report: Report) -> Iterator[bytes]:
    id, number = asked.consultation_id, asked.number
    actor = acting(services, asked.asked_by, id, access.ISSUE_CODES)
    check_issuable(services, id, number, ward=asked.ward, command_id=asked.command_id)
    letters = _letters(services, asked)
    handing_out.rehearse(letters, asked.format)
    made = make_codes(services, id, number, actor=actor, report=report)
    with forgotten_on_failure(services, made):
        file = handing_out.made_unissued(letters, made.codes, asked.format)
    content = msgspec.msgpack.encode(Content(made.batch_id, file))
    return iter([envelopes.close(asked.address, content)])


LETTERS = Kind(
    "letters", LettersWanted, _make, KEEP_TIME, needs=access.ISSUE_CODES, makes_file=True
)


def ask_for_letters(services: Services, asked: LettersWanted, *, actor: Actor) -> Job:
    """Have letters made; return the job. Raises what `check_issuable` raises, and NotYours."""
    check_issuable(
        services,
        asked.consultation_id,
        asked.number,
        ward=asked.ward,
        command_id=asked.command_id,
    )
    by = wanted(
        services,
        LETTERS,
        asked,
        actor=actor,
        consultation_id=asked.consultation_id,
        total=asked.number,
    )
    job = ask(services, LETTERS, by, actor=actor)
    assert job is not None  # there is no limit for what staff ask for
    return job


def own_letters(services: Services, consultation_id: UUID, actor: Actor) -> list[Job]:
    """Return the letters about a consultation that the actor has asked for and that are here."""
    return [
        job
        for job in own_jobs(services, actor=actor)
        if job.wanted.kind == LETTERS.name and job.wanted.consultation_id == consultation_id
    ]


def asked_in(job: Job) -> LettersWanted:
    """Return what was asked for in a job of this kind."""
    return msgspec.json.decode(job.wanted.parameters, type=LettersWanted)


@access.needs(access.ISSUE_CODES)
def take_letters(services: Services, job: Job, key: str, *, actor: Actor) -> Content:
    """Issue the codes of letters that are made, and return them; at most once.

    `key`: of the browser. If the process ends before the file is deleted, they can be taken again.
    Raises LettersGone, LettersElsewhere, LettersOfAnother, and what `issue_made_codes` raises.
    """
    asked, queue = asked_in(job), queue_of(services)
    content = _opened(services, job, key)
    if not queue.prolong(job, KEEP_TIME):  # so that they cannot expire just now
        raise LettersGone
    issue_made_codes(
        services,
        content.batch_id,
        asked.consultation_id,
        asked.number,
        actor=actor,
        ward=asked.ward,
        command_id=asked.command_id,
    )
    if not queue.drop(job):  # another request hands them out
        raise LettersGone
    result_files.remove(services.config, job)
    return content


def _opened(services: Services, job: Job, key: str) -> Content:
    if job.wanted.place != result_files.place_of(services.config):
        raise LettersElsewhere
    opened = result_files.open_result(services.config, job)
    if opened is None:
        raise LettersGone
    with opened:
        content = envelopes.open_with(key, opened.read()) if key else None
    if content is None:
        raise LettersOfAnother
    return msgspec.msgpack.decode(content, type=Content)


def _letters(services: Services, asked: LettersWanted) -> Letters:
    with services.views.connect() as db:
        page = services.views.reader(Consultations).by_id(db, asked.consultation_id)
        assert page is not None, "it was asked for on its page"
        partnership = services.views.reader(Partnerships).by_id(db, page.partnership_id)
        assert partnership is not None
    return letters_of(page, partnership, services.config.public_url, asked.colour)
