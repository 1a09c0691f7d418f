"""Jobs that count a consultation and publish its results, where that takes longer than a page may.

There is one such job for a consultation, whoever asks and however often. Whoever asked first acts
in it, in a role that is looked up when it is done: it may have been taken from them meanwhile.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import msgspec

from consult import access
from consult.access import Capability
from consult.commands.context import Actor
from consult.commands.results.counting import count_consultation, other_rule, publish_results
from consult.counting.effort import READING, looks
from consult.jobs.acting import acting
from consult.jobs.asking import ask, queue_of, wanted
from consult.jobs.job import DONE, Job
from consult.jobs.kinds.kind import Kind, Report
from consult.services import Services
from events import Count
from projections.consultations import ConsultationPage

KEEP_TIME = timedelta(days=1)
LOOKS_AT_ONCE_MAX = 10_000_000
"""A page counts at once what takes at most so many looks: under three seconds of one core.

`python -m tests.benchmarks.effort` measures what each rule then takes.
"""


class ResultWanted(msgspec.Struct, frozen=True):
    """A consultation to be counted or published. `asked_by`: the reference of a staff account."""

    consultation_id: UUID
    asked_by: str


def _by(
    command: Callable[..., list[Count]], capability: Capability
) -> Callable[[Services, ResultWanted, Report], None]:
    def work(services: Services, asked: ResultWanted, report: Report) -> None:
        actor = acting(services, asked.asked_by, asked.consultation_id, capability)
        command(services, asked.consultation_id, actor=actor, report=report)

    return work


COUNT = Kind(
    "count", ResultWanted, _by(count_consultation, access.COUNT), KEEP_TIME, needs=access.COUNT
)
PUBLISH = Kind(
    "publish", ResultWanted, _by(publish_results, access.PUBLISH), KEEP_TIME, needs=access.PUBLISH
)


def takes_long(page: ConsultationPage, kind: Kind, *, is_counted: bool) -> bool:
    """Return whether a closed consultation is counted or published by a job and not by a page."""
    if page.opened_position is None or page.closed_position is None or page.terms is None:
        return False
    # What was recorded between is read; at most so many ballots are among it.
    facts = page.closed_position - page.opened_position
    effort = READING * facts if kind is PUBLISH else 0
    for question in () if is_counted else page.counted_questions:
        rules = (page.terms.counting[question.id].rule, other_rule(page.terms, question.id))
        for rule in filter(None, rules):
            effort += READING * facts + looks(
                rule,
                options=len(question.options),
                ballots=facts,
                has_scale=question.of_kind.has_scale,
            )
    return effort > LOOKS_AT_ONCE_MAX


def ask_for_result(services: Services, kind: Kind, page: ConsultationPage, *, actor: Actor) -> Job:
    """Have a consultation counted or published; return the job, which may be there already.

    Raises NotYours.
    """
    asked = wanted(
        services,
        kind,
        ResultWanted(page.id, actor.reference),
        actor=actor,
        name=f"{kind.name}/{page.id}",
        consultation_id=page.id,
        total=len(page.counted_questions) + (kind is PUBLISH),
    )
    job = ask(services, kind, asked, actor=actor, anew=True)
    assert job is not None  # they have no limit: there are two for a consultation
    return job


def result_job(services: Services, consultation_id: UUID) -> Job | None:
    """Return the latest job that counts or publishes a consultation and is not done, or None."""
    found = _about(services, consultation_id)
    return next((job for job in found if job.state != DONE), None)


def find_job(services: Services, consultation_id: UUID, id: UUID) -> Job | None:
    """Return a job that counts or publishes this consultation, or None."""
    return next((job for job in _about(services, consultation_id) if job.id == id), None)


def _about(services: Services, consultation_id: UUID) -> list[Job]:
    return queue_of(services).about(consultation_id, (COUNT.name, PUBLISH.name))
