"""Organisers' page of many letters with codes: how far they are, and handing them out once."""

from uuid import UUID

from flask import flash, redirect
from werkzeug.wrappers import Response as AnyResponse

from consult import access
from consult.jobs import words
from consult.jobs.job import FAILED, Job
from consult.jobs.kinds.letters import LettersGone, asked_in, own_letters, take_letters
from consult.web import services as find_services
from consult.web.accounts import staff_session
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.organising.desk import Desk
from consult.web.organising.running.codes import find_with_letters, letters_file
from consult.web.pages import Room
from consult.wording import figures
from consult.wording.language import N_
from consult.wording.refusals import says

letters = Room("letters", __name__, url_prefix="/c/<slug>/codes/letters", who=access.ISSUE_CODES)


@letters.route("/<uuid:id>", methods=["GET", "POST"], title=N_("Your letters"))
def show(slug: str, id: UUID) -> Page | AnyResponse:
    """Show how far letters are; when they are ready, issue their codes and hand them out."""
    one = find_with_letters(slug)
    job = _find(one, id)
    back = one.address("organise.codes.batches")
    if job is None:
        flash(says(LettersGone()), "problem")
        return redirect(back, 303)
    form, taken = StaffForm(), list[AnyResponse]()

    def act(_key: str) -> None:
        content = take_letters(find_services(), job, staff_session.envelope_key(), actor=one.actor)
        taken.append(letters_file(one, content.batch_id, content.file, asked_in(job).format))

    page = form.submit(act, lambda: _drawn(one, job, form), back)
    return taken[0] if taken else page


def _drawn(one: Desk, job: Job, form: StaffForm) -> str:
    size = None if job.size_bytes is None else figures.file_size(job.size_bytes)
    return form.draw(
        "organising/running/letters.html",
        desk=one,
        job=job,
        size=size,
        refused=words.reason(job) if job.state == FAILED else "",
    )


def _find(one: Desk, id: UUID) -> Job | None:
    """Return the letters of an address, if this person asked for them and they are still here."""
    mine = own_letters(find_services(), one.id, one.actor)
    return next((job for job in mine if job.id == id), None)
