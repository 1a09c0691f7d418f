"""Proof of identity by e-mail: ask for an address, send a code, and check the code."""

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult.commands.answers.email_codes import send_email_code, use_email_code
from consult.commands.mailing import Letter
from consult.people.mailboxes import addresses
from consult.people.mailboxes.addresses import BadEmail
from consult.people.proving import email_codes, identities
from consult.people.proving.email_codes import CodeGone, CodeWrong
from consult.web import services as find_services
from consult.web.guarding import limits
from consult.web.identity import identity
from consult.web.identity.identity import Page
from consult.web.pages import NOBODY, Room
from consult.wording import language
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import levels

LEVEL = levels.EMAIL
identity_email = Room(
    "identity_email", __name__, url_prefix="/c/<slug>/identity/email", keeps=NOBODY
)
EMAIL, CODE = "email", "code"
TYPED_LENGTH_MAX = 320
CODE_TYPED_LENGTH_MAX = 40
UNPROCESSABLE = 422
NO_EMAIL = N_("Enter your e-mail address.")
NO_CODE = N_("Enter the code from the e-mail. It has 6 digits.")
SUBJECT = N_("%(code)s is your code for %(title)s")
_SESSION = "email_code"


@identity_email.get("", title=N_("What is your e-mail address?"))
def ask(slug: str) -> Page:
    """Ask for an e-mail address."""
    asked = identity.find_open(slug, LEVEL)
    if isinstance(asked, AnyResponse):
        return asked
    return _address_page(asked, "")


@identity_email.post("")
def send(slug: str) -> Page:
    """Send a code. The response never depends on who has taken part."""
    asked = identity.find_open(slug, LEVEL)
    if isinstance(asked, AnyResponse):
        return asked
    typed = request.form.get(EMAIL, "")[:TYPED_LENGTH_MAX]
    if not typed.strip():
        return _address_page(asked, typed, _(NO_EMAIL))
    try:
        mailbox = addresses.mailbox(addresses.written(typed))
    except BadEmail as refused:
        return _address_page(asked, typed, says(refused))
    limits.count_network("e-mail codes", limits.CODES_BY_NETWORK)
    limits.count_mailbox("e-mail codes", mailbox, limits.CODES_BY_MAILBOX)
    _send(asked, typed)
    return redirect(url_for(".code", slug=slug, then=identity.then()), 303)


@identity_email.get("/code", title=N_("Type in the code we sent you"))
def code(slug: str) -> Page:
    """Ask for the code that was sent."""
    asked = identity.find_open(slug, LEVEL)
    if isinstance(asked, AnyResponse):
        return asked
    if not _asked_here():
        return redirect(url_for(".ask", slug=slug, then=identity.then()), 303)
    return _code_page(asked, [])


@identity_email.post("/code")
def use(slug: str) -> Page:
    """Check the code, and continue to the questions."""
    asked = identity.find_open(slug, LEVEL)
    if isinstance(asked, AnyResponse):
        return asked
    typed = request.form.get(CODE, "")[:CODE_TYPED_LENGTH_MAX]
    if not typed.strip():
        return _code_page(asked, [(CODE, _(NO_CODE))])
    limits.count_network("e-mail code tries", limits.TRIES_BY_NETWORK)
    services = find_services()
    try:
        email = use_email_code(services, asked.id, _asked_here(), typed)
    except CodeWrong as refused:
        return _code_page(asked, [(CODE, says(refused))])
    except CodeGone as refused:
        return _address_page(asked, "", says(refused))
    session.pop(_SESSION, None)
    terms = asked.page.terms
    assert terms is not None, "an open consultation has terms"
    mailbox = addresses.mailbox(email, terms.mailbox_rule)
    return identity.proceed(asked, identities.prove(services.vault, asked.id, LEVEL, mailbox))


def _send(asked: ShownConsultation, typed: str) -> None:
    def write(code: str) -> Letter:
        return Letter(
            subject=_(SUBJECT, code=code, title=asked.title),
            text=render_template("email/code.txt", asked=asked, code=code),
            headers={"Content-Language": language.current()},
        )

    session[_SESSION] = send_email_code(
        find_services(), asked.id, typed, write, earlier=_asked_here()
    )


def _asked_here() -> str:
    return str(session.get(_SESSION, ""))


def _address_page(asked: ShownConsultation, typed: str, problem: str = "") -> Page:
    page = render_template(
        "identity_email/ask.html",
        asked=asked,
        typed=typed,
        errors=[(EMAIL, problem)] if problem else [],
        back=identity.before(asked),
        send=url_for(".send", slug=asked.slug, then=identity.then()),
    )
    return page, UNPROCESSABLE if problem else 200


def _code_page(asked: ShownConsultation, errors: list[tuple[str, str]]) -> Page:
    """Render the page for the code; if no code is valid any more, ask for the address again."""
    services = find_services()
    email = email_codes.address(services.vault, asked.id, _asked_here(), services.clock())
    if email is None:
        return _address_page(asked, "", _(CodeGone.says))
    page = render_template(
        "identity_email/code.html",
        asked=asked,
        email=email,
        errors=errors,
        send=url_for(".use", slug=asked.slug, then=identity.then()),
        back=url_for(".ask", slug=asked.slug, then=identity.then()),
    )
    return page, UNPROCESSABLE if errors else 200
