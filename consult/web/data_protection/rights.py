"""Rights of a receipt's holder: a copy of their data, and erasure."""

from flask import Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult import access
from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.commands.context import Actor, fresh_command_id
from consult.commands.data_protection.copies import disclose
from consult.commands.data_protection.copy_files import as_file
from consult.commands.data_protection.erasure import erase_by_receipt
from consult.people.answers import equality
from consult.people.vault import read_receipt_code
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.consultation_lookup import find
from consult.web.forms.command_key import command_key
from consult.web.pages import NOBODY, Room
from consult.web.receipts.receipt_state import ReceiptState, state_of
from consult.web.receipts.receipts import CODE, CODE_LENGTH_MAX, consultation_of, find_receipt
from consult.wording.language import gettext as _
from consult.wording.refusals import says, status
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused

rights = Room("rights", __name__, url_prefix="/receipt", keeps=NOBODY)
Page = str | tuple[str, int] | AnyResponse
RESIDENT = Actor(access.RESIDENT)
ERASED = "erased"
UNKNOWN = 422


@rights.post("/copy")
def copy() -> Page:
    """Return everything held about the person of a receipt, and about nobody else.

    If they sent files, the copy is an archive that includes them.
    """
    found, typed, _state = _asked()
    if found is None:
        return _unknown(typed)
    services = find_services()
    content, ending = as_file(services, typed, disclose(services, typed))
    headers = {"Content-Disposition": f'attachment; filename="my-data-{found.slug}.{ending}"'}
    return Response(content, content_type=f"application/{ending}", headers=headers)


@rights.post("/erase")
def erase() -> Page:
    """Ask for confirmation, then erase words, address and equality answers."""
    found, typed, state = _asked()
    if found is None or state is None:
        return _unknown(typed)
    code, command_id = read_receipt_code(typed), command_key(request.form)
    if not command_id:
        return _sure(found, code, state)
    secret = resident_session.secret() if resident_session.is_known() else ""
    try:
        erase_by_receipt(
            find_services(),
            code=code,
            actor=RESIDENT,
            command_id=command_id,
            draft_secret=secret,
        )
    except Refused as refused:
        return _sure(found, code, state, [("erase", says(refused))], status(refused))
    session[ERASED] = [found.slug, state.is_counted]
    return redirect(url_for(".erased"), 303)


@rights.get("/erased")
def erased() -> Page:
    """State what was erased, and what stays."""
    erased = session.get(ERASED)
    if not isinstance(erased, list):
        return redirect(url_for("receipts.check"), 303)
    slug, is_counted = erased
    return render_template("receipts/erased.html", asked=find(slug), is_counted=is_counted)


def _asked() -> tuple[ShownConsultation | None, str, ReceiptState | None]:
    typed = request.form.get(CODE, "")[:CODE_LENGTH_MAX]
    found, _is_current = find_receipt(typed)
    if found is None:
        return None, typed, None
    asked = consultation_of(found)
    return asked, typed, state_of(asked, found)


def _unknown(typed: str) -> Page:
    page = render_template(
        "receipts/check.html", typed=typed, errors=[(CODE, _(UnknownReceipt.says))]
    )
    return page, UNKNOWN


def _sure(
    asked: ShownConsultation,
    code: str,
    state: ReceiptState,
    problems: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> Page:
    page = render_template(
        "receipts/erase.html",
        asked=asked,
        code=code,
        command_id=fresh_command_id(),
        is_counted=state.is_counted,
        has_equality=asked.id in equality.consultations(find_services().vault),
        errors=problems or [],
    )
    return page, status
