"""Updates by e-mail: subscribe, confirm with a button, unsubscribe with one press.

Opening a link changes nothing, because mail scanners open links. The links contain a random id and
no personal data; whoever has the mail may confirm or unsubscribe, without a session.
"""

from functools import partial
from uuid import UUID

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult.commands.answers.holding import find_by_receipt
from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.commands.mailing import Letter
from consult.commands.updates import ask_to_be_told, confirm_address, stop_telling
from consult.people.mailboxes import addresses, contacts
from consult.people.mailboxes.addresses import BadEmail
from consult.people.vault import KeyGone
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.consultation_lookup import find
from consult.web.guarding import limits
from consult.web.layout import page_language
from consult.web.layout.addresses import public
from consult.web.pages import NOBODY, Room
from consult.web.results import published
from consult.wording import language
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from consult.wording.shown_consultation import ShownConsultation
from projections.consultations import Consultations

updates = Room("updates", __name__, keeps=NOBODY)
Page = str | tuple[str, int] | AnyResponse
EMAIL = "email"
TYPED_LENGTH_MAX = 320
CONFLICT, UNPROCESSABLE, GONE = 409, 422, 410
_ASKED = "updates"


@updates.get("/c/<slug>/updates", title=N_("Be told what comes of it"))
def ask(slug: str) -> Page:
    """Ask for an e-mail address."""
    return _ask(find(slug), "")


@updates.post("/c/<slug>/updates")
def send(slug: str) -> Page:
    """Store the address and send a confirmation mail; the response never says who is known."""
    asked = find(slug)
    switched = page_language.switched_page()
    if switched:
        return redirect(switched, 303)
    if asked.is_stopped:
        return _ask(asked, "")[0], CONFLICT
    typed = request.form.get(EMAIL, "")[:TYPED_LENGTH_MAX]
    if not typed.strip():
        return _ask(asked, typed, _("Enter your e-mail address."))
    try:
        email = addresses.written(typed)
    except BadEmail as refused:
        return _ask(asked, typed, says(refused))
    limits.count_network("updates", limits.CODES_BY_NETWORK)
    limits.count_mailbox("updates", addresses.mailbox(email), limits.CODES_BY_MAILBOX)
    try:
        ask_to_be_told(
            find_services(),
            asked.id,
            email,
            language.current(),
            partial(_letter, asked),
            receipt=_receipt(asked),
        )
    except KeyGone:
        return _ask(asked, typed, _("The time for this is over: everything has been told."))
    session[_ASKED] = asked.slug
    return redirect(url_for(".asked_for", slug=slug), 303)


@updates.get("/c/<slug>/updates/sent", title=N_("Look in your mail"))
def asked_for(slug: str) -> Page:
    """Explain what to do next."""
    asked = find(slug)
    if session.get(_ASKED) != asked.slug:
        return redirect(url_for(".ask", slug=slug), 303)
    return render_template("updates/sent.html", asked=asked)


@updates.get("/confirm/<uuid:id>", title=N_("Do you want to be told what comes of it?"))
def offer(id: UUID) -> Page:
    """Show the button that confirms."""
    asked = _asked(id)
    if asked is None:
        return _gone()
    if asked.is_stopped:
        return _ask(asked, "")
    return render_template("updates/confirm.html", id=id, asked=asked, promise=_promise(asked))


@updates.post("/confirm/<uuid:id>")
def confirm(id: UUID) -> Page:
    """Confirm the address; from now on the person gets updates."""
    asked = _asked(id)
    if asked is not None and asked.is_stopped:
        return _ask(asked, "")[0], CONFLICT
    if asked is None or not confirm_address(find_services(), id):
        return _gone()
    return render_template("updates/confirmed.html", asked=asked, has_results=_has_results(asked))


@updates.get("/stop/<uuid:id>", title=N_("Stop these mails?"))
def offer_stop(id: UUID) -> Page:
    """Show the button that unsubscribes."""
    asked = _asked(id)
    return render_template("updates/stop.html", id=id, asked=asked) if asked else _stopped()


@updates.post("/stop/<uuid:id>")
def stop(id: UUID) -> Page:
    """Delete the address; mail programs post here too (RFC 8058), without a session."""
    stop_telling(find_services(), id)
    return _stopped()


def _ask(asked: ShownConsultation, typed: str, problem: str = "") -> tuple[str, int]:
    """Ask for an address; of what was stopped say that nothing comes of it any more."""
    page = render_template(
        "updates/ask.html",
        asked=asked,
        has_results=_has_results(asked),
        promise=_promise(asked),
        typed=typed,
        errors=[(EMAIL, problem)] if problem else [],
        kept_days=find_services().config.contact_days,
    )
    return page, UNPROCESSABLE if problem else 200


def _has_results(asked: ShownConsultation) -> bool:
    return published.find(find_services(), asked) is not None


def _promise(asked: ShownConsultation) -> str:
    """Say about what somebody who confirms an address is written to, as things stand."""
    if _has_results(asked):
        return _(
            "The result is published. When you have confirmed your address we send it to you, and "
            "we write when there is news of what is done about it. Nothing else."
        )
    return _(
        "We write to you when the result is published or the consultation is stopped, and when "
        "there is news of what is done about it. Nothing else."
    )


def _letter(asked: ShownConsultation, id: UUID) -> Letter:
    return Letter(
        subject=_("Confirm your address: %(title)s", title=asked.title),
        text=render_template(
            "email/updates.txt",
            asked=asked,
            promise=_promise(asked),
            link=public(f"/confirm/{id}"),
        ),
        headers={"Content-Language": language.current()},
    )


def _receipt(asked: ShownConsultation) -> tuple[UUID, int] | None:
    """Return the submission sent from here; erasing by its receipt then erases the address too."""
    given = resident_session.sent(asked.id) if resident_session.is_known() else None
    if given is None:
        return None
    try:
        found = find_by_receipt(find_services(), given.code)
    except UnknownReceipt:
        return None
    return (found.id, found.version) if found.consultation_id == asked.id else None


def _asked(id: UUID) -> ShownConsultation | None:
    """Return the consultation an address was given for; None if the address is gone."""
    services = find_services()
    consultation_id = contacts.about(services.vault, id)
    if consultation_id is None:
        return None
    consultations = services.views.reader(Consultations)
    with services.views.connect() as db:
        page = consultations.by_id(db, consultation_id)
    return find(page.slug) if page is not None else None


def _gone() -> Page:
    return render_template("updates/gone.html"), GONE


def _stopped() -> Page:
    return render_template("updates/stopped.html")
