"""Rights of a receipt's holder: a copy of their data, and erasure."""

from flask import Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult import access
from consult.commands.context import Actor, fresh_command_id
from consult.commands.data_protection.copies import disclose
from consult.commands.data_protection.copy_files import as_file
from consult.commands.data_protection.erasure import erase_by_holder
from consult.people.answers import equality
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.consultation_lookup import find
from consult.web.forms.command_key import command_key
from consult.web.pages import NOBODY, Room
from consult.web.receipts.claims import Claim, asked_here
from consult.web.receipts.holding import ask_again, in_box
from consult.web.receipts.receipt_state import ReceiptState, state_of
from consult.web.receipts.receipts import consultation_of
from consult.wording.language import N_
from consult.wording.refusals import says, status
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused

rights = Room("rights", __name__, url_prefix="/receipt", keeps=NOBODY)
Page = str | tuple[str, int] | AnyResponse
RESIDENT = Actor(access.RESIDENT)
ERASED = "erased"


@rights.post("/copy")
def copy() -> Page:
    """Return everything held about the person of a receipt, and about nobody else.

    If they sent files, the copy is an archive that includes them.
    """
    claim, services = asked_here(), find_services()
    try:
        submission, _holder = claim.held()
        asked = consultation_of(in_box(submission))
    except Refused as refused:
        return ask_again("mine", claim, refused)
    content, ending = as_file(services, submission, disclose(services, submission))
    headers = {"Content-Disposition": f'attachment; filename="my-data-{asked.slug}.{ending}"'}
    return Response(content, content_type=f"application/{ending}", headers=headers)


@rights.post("/erase")
def erase() -> Page:
    """Ask for confirmation, then erase words, address and equality answers."""
    claim, command_id = asked_here(), command_key(request.form)
    try:
        submission, holder = claim.held()
        found = in_box(submission)
    except Refused as refused:
        return ask_again("mine", claim, refused)
    asked = consultation_of(found)
    state = state_of(asked, found)
    if not command_id:
        return _sure(asked, claim, state)
    secret = resident_session.secret() if resident_session.is_known() else ""
    try:
        erase_by_holder(
            find_services(),
            holder=holder,
            actor=RESIDENT,
            command_id=command_id,
            draft_secret=secret,
        )
    except Refused as refused:
        return _sure(asked, claim, state, [("erase", says(refused))], status(refused))
    session[ERASED] = [asked.slug, state.is_counted]
    return redirect(url_for(".erased"), 303)


@rights.get("/erased", title=N_("Your words are erased"))
def erased() -> Page:
    """State what was erased, and what stays."""
    erased = session.get(ERASED)
    if not isinstance(erased, list):
        return redirect(url_for("receipts.check"), 303)
    slug, is_counted = erased
    return render_template("receipts/erased.html", asked=find(slug), is_counted=is_counted)


def _sure(
    asked: ShownConsultation,
    claim: Claim,
    state: ReceiptState,
    problems: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> Page:
    page = render_template(
        "receipts/erase.html",
        asked=asked,
        claim=claim.field,
        command_id=fresh_command_id(),
        is_counted=state.is_counted,
        has_equality=asked.id in equality.consultations(find_services().vault),
        errors=problems or [],
    )
    return page, status
