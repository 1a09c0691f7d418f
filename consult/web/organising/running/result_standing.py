"""How far a job is that counts a consultation or publishes its results, or why it failed."""

from typing import NamedTuple

from consult import access
from consult.jobs import words
from consult.jobs.job import FAILED, RUNNING, Job
from consult.jobs.kinds.counting import COUNT, PUBLISH, result_job
from consult.web import services as find_services
from consult.web.organising.desk import Desk
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from events.consultations import states
from projections.results import Results

UNDER_WAY = {
    COUNT.name: N_("It is being counted."),
    PUBLISH.name: N_("The results are being published."),
}
FAILING = {
    COUNT.name: N_("It could not be counted."),
    PUBLISH.name: N_("The results could not be published."),
}


class ResultStanding(NamedTuple):
    """A job as the page of its consultation shows it. `steps`: name and state of each part."""

    job: Job
    says: str
    steps: list[tuple[str, str]]

    @property
    def has_failed(self) -> bool:
        """Return whether it has failed for good."""
        return self.job.state == FAILED

    @property
    def reason(self) -> str:
        """Return why it failed."""
        return words.reason(self.job)


def is_wholly_counted(desk: Desk) -> bool:
    """Return whether every question with a rule is counted, published or not."""
    results = find_services().views.reader(Results)
    with find_services().views.connect() as db:
        counted = results.of(db, desk.id, published_only=False)
    return counted.keys() >= {question.id for question in desk.page.counted_questions}


def find(desk: Desk) -> ResultStanding | None:
    """Return the job that counts or publishes a consultation; None if none is of interest."""
    if access.state_of(desk.page) != states.CLOSED:
        return None
    job = result_job(find_services(), desk.id)
    if job is None or (job.wanted.kind == COUNT.name and is_wholly_counted(desk)):
        return None
    says = FAILING if job.state == FAILED else UNDER_WAY
    return ResultStanding(job, _(says[job.wanted.kind]), _steps(desk, job))


def step_states(job: Job, number: int) -> list[str]:
    """Return the states of so many parts, as the macro `progress` names them."""
    doing = job.done if job.state == RUNNING else -1
    return [
        "done" if at < job.done else "doing" if at == doing else "waiting" for at in range(number)
    ]


def _steps(desk: Desk, job: Job) -> list[tuple[str, str]]:
    names = [said(question.title) for question in desk.page.counted_questions]
    if job.wanted.kind == PUBLISH.name:
        names.append(_("Publish the results"))
    return list(zip(names, step_states(job, len(names)), strict=True))
