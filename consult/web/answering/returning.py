"""Save answers for later: autosave while typing, and return with a code or a mailed link.

The code is shown after saving and may be mailed as a link. The link has it in its fragment, which
browsers do not send, and a button has to be pressed; so a mail scanner cannot use it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from flask import jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult.commands.answers import return_codes as commands
from consult.commands.answers.submitting_refusals import UnknownChangingCode
from consult.commands.mailing import Letter
from consult.people.answers import drafts as kept_drafts
from consult.people.answers import returning as answer_drafts
from consult.people.mailboxes import addresses
from consult.people.mailboxes.addresses import EMAIL_LENGTH_MAX, BadEmail
from consult.people.vault import read_receipt_code
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.answering import answer_pages, drafts, earlier, journey
from consult.web.answering.answer_pages import Page
from consult.web.answering.journey import Journey
from consult.web.consultation_lookup import find
from consult.web.guarding import limits
from consult.web.identity import identity
from consult.web.kinds.form import form_of
from consult.web.layout.addresses import public
from consult.web.pages import NOBODY, Room
from consult.web.receipts.claims import Claim
from consult.wording import figures, language
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused

returning = Room("returning", __name__, url_prefix="/c/<slug>", keeps=NOBODY)
CODE, CHANGING = "code", "changing"
CODE_LENGTH_MAX = 60
EMAIL = "email"
CONFLICT = 409
UNPROCESSABLE = 422


@returning.post("/q/<question_id>/keep")
def keep(slug: str, question_id: str) -> tuple[AnyResponse, int]:
    """Save what is being typed, without checking it; return the time for the page to show."""
    asked, services = find(slug), find_services()
    one = answer_pages.question_of(asked, question_id)
    now = services.clock()
    if not asked.keeps_drafts(now) or one.of_kind.is_file or identity.is_stranger(asked):
        return jsonify(says=""), CONFLICT
    typed = form_of(one).read(one, request.form)
    drafts.save(asked, drafts.load(asked).answered({one.id: typed}))
    return jsonify(says=_("Saved at %(time)s", time=_clock(now))), 200


@returning.get("/saved", title=N_("Your answers are saved"))
def saved(slug: str) -> Page:
    """Show the code for continuing later."""
    asked, services = find(slug), find_services()
    if not asked.keeps_drafts(services.clock()):
        return answer_pages.closed(asked)
    if not resident_session.has_draft(asked.id):
        return redirect(journey.first(asked), 303)
    return _saved_page(asked)


@returning.post("/saved")
def mail(slug: str) -> Page:
    """Send the link by e-mail; the address is not stored."""
    asked, services = find(slug), find_services()
    if not asked.keeps_drafts(services.clock()):
        return answer_pages.closed(asked)
    if not (resident_session.has_draft(asked.id) and _can_mail()):
        return redirect(url_for(".saved", slug=slug), 303)
    typed = request.form.get(EMAIL, "")[:EMAIL_LENGTH_MAX]
    try:
        address = addresses.written(typed)
    except BadEmail as refused:
        return _saved_page(asked, typed, [(EMAIL, says(refused))]), UNPROCESSABLE
    limits.count_network("saved answers by mail", limits.CODES_BY_NETWORK)
    limits.count_mailbox(
        "saved answers by mail", addresses.mailbox(address), limits.CODES_BY_MAILBOX
    )
    code = _code(asked)
    if not commands.mail_return_code(services, code, asked.id, address, _letter(asked, code)):
        enough = _("We sent this link several times already. Look among your unwanted mails too.")
        return _saved_page(asked, typed, [(EMAIL, enough)]), UNPROCESSABLE
    session["mailed"] = asked.slug
    return redirect(url_for(".saved", slug=slug), 303)


@returning.route("/return", methods=["GET", "POST"], title=N_("Go on with saved answers"))
def come_back(slug: str) -> Page:
    """Continue with saved answers, possibly on another device."""
    asked, services = find(slug), find_services()
    if not asked.is_open(services.clock()):
        return answer_pages.closed(asked)
    typed, changing = (request.form.get(name, "")[:CODE_LENGTH_MAX] for name in (CODE, CHANGING))
    problem, change = "", _change_in(asked, typed, changing)
    if request.method == "POST":
        limits.count_network("return codes", limits.TRIES_BY_NETWORK)
        if not typed.strip():
            problem = _("Enter the code that you got when you saved your answers.")
        elif change.problem:
            problem = change.problem
        elif commands.come_back(services, typed, resident_session.secret(), asked.id):
            resident_session.note_draft(asked.id)
            resident_session.note_return_code(asked.id, read_receipt_code(typed))
            if change.code:
                resident_session.begin_change(asked.id, change.code)
            return redirect(_where_to_go_on(asked), 303)
        else:
            problem = _(
                "We found no saved answers for this code. Check each letter and number. "
                "Answers that were sent, or not touched for %(days)s days, are not here any more.",
                days=kept_drafts.KEPT_DAYS,
            )
    page = render_template(
        "returning/come_back.html",
        asked=asked,
        typed=typed,
        changing=changing,
        is_change=change.is_asked,
        has_draft=resident_session.is_known() and resident_session.has_draft(asked.id),
        errors=[(CHANGING if change.is_asked else CODE, problem)] if problem else [],
    )
    return page, UNPROCESSABLE if problem else 200


class _Change(NamedTuple):
    """The changing code that a saved change goes on with; `is_asked`: it has to be typed here."""

    code: str = ""
    is_asked: bool = False
    problem: str = ""


def _change_in(asked: ShownConsultation, typed: str, changing: str) -> _Change:
    """Return what a saved draft changes, which another browser goes on with by its changing code.

    Where the terms ask for proof of identity, people prove it again here, which finds their
    answers.
    """
    services = find_services()
    draft = answer_drafts.content(services.vault, typed, asked.id) if typed.strip() else {}
    if not draft.get(earlier.OF) or not identity.is_optional(asked):
        return _Change()
    try:
        submission, holder = Claim(changing, "" if changing.strip() else asked.slug).held()
    except Refused as refused:
        asks = _("These are changes of answers that you sent. Enter the changing code of your "
                 "receipt too.")  # fmt: skip
        return _Change(is_asked=True, problem=says(refused) if changing.strip() else asks)
    if submission.consultation_id != asked.id:
        return _Change(is_asked=True, problem=_(UnknownChangingCode.says))
    return _Change(read_receipt_code(holder.code))


def _saved_page(
    asked: ShownConsultation, typed: str = "", problems: list[tuple[str, str]] | None = None
) -> str:
    is_mailed = not problems and session.pop("mailed", "") == asked.slug
    return render_template(
        "returning/saved.html",
        asked=asked,
        code=_code(asked),
        until=_until(asked),
        can_mail=_can_mail(),
        is_mailed=is_mailed,
        typed=typed,
        back=_where_to_go_on(asked),
        errors=problems or [],
    )


def _code(asked: ShownConsultation) -> str:
    """Return the code of this browser's draft, created on first use."""
    known = resident_session.return_code(asked.id)
    code = commands.return_code(find_services(), resident_session.secret(), asked.id, known)
    if code != known:
        resident_session.note_return_code(asked.id, code)
    return code


def _letter(asked: ShownConsultation, code: str) -> Letter:
    link = public(f"/c/{asked.slug}/return") + f"#{code}"
    return Letter(
        subject=_("Your saved answers: %(title)s", title=asked.title),
        text=render_template(
            "email/saved.txt", asked=asked, link=link, code=code, until=_until(asked)
        ),
        headers={"Content-Language": language.current()},
    )


def _until(asked: ShownConsultation) -> datetime:
    """Return when an untouched draft expires."""
    until = find_services().clock() + timedelta(days=kept_drafts.KEPT_DAYS)
    return min(until, asked.closes_at) if asked.closes_at else until


def _can_mail() -> bool:
    config = find_services().config
    return bool(config.smtp_url or config.outbox)


def _clock(now: datetime) -> str:
    return figures.clock(now, language.current())


def _where_to_go_on(asked: ShownConsultation) -> str:
    """Return the address of the first unanswered question; after the last, the check page."""
    return Journey(asked, drafts.load(asked)).next_open()
