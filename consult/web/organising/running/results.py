"""Organisers' pages that count and publish: at once, or by a job whose progress they show."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from flask import abort, flash, redirect, request

from consult import access
from consult.commands.results.counting import count_consultation, publish_results
from consult.commands.results.counting_refusals import NothingToCount
from consult.jobs.kinds.counting import COUNT, PUBLISH, ask_for_result, find_job, takes_long
from consult.jobs.kinds.kind import Kind
from consult.web import services as find_services
from consult.web.accounts.jobs import progress_of
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.organising.desk import Desk, find
from consult.web.organising.running import result_standing
from consult.web.organising.running.awaited import draw_awaited
from consult.web.pages import Room
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from events.consultations import states

results = Room("results", __name__, url_prefix="/c/<slug>")


class Step(NamedTuple):
    """Counting, or publishing. `done`: what is said when it is done; `again`: if it was before."""

    kind: Kind
    command: Callable[..., object]
    template: str
    done: str
    again: str


COUNTING = Step(
    COUNT,
    count_consultation,
    "organising/running/count.html",
    N_("It is counted. Look at the result before you publish it."),
    N_("It is counted already. Nothing was changed."),
)
PUBLISHING = Step(
    PUBLISH,
    publish_results,
    "organising/running/publish.html",
    N_("The results are published."),
    N_("The results are published already. Nothing was changed."),
)


@results.route("/count", methods=["GET", "POST"], who=access.COUNT, title=N_("Count the answers"))
def counting(slug: str) -> Page:
    """Count every question that has a rule, without publishing the result."""
    desk = find(slug)
    if request.method != "POST":
        if not desk.page.counted_questions:
            return _back(desk, says(NothingToCount()))
        if result_standing.is_wholly_counted(desk):
            return _back(desk, _(COUNTING.again))
    return _confirmed(desk, COUNTING)


@results.route(
    "/publish", methods=["GET", "POST"], who=access.PUBLISH, title=N_("Publish the results")
)
def publishing(slug: str) -> Page:
    """Publish the results."""
    return _confirmed(find(slug), PUBLISHING)


@results.get("/result-jobs/<uuid:id>/status")
def status(slug: str, id: UUID) -> dict[str, object]:
    """Return how far a job is that counts or publishes, for the script of its page."""
    desk = find(slug)
    job = find_job(find_services(), desk.id, id)
    if job is None:
        abort(404)
    return progress_of(job) | {"states": result_standing.step_states(job, job.total)}


def _confirmed(desk: Desk, step: Step) -> Page:
    """Ask for confirmation, then take the step, or have it taken by a job."""
    form = StaffForm()
    if request.method != "POST":
        under_way = result_standing.find(desk)
        if under_way is not None and not under_way.has_failed:
            return redirect(desk.address(), 303)

    def draw() -> str:
        return form.draw(step.template, desk=desk, awaited=draw_awaited(desk))

    return form.submit(lambda _key: _take(desk, step), draw, desk.address())


def _take(desk: Desk, step: Step) -> None:
    """Take the step, or say that somebody did before."""
    services, actor = find_services(), desk.actor
    is_counted = result_standing.is_wholly_counted(desk)
    state = access.state_of(desk.page)
    has_counted = is_counted and bool(desk.page.counted_questions) and state == states.CLOSED
    if state == states.PUBLISHED or (step is COUNTING and has_counted):
        flash(_(step.again), "problem")
        return
    if services.has_background and takes_long(desk.page, step.kind, is_counted=is_counted):
        ask_for_result(services, step.kind, desk.page, actor=actor)
        return  # the page that follows says how far it is
    step.command(services, desk.id, actor=actor)
    flash(_(step.done))


def _back(desk: Desk, why: str) -> Page:
    """Redirect from a step that is not available now, with the reason."""
    flash(why, "problem")
    return redirect(desk.address(), 303)
