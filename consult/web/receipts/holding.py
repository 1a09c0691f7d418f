"""What the holder of a changing code may do: see, change, take back and erase answers.

The browser that sent the answers, and whoever has just proven to be that person, may too.
"""

from flask import Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult import access
from consult.commands.answers.submitting import withdraw_answers
from consult.commands.answers.submitting_refusals import ConsultationClosed
from consult.commands.context import Actor, fresh_command_id
from consult.people.vault import read_receipt_code
from consult.sealing.own_line import own_line
from consult.sealing.receipts import Kept, kept, private_half
from consult.services import SEEN_SECONDS_MAX
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.answering import journey
from consult.web.consultation_lookup import find
from consult.web.forms.command_key import command_key
from consult.web.log.log import find_log
from consult.web.pages import NOBODY, Room
from consult.web.receipts.claims import CODE, Claim, asked_here
from consult.web.receipts.receipt_files import NothingOpens, as_download
from consult.web.receipts.receipt_state import state_of
from consult.web.receipts.receipts import consultation_of
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.proof_words import proof_words
from consult.wording.refusals import says, status
from consult.wording.shown_consultation import ShownConsultation
from events import Submission
from events.errors import Refused
from projections.ballot_box import BallotBox
from projections.found_receipts import Found

holding = Room("holding", __name__, url_prefix="/receipt", keeps=NOBODY)
Page = str | tuple[str, int] | AnyResponse
RESIDENT = Actor(access.RESIDENT)
UNPROCESSABLE, CONFLICT = 422, 409


@holding.get("/mine", title=N_("My answers"))
def ask() -> Page:
    """Ask for the changing code."""
    return render_template("receipts/mine.html", typed="", errors=[])


# No redirect: the code must not be in an address, and repeating the request is harmless.
@holding.post("/mine")
def show() -> Page:
    """Offer everything that the holder may do."""
    claim = asked_here()
    try:
        found = held_in_box(claim)
    except Refused as refused:
        return ask_again("mine", claim, refused)
    asked = consultation_of(found)
    state = state_of(asked, found)
    return render_template(
        "receipts/own.html",
        asked=asked,
        line=own_line(find_services(), find_log(), kept(find_log(), found)),
        claim=claim.field,
        state=state,
        proof_words=proof_words(asked),
    )


@holding.get("/change", title=N_("Change my answers"))
def change() -> Page:
    """Ask for the changing code of the answers to be changed."""
    return render_template("receipts/change.html", typed="", errors=[])


@holding.post("/change")
def begin_change() -> Page:
    """Begin to replace answers, on any device."""
    claim = asked_here()
    try:
        submission, holder = claim.held()
        found = in_box(submission)
    except Refused as refused:
        return ask_again("change", claim, refused)
    asked = consultation_of(found)
    if not asked.is_open(find_services().clock()):
        return _page("change", claim.typed, _cannot_change(asked)), CONFLICT
    if holder.code:
        resident_session.begin_change(asked.id, read_receipt_code(holder.code))
    return redirect(journey.first(asked), 303)


@holding.post("/withdraw")
def withdraw() -> Page:
    """Ask for confirmation, then withdraw the answers."""
    claim = asked_here()
    try:
        submission, holder = claim.held()
        asked = consultation_of(in_box(submission))
    except Refused as refused:
        return ask_again("mine", claim, refused)
    if not asked.is_open(find_services().clock()):
        return _page("mine", claim.typed, _cannot_change(asked)), CONFLICT
    command_id = command_key(request.form)
    if not command_id:
        return _sure(asked, claim)
    try:
        withdraw_answers(find_services(), holder=holder, actor=RESIDENT, command_id=command_id)
    except Refused as refused:
        is_over = isinstance(refused, ConsultationClosed)
        why = _cannot_change(asked) if is_over else says(refused)
        return _sure(asked, claim, [("withdraw", why)], status(refused))
    _forget_here(submission)
    session["withdrawn"] = asked.slug
    return redirect(url_for(".withdrawn"), 303)


@holding.get("/withdrawn", title=N_("Answers taken back"))
def withdrawn() -> Page:
    """Confirm that the answers are withdrawn."""
    slug = session.get("withdrawn")
    if not isinstance(slug, str):
        return redirect(url_for("receipts.check"), 303)
    return render_template("receipts/withdrawn.html", asked=find(slug))


@holding.post("/private")
def private() -> Page | Response:
    """Return the private half, which opens the commitment in the log."""
    claim = asked_here()
    try:
        found = held_in_box(claim)
    except Refused as refused:
        return ask_again("mine", claim, refused)
    mine: Kept = kept(find_log(), found)
    file = private_half(find_services(), mine)
    if file is None:
        raise NothingOpens
    code = find_services().vault.receipt_code(mine.consultation_id, mine.subject_id, mine.version)
    return as_download(file, "application/json", code, "private.json")


def held_in_box(claim: Claim) -> Found:
    """Return the answers of a claim as the ballot box has them. Raises what `held` raises."""
    submission, _holder = claim.held()
    return in_box(submission)


def in_box(submission: Submission) -> Found:
    """Return the latest answers of a submission. Raises ReadModelsBehind."""
    services = find_services()
    with services.whole(BallotBox, seconds_max=SEEN_SECONDS_MAX) as (db, box):
        found = box.by_receipt(db, submission.receipt)
    assert found is not None, submission.id
    return found


def ask_again(view: str, claim: Claim, refused: Refused) -> Page:
    """Ask for the changing code, saying why what came does not do."""
    if claim.is_empty:
        return _page(view, "", _("Enter your changing code.")), UNPROCESSABLE
    if not claim.typed.strip():  # another browser sent them, or the proof of identity has expired
        return _page(view, "", "")
    return _page(view, claim.typed, says(refused)), status(refused)


def _page(view: str, typed: str, message: str) -> str:
    errors = [(CODE, message)] if message else []
    return render_template(f"receipts/{view}.html", typed=typed, errors=errors)


def _forget_here(submission: Submission) -> None:
    sent = resident_session.sent(submission.consultation_id)
    if sent and find_services().vault.receipt_hash(sent.code) == submission.receipt:
        resident_session.forget_sent(submission.consultation_id)


def _cannot_change(asked: ShownConsultation) -> str:
    if asked.is_paused(find_services().clock()):
        return _(
            "This consultation is paused, so its answers cannot be changed for now. "
            "The ones you sent last count. Try again when it goes on."
        )
    if asked.is_stopped:
        return _("This consultation was stopped, so its answers can no longer be changed.")
    return _(
        "This consultation has closed, so its answers can no longer be changed. "
        "The ones you sent last count."
    )


def _sure(
    asked: ShownConsultation,
    claim: Claim,
    problems: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> Page:
    page = render_template(
        "receipts/withdraw.html",
        asked=asked,
        claim=claim.field,
        command_id=fresh_command_id(),
        errors=problems or [],
    )
    return page, status
