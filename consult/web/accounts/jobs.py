"""Pages of long work that a member of staff asked for: how far it is, and where its result is."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from consult import access
from consult.commands.context import Actor
from consult.jobs import words
from consult.jobs.asking import do_again, own_job, own_jobs
from consult.jobs.job import DONE, FAILED, RUNNING, Job
from consult.jobs.kinds.answer_files import ANSWERS, OPENINGS
from consult.jobs.kinds.counting import COUNT, PUBLISH
from consult.jobs.kinds.every_kind import KINDS
from consult.jobs.kinds.letters import LETTERS
from consult.jobs.kinds.site_care import BACKUP, SCRUB
from consult.web import services as find_services
from consult.web.accounts.staff_access import member
from consult.web.pages import NOBODY, Room
from consult.wording.figures import number
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from projections.consultations import ConsultationPage, Consultations

jobs = Room("jobs", __name__, url_prefix="/jobs", keeps=NOBODY, who=access.SEE_JOBS)


class Shown:
    """A job as its page shows it. `page`: of the consultation that it is about."""

    def __init__(self, job: Job, page: ConsultationPage | None) -> None:
        self.job = job
        self._page = page
        self.title = _(words.TITLES[job.wanted.kind])
        self.about = (said(page.title) or page.slug) if page is not None else ""
        said_of = words.STATES[job.state]
        self.state = _(said_of.title)
        self.advice = _(said_of.advice) if said_of.advice else ""
        self.reason = words.reason(job)
        self.has_failed = job.state == FAILED
        self.is_done = job.state == DONE
        self.tag = {DONE: "green", FAILED: "red", RUNNING: "blue"}.get(job.state, "grey")

    @property
    def makes_file(self) -> bool:
        """Return whether its result is a file."""
        return KINDS[self.job.wanted.kind].makes_file

    @property
    def failing(self) -> str:
        """Return that it has failed."""
        return _("It could not be made.") if self.makes_file else _("It could not be done.")

    @property
    def result_words(self) -> str:
        """Return the words that lead to its result."""
        if self._page is None:
            return _("To the page of this site")
        return _("To the file") if self.makes_file else _("To the consultation")

    @property
    def result(self) -> str:
        """Return the address where its file is handed out, or its result is shown."""
        slug = self._page.slug if self._page is not None else ""
        return RESULTS[self.job.wanted.kind](self.job, slug)


def _answers(job: Job, slug: str) -> str:
    wanted = msgspec.json.decode(job.wanted.parameters, type=ANSWERS.parameters)
    file: dict[str, Any] = msgspec.to_builtins(wanted)
    if job.wanted.role not in access.SEE_WORK.roles:
        return url_for("scrutiny.waiting", slug=slug, what=file["format"])
    more: dict[str, Any] = {"words": "yes"} if file["with_words"] else {}
    return url_for("organise.exports.waiting", slug=slug, format=file["format"], **more)


def _openings(_job: Job, slug: str) -> str:
    return url_for("scrutiny.waiting", slug=slug, what=OPENINGS.name)


def _letters(job: Job, slug: str) -> str:
    return url_for("organise.letters.show", slug=slug, id=job.id)


def _consultation(_job: Job, slug: str) -> str:
    return url_for("organise.tasks", slug=slug)


def _this_site(_job: Job, _slug: str) -> str:
    return url_for("this_site.index")


RESULTS: dict[str, Callable[[Job, str], str]] = {
    ANSWERS.name: _answers,
    OPENINGS.name: _openings,
    COUNT.name: _consultation,
    PUBLISH.name: _consultation,
    LETTERS.name: _letters,
    BACKUP.name: _this_site,
    SCRUB.name: _this_site,
}
"""Where what each kind has made is, for the jobs that people ask for on pages."""


@jobs.get("/", title=N_("Work that takes long"))
def index() -> str:
    """List what this person has asked for."""
    mine = [job for job in own_jobs(find_services(), actor=_actor()) if job.wanted.kind in KINDS]
    return render_template("jobs/index.html", jobs=_shown(*mine))


@jobs.get("/<uuid:id>", title="%(title)s")
def show(id: UUID) -> str:
    """Show how far a job is, and what became of it."""
    [shown] = _shown(_find(id))
    return render_template("jobs/show.html", shown=shown)


@jobs.get("/<uuid:id>/status")
def status(id: UUID) -> dict[str, object]:
    """Return how far a job is, for the script of its page."""
    return progress_of(_find(id))


def progress_of(job: Job) -> dict[str, object]:
    """Return how far a job is, for the script of a page that shows it."""
    total = max(job.total, 1)
    how_far = _("%(done)s of %(total)s", done=number(job.done), total=number(total))
    return {"done": job.done, "total": total, "said": how_far, "finished": job.has_ended}


@jobs.post("/<uuid:id>/again")
def again(id: UUID) -> Response:
    """Have a failed job done again; it then has another id, so a second press finds none."""
    services = find_services()
    failed = own_job(services, id, actor=_actor())
    if failed is None:
        return redirect(url_for(".index"), 303)
    job = do_again(services, failed, actor=_actor())
    return redirect(url_for(".show", id=job.id), 303)


def _actor() -> Actor:
    return Actor(member().role, member().id.hex)


def _find(id: UUID) -> Job:
    """Return a job of this person; abort with 404 if there is none."""
    job = own_job(find_services(), id, actor=_actor())
    if job is None or job.wanted.kind not in KINDS:
        abort(404)
    return job


def _shown(*jobs: Job) -> list[Shown]:
    """Return jobs with the consultations that they are about."""
    views = find_services().views
    with views.connect() as db:
        ids = {job.wanted.consultation_id for job in jobs}
        pages = views.reader(Consultations).by_ids(db, ids)
    return [Shown(job, pages.get(job.wanted.consultation_id)) for job in jobs]
