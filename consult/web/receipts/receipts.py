"""Receipts: the page after sending, and checking a receipt by its checking code.

A check says counted, replaced, withdrawn or not found, but not what was chosen.
"""

from datetime import timedelta

import segno
from flask import Response, redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.log_store.finding import sealed_with
from consult.people.holders import commitment
from consult.people.vault import read_receipt_code
from consult.sealing.groups import GROUP_MIN
from consult.sealing.promises import deadline_at, promise_of
from consult.services import SEEN_SECONDS_MAX
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.consultation_lookup import find
from consult.web.log.log import find_log
from consult.web.pages import NOBODY, Room
from consult.web.receipts.claims import CODE, CODE_LENGTH_MAX
from consult.web.receipts.promised import waiting_for
from consult.web.receipts.receipt_state import ReceiptState, state_by_code, state_of
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.proof_words import proof_words
from consult.wording.shown_consultation import ShownConsultation
from events.errors import ReadModelsBehind
from projections.ballot_box import BallotBox
from projections.consultations import Consultations
from projections.found_receipts import Found

receipts = Room("receipts", __name__, keeps=NOBODY)
Page = str | tuple[str, int] | AnyResponse
SHOWN_TIME = timedelta(minutes=30)
"""How long the page after sending shows the changing code, however often it is loaded again."""

MAILED = "receipt mailed"
"""Session key: the consultation whose proof was just mailed."""
UNPROCESSABLE = 422


@receipts.get("/c/<slug>/receipt", title=N_("Answers sent"))
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
    index = find_log().find_signed(given.position)
    waits = None if index is not None else waiting_for(given.position)
    state = state_by_code(asked, given.code)
    return render_template(
        "receipts/sent.html",
        asked=asked,
        given=given,
        changing_code=_still_shown(given, state),
        is_in=is_in,
        index=index,
        is_quiet=index is not None and sealed_with(find_log(), index) < GROUP_MIN,
        waits=waits,
        state=state,
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
    services = find_services()
    state = state_by_code(asked, given.code)
    text = render_template(
        "receipts/receipt.txt",
        asked=asked,
        given=given,
        changing_code=_still_shown(given, state),
        promise=_promise(given),
        until=deadline_at(services.record, given.position),
        address=check_address(""),
        own_address=f"{services.config.public_url}{url_for('holding.ask')}",
        state=state,
    )
    name = f"receipt-{asked.slug}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type="text/plain; charset=utf-8", headers=headers)


@receipts.get("/receipt", menu="receipt", title=N_("Check a receipt"))
def check() -> Page:
    """Ask for a checking code."""
    return render_template("receipts/check.html", typed="", errors=[])


# No redirect: the code must not be in an address, and repeating the request is harmless.
@receipts.post("/receipt")
def look() -> Page:
    """Show the state of a receipt's answers, never their content."""
    typed = request.form.get(CODE, "")[:CODE_LENGTH_MAX]
    if not typed.strip():
        return _check_again(typed, _("Enter your checking code."))
    found, is_current = find_receipt(typed)
    if found is None and is_current:
        found = _by_changing_code(typed)
    if found is None:
        late = _(
            "We cannot say at the moment how the answers of this receipt stand, because not "
            "everything that was recorded can be read yet. Try again in a minute."
        )
        return _check_again(typed, _(UnknownReceipt.says) if is_current else late)
    asked, services = consultation_of(found), find_services()
    index = find_log().find_signed(found.position)
    return render_template(
        "receipts/standing.html",
        asked=asked,
        waits=None if index is not None else waiting_for(found.position),
        state=state_of(asked, found),
        desk=found.desk,
        code=services.vault.receipt_code(found.consultation_id, found.subject_id, found.version),
        proof_words=proof_words(asked),
    )


def _still_shown(given: resident_session.Sent, state: ReceiptState) -> str:
    """Return the changing code for half an hour, and only while it changes something."""
    is_fresh = find_services().clock() - given.at < SHOWN_TIME
    return given.changing_code if is_fresh and not state.is_replaced else ""


def _promise(given: resident_session.Sent) -> str:
    """Return the signed promise as text while the answers are not in the log, "" without one."""
    if find_log().find_signed(given.position) is not None:
        return ""
    promise = promise_of(find_services(), find_log(), given.position)
    return promise.decode() if promise else ""


def _check_again(typed: str, message: str) -> Page:
    page = render_template("receipts/check.html", typed=typed, errors=[(CODE, message)])
    return page, UNPROCESSABLE


def find_receipt(typed: str) -> tuple[Found | None, bool]:
    """Return what a checking code belongs to, and whether the ballot box was up to date."""
    services = find_services()
    hashed = services.vault.receipt_hash(read_receipt_code(typed))
    try:
        with services.whole(BallotBox, seconds_max=SEEN_SECONDS_MAX) as (db, box):
            return box.by_receipt(db, hashed), True
    except ReadModelsBehind:
        return None, False


def _by_changing_code(typed: str) -> Found | None:
    """Return what a changing code belongs to, which some type where the other would do."""
    services = find_services()
    held = commitment(services.vault, read_receipt_code(typed))
    with services.views.connect() as db:
        return services.views.reader(BallotBox).by_holder(db, held)


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
