"""Sign in with a one-time link, and sign out."""

import secrets

from flask import abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult.commands.accounts import signing_in as commands
from consult.commands.mailing import Letter
from consult.people.accounts import sign_in_links
from consult.people.accounts.sign_in_links import LinkUsedOrOld, SignInCodeWrong
from consult.people.mailboxes import addresses
from consult.people.mailboxes.addresses import EMAIL_LENGTH_MAX
from consult.web import services as find_services
from consult.web.accounts import device, staff_home, staff_session
from consult.web.forms.fields import Email
from consult.web.forms.staff_form import StaffForm
from consult.web.guarding import limits
from consult.web.layout import page_language
from consult.web.pages import NOBODY, Room
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.refusals import says

sign_in = Room("sign_in", __name__, keeps=NOBODY)
Page = str | tuple[str, int] | AnyResponse
TOKEN_LENGTH_MAX = 200
CODE, CODE_TYPED_LENGTH_MAX = "code", 40
SECRET_BYTES = 24
PASSKEY_FORM = "passkey-form"
_ASKED = "asked to sign in"
"""Key of the secret of a browser that asked for a link."""
GONE = 410
UNPROCESSABLE = 422


class SignInForm(StaffForm):
    """Where a link that signs in is sent."""

    email = Email(
        N_("Your e-mail address"),
        hint=N_("The one that your account was made with."),
        most=EMAIL_LENGTH_MAX,
        needed=N_("Enter your e-mail address."),
        look={
            "type": "email",
            "autocomplete": "email",
            "spellcheck": False,
            "maxlength": EMAIL_LENGTH_MAX,
        },
    )


@sign_in.get("/sign-in", title=N_("Sign in"))
def ask() -> Page:
    """Show the form that requests a link."""
    member = staff_session.member(find_services())
    if member is not None:
        return redirect(staff_home.address_of(member), 303)
    return ask_page()


@sign_in.post("/sign-in")
def send() -> Page:
    """Send a link if the address has an account; the response does not disclose whether it has."""
    services, form = find_services(), SignInForm()
    if not services.config.sends_mail:
        abort(404)
    if not form.validate():
        return ask_page(form), UNPROCESSABLE
    address = form.email.data
    mailbox = addresses.mailbox(address)
    limits.count_network("sign-in links sent", limits.SIGN_INS_BY_NETWORK)
    limits.count_mailbox("sign-in links sent", mailbox, limits.CODES_BY_MAILBOX)
    # Kept, so that whoever asks twice may open either mail.
    session[_ASKED] = asked_in = _asked_here() or secrets.token_urlsafe(SECRET_BYTES)
    commands.send_sign_in_link(services, address, _mail, asked_in=asked_in)
    return redirect(url_for(".link_sent"), 303)


def _mail(token: str) -> Letter:
    link = find_services().config.public_url + url_for(".offer", token=token)
    return Letter(_("Sign in"), render_template("email/sign_in.txt", link=link), {})


@sign_in.get("/sign-in/sent", title=N_("Look at your e-mails"))
def link_sent() -> Page:
    """Tell the person to look in their mailbox, and show the code of this browser."""
    asked_in = _asked_here()
    code = sign_in_links.code_of(find_services().vault, asked_in) if asked_in else ""
    return render_template("sign_in/sent.html", code=code)


@sign_in.get("/sign-in/<token>", title=N_("Sign in"))
def offer(token: str) -> Page:
    """Show a button. A GET request must not consume the link, because mail scanners open links."""
    return _offer_page(token[:TOKEN_LENGTH_MAX])


@sign_in.post("/sign-in/<token>")
def use(token: str) -> Page:
    """Consume the link and begin a session; another browser than the one that asked has a code."""
    asked = page_language.switched_page()
    if asked:
        return redirect(asked, 303)
    limits.count_network("sign-in links", limits.SIGN_INS_BY_NETWORK)
    services, token = find_services(), token[:TOKEN_LENGTH_MAX]
    typed = request.form.get(CODE, "")[:CODE_TYPED_LENGTH_MAX]
    try:
        member, session_token = commands.sign_in(
            services,
            token,
            asked_in=_asked_here(),
            typed=typed,
            device=device.described(),
        )
    except SignInCodeWrong as refused:
        missing = "" if typed.strip() else _("Type in the code. It has 6 digits.")
        return _offer_page(token, missing or says(refused))
    except LinkUsedOrOld as refused:
        return render_template("sign_in/used.html", reason=says(refused)), GONE
    staff_session.begin(services, session_token)
    return redirect(staff_home.address_of(member), 303)


def _offer_page(token: str, problem: str = "") -> Page:
    services = find_services()
    needs_code = sign_in_links.needs_code(
        services.vault, token, services.clock(), asked_in=_asked_here()
    )
    page = render_template(
        "sign_in/offer.html",
        token=token,
        needs_code=needs_code,
        errors=[(CODE, problem)] if problem else [],
    )
    return page, UNPROCESSABLE if problem else 200


def _asked_here() -> str:
    held = session.get(_ASKED, "")
    return held if isinstance(held, str) else ""


def ask_page(form: SignInForm | None = None, problem: str = "") -> str:
    """Render the page with the ways to sign in. `problem`: why one of them did not."""
    form, config = form or SignInForm(), find_services().config
    return render_template(
        "sign_in/ask.html",
        form=form,
        errors=[(PASSKEY_FORM, problem)] if problem else form.problems,
        passkey_form_id=PASSKEY_FORM,
        is_over=staff_session.has_begun(),
        sends_links=config.sends_mail,
        has_passkeys=bool(config.passkey_domain),
        origin=config.origin,
        elsewhere=config.staff_accounts.name if config.staff_accounts else "",
    )


@sign_in.post("/sign-out")
def leave() -> Page:
    """End the session, in this browser and on the server."""
    staff_session.end(find_services())
    return redirect(url_for(".left"), 303)


@sign_in.post("/sign-out/everywhere")
def leave_everywhere() -> Page:
    """End every session of the signed-in person, in all browsers."""
    staff_session.end_everywhere(find_services())
    return redirect(url_for(".left"), 303)


@sign_in.get("/signed-out", title=N_("You have signed out"))
def left() -> Page:
    """Confirm that nobody is signed in any more."""
    return render_template("sign_in/left.html")
