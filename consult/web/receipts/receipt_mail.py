"""Mail the proof of a receipt to oneself, without the code; the address is not stored."""

from datetime import datetime

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.commands.mailing import Letter, send_mail
from consult.people.mailboxes import addresses
from consult.people.mailboxes.addresses import EMAIL_LENGTH_MAX, BadEmail
from consult.sealing.promises import deadline_at, promise_of
from consult.sealing.receipts import kept_by, public_half
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.consultation_lookup import find
from consult.web.guarding import limits
from consult.web.layout.addresses import public
from consult.web.log.log import find_log
from consult.web.pages import NOBODY, Room
from consult.web.receipts.promised import NotSealedYet
from consult.web.receipts.receipts import MAILED, sent_page
from consult.wording import language
from consult.wording.language import gettext as _
from consult.wording.proof_words import proof_words
from consult.wording.refusals import says
from consult.wording.shown_consultation import ShownConsultation

receipt_mail = Room("receipt_mail", __name__, keeps=NOBODY)
Page = str | tuple[str, int] | AnyResponse
EMAIL = "email"
UNPROCESSABLE = 422


@receipt_mail.post("/c/<slug>/receipt/mail")
def send(slug: str) -> Page:
    """Put the mail into the outbox, which deletes the address once the mail is sent."""
    asked, services = find(slug), find_services()
    given = resident_session.sent(asked.id)
    if given is None or not services.config.sends_mail:
        return redirect(url_for("consultations.start", slug=slug), 303)
    typed = request.form.get(EMAIL, "")[: EMAIL_LENGTH_MAX + 1]
    if not typed.strip():
        return _again(asked, given, typed, _("Enter your e-mail address."))
    try:
        address = addresses.written(typed)
        proof, until = _proof(given.code)
    except (BadEmail, NotSealedYet) as refused:
        return _again(asked, given, typed, says(refused))
    limits.count_network("receipts by mail", limits.CODES_BY_NETWORK)
    limits.count_mailbox("receipts by mail", addresses.mailbox(address), limits.CODES_BY_MAILBOX)
    letter = Letter(
        subject=_("Proof of your answers: %(title)s", title=asked.title)
        if until is None
        else _("Promise about your answers: %(title)s", title=asked.title),
        text=render_template(
            "email/receipt.txt",
            asked=asked,
            proof=proof.strip(),
            is_promise=until is not None,
            until=until,
            proof_words=proof_words(asked),
            link=public(url_for("receipt_files.page")),
        ),
        headers={"Content-Language": language.current()},
    )
    send_mail(services, address, letter, consultation_id=asked.id)
    session[MAILED] = asked.slug
    return redirect(url_for("receipts.sent", slug=slug), 303)


def _proof(code: str) -> tuple[str, datetime | None]:
    """Return the public half of a receipt; before the seal the promise, and its deadline.

    Raises UnknownReceipt, NotSealedYet where nothing is promised.
    """
    log = find_log()
    kept = kept_by(find_services(), log, code)
    if kept is None:
        raise UnknownReceipt
    file = public_half(log, kept.index) if kept.index is not None else None
    if file is not None:
        return file.decode(), None
    file = promise_of(find_services(), log, kept.position)
    if file is None:
        raise NotSealedYet.of(kept.position)
    return file.decode(), deadline_at(find_services().record, kept.position)


def _again(
    asked: ShownConsultation, given: resident_session.Sent, typed: str, problem: str
) -> Page:
    return sent_page(asked, given, typed, [(EMAIL, problem)]), UNPROCESSABLE
