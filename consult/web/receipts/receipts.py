"""Receipts: the page after sending, checking a receipt by its code, changing and withdrawing.

A check says counted, replaced, withdrawn or not found, but not what was chosen. The holder of the
code can download the private file, though, which opens the answers; the pages say so.
"""

import segno
from flask import Response, redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from consult import access
from consult.commands.answers.submitting import withdraw_answers
from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.commands.context import Actor, fresh_command_id
from consult.people.vault import read_receipt_code
from consult.services import SEEN_SECONDS_MAX
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.answering import journey
from consult.web.consultation_lookup import find
from consult.web.forms.command_key import command_key
from consult.web.log.log import find_log
from consult.web.pages import NOBODY, Room
from consult.web.receipts.receipt_state import state_by_code, state_of
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.proof_words import proof_words
from consult.wording.refusals import says, status
from consult.wording.shown_consultation import ShownConsultation
from events.errors import ReadModelsBehind, Refused
from projections.ballot_box import BallotBox, Found
from projections.consultations import Consultations

receipts = Room("receipts", __name__, keeps=NOBODY)
Page = str | tuple[str, int] | AnyResponse
CODE = "code"
CODE_LENGTH_MAX = 60
MAILED = "receipt mailed"
"""Session key: the consultation whose proof was just mailed."""
RESIDENT = Actor(access.RESIDENT)
UNPROCESSABLE = 422


@receipts.get("/c/<slug>/receipt")
def sent(slug: str) -> Page:
    """Show the receipt of the last answers sent from this browser."""
    asked = find(slug)
    given = resident_session.sent(asked.id)
    if given is None:
        return redirect(url_for("consultations.start", slug=slug), 303)
    return sent_page(asked, given)


def sent_page(
    asked: ShownConsultation,
    given: resident_session.Sent,
    typed: str = "",
    problems: list[tuple[str, str]] | None = None,
) -> str:
    """Render the receipt. `typed`, `problems`: of the form that mails the proof."""
    services = find_services()
    # Wait for neither: the page updates itself, and waiting would occupy a thread.
    is_in = services.catch_up(given.position, seconds_max=0.0)
    index = find_log().find_signed(given.position) if given.position is not None else None
    return render_template(
        "receipts/sent.html",
        asked=asked,
        given=given,
        is_in=is_in,
        index=index,
        state=state_by_code(asked, given.code),
        qr=drawn(check_address(given.code)),
        proof_words=proof_words(asked),
        can_mail=services.config.sends_mail,
        is_mailed=not problems and session.pop(MAILED, "") == asked.slug,
        typed=typed,
        errors=problems or [],
    )


@receipts.get("/c/<slug>/receipt.txt")
def download(slug: str) -> Page:
    """Return the receipt as a plain text file."""
    asked = find(slug)
    given = resident_session.sent(asked.id)
    if given is None:
        return redirect(url_for("consultations.start", slug=slug), 303)
    text = render_template(
        "receipts/receipt.txt",
        asked=asked,
        given=given,
        address=check_address(""),
        state=state_by_code(asked, given.code),
    )
    name = f"receipt-{asked.slug}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type="text/plain; charset=utf-8", headers=headers)


@receipts.get("/receipt", menu=("receipt", N_("Check a receipt")))
def check() -> Page:
    """Ask for a receipt code."""
    return render_template("receipts/check.html", typed="", errors=[])


# No redirect: the code must not be in an address, and repeating the request is harmless.
@receipts.post("/receipt")
def look() -> Page:
    """Show the state of a receipt's answers, never their content."""
    typed = request.form.get(CODE, "")[:CODE_LENGTH_MAX]
    if not typed.strip():
        return _ask_again("check", typed, _("Enter your receipt code."))
    found, is_current = find_receipt(typed)
    if found is None:
        late = _(
            "We cannot say at the moment how the answers of this receipt stand, because not "
            "everything that was recorded can be read yet. Try again in a minute."
        )
        return _ask_again("check", typed, _(UnknownReceipt.says) if is_current else late)
    asked = consultation_of(found)
    return render_template(
        "receipts/standing.html",
        asked=asked,
        state=state_of(asked, found),
        desk=found.desk,
        code=read_receipt_code(typed),
        proof_words=proof_words(asked),
    )


@receipts.get("/receipt/change")
def change() -> Page:
    """Ask for the receipt code of the answers to be changed."""
    return render_template("receipts/change.html", typed="", errors=[])


@receipts.post("/receipt/change")
def begin_change() -> Page:
    """Begin to replace the answers of a receipt, on any device."""
    typed = request.form.get(CODE, "")[:CODE_LENGTH_MAX]
    if not typed.strip():
        return _ask_again("change", typed, _("Enter your receipt code."))
    found, _is_current = find_receipt(typed)
    if found is None:
        return _ask_again("change", typed, _(UnknownReceipt.says))
    asked = consultation_of(found)
    if not asked.is_open(find_services().clock()):
        message = _cannot_change(asked)
        return _ask_again("change", typed, message, 409)
    resident_session.begin_change(asked.id, read_receipt_code(typed))
    return redirect(journey.first(asked), 303)


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


@receipts.post("/receipt/withdraw")
def withdraw() -> Page:
    """Ask for confirmation, then withdraw the answers."""
    typed = request.form.get(CODE, "")[:CODE_LENGTH_MAX]
    found, _is_current = find_receipt(typed)
    if found is None:
        return _ask_again("check", typed, _(UnknownReceipt.says))
    asked, code = consultation_of(found), read_receipt_code(typed)
    command_id = command_key(request.form)
    if not command_id:
        return _sure(asked, code)
    try:
        withdraw_answers(find_services(), code=code, actor=RESIDENT, command_id=command_id)
    except Refused as refused:
        return _sure(asked, code, [("withdraw", says(refused))], status(refused))
    resident_session.forget_sent(code)
    session["withdrawn"] = asked.slug
    return redirect(url_for(".withdrawn"), 303)


@receipts.get("/receipt/withdrawn")
def withdrawn() -> Page:
    """Confirm that the answers are withdrawn."""
    slug = session.get("withdrawn")
    if not isinstance(slug, str):
        return redirect(url_for(".check"), 303)
    asked = find(slug)
    return render_template("receipts/withdrawn.html", asked=asked)


def _sure(
    asked: ShownConsultation,
    code: str,
    problems: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> Page:
    page = render_template(
        "receipts/withdraw.html",
        asked=asked,
        code=code,
        command_id=fresh_command_id(),
        errors=problems or [],
    )
    return page, status


def _ask_again(view: str, typed: str, message: str, code: int = UNPROCESSABLE) -> Page:
    page = render_template(f"receipts/{view}.html", typed=typed, errors=[(CODE, message)])
    return page, code


def find_receipt(typed: str) -> tuple[Found | None, bool]:
    """Return what a code belongs to, and whether the ballot box was up to date."""
    services = find_services()
    hashed = services.vault.receipt_hash(read_receipt_code(typed))
    try:
        with services.whole(BallotBox, seconds_max=SEEN_SECONDS_MAX) as (db, box):
            return box.by_receipt(db, hashed), True
    except ReadModelsBehind:
        return None, False


def consultation_of(found: Found) -> ShownConsultation:
    """Return the consultation of a receipt."""
    services = find_services()
    consultations = services.views.reader(Consultations)
    with services.views.connect() as db:
        page = consultations.by_id(db, found.consultation_id)
    assert page is not None, found
    return find(page.slug)


def check_address(code: str) -> str:
    """Return the address for checking a receipt; the code is in the fragment, which is not sent."""
    root = find_services().config.public_url
    address = f"{root}{url_for('receipts.check')}"
    return f"{address}#{code}" if code else address


def drawn(address: str) -> Markup:
    """Return a QR code as inline SVG.

    The mask is fixed: evaluating all eight takes three times as long, and readers accept any.
    """
    drawn = segno.make(address, error="m", micro=False, mask=3).svg_inline(
        svgclass=None, lineclass=None, omitsize=True, border=0
    )
    label = _("QR code that opens the page to check this receipt")
    named = drawn.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
    return Markup(named)  # noqa: S704  of segno's drawing and a text of ours
