"""The account of whoever is signed in: their passkeys, and where they are signed in."""

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult import access
from consult.commands.accounts import passkeys as commands
from consult.commands.accounts import recovering, signing_in
from consult.commands.mailing import Letter
from consult.people.accounts import passkeys, recovery_codes, staff_identities, staff_sessions
from consult.people.accounts.passkeys import NAME_LENGTH_MAX
from consult.web import services as find_services
from consult.web.accounts import confirming, staff_session
from consult.web.accounts.staff_access import member
from consult.web.forms.fields import Line
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.guarding import limits
from consult.web.layout import page_language
from consult.web.pages import NOBODY, Room
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from events import Refused

own_account = Room(
    "own_account", __name__, url_prefix="/account", keeps=NOBODY, who=access.KEEP_OWN_ACCOUNT
)
ANSWER, CREDENTIAL, SESSION = "passkey", "credential", "session"
FORM = "passkey-form"
UNPROCESSABLE = 422
WAYS = {
    staff_sessions.LINK: N_("Signed in with a link."),
    staff_sessions.OPENID: N_("Signed in with an account elsewhere."),
    staff_sessions.PASSKEY: N_("Signed in with a passkey."),
}


class PasskeyForm(StaffForm):
    """What a new passkey is called."""

    name = Line(
        N_("Name of the passkey"),
        hint=N_("So that you know it later, such as “my telephone”."),
        most=NAME_LENGTH_MAX,
        needed=N_("Give the passkey a name."),
        look={"autocomplete": "off"},
    )


class RecoveryForm(StaffForm):
    """The code that was written down."""

    code = Line(
        N_("Recovery code"),
        hint=N_("It has 16 letters and numbers. You got it with your first passkey."),
        most=40,
        needed=N_("Type in your recovery code."),
        look={"autocomplete": "off", "spellcheck": False},
    )


@own_account.get("/", title=N_("Your account"))
def index() -> Page:
    """Show passkeys and sessions."""
    return _draw(PasskeyForm())


@own_account.get("/passkeys/options")
def options() -> Response:
    """Return what the browser is asked to make a passkey with."""
    asked = commands.registration_options(find_services(), member())
    return Response(asked, mimetype="application/json")


@own_account.post("/passkeys")
def add() -> Page:
    """Store a passkey that the browser has made."""
    if page_language.switch_asked():  # back from the page that asks to confirm it
        return redirect(url_for(".index"), 303)
    form, answer = PasskeyForm(), request.form.get(ANSWER, "")
    if not form.validate():
        return _draw(form), UNPROCESSABLE
    name = form.name.data

    def letter() -> Letter:
        return _letter(_("A passkey was added to your account"), name)

    try:
        code = commands.add_passkey(
            find_services(),
            member(),
            answer,
            name=name,
            letter=letter,
            is_confirmed=confirming.is_confirmed(),
        )
    except Refused as refused:
        form.form_errors.append(says(refused))
        return _draw(form), UNPROCESSABLE
    done = _("The passkey is there. You can sign in with it from now on.")
    if code:  # shown now and never again
        return render_template("own_account/recovery_code.html", code=code, done=done)
    flash(done)
    return redirect(url_for(".index"), 303)


@own_account.post("/passkeys/remove")
def remove() -> AnyResponse:
    """Remove a passkey."""
    if page_language.switch_asked():  # back from the page that asks to confirm it
        return redirect(url_for(".index"), 303)
    services, credential_id = find_services(), request.form.get(CREDENTIAL, "")
    own = {one.credential_id: one.name for one in passkeys.of_person(services.vault, member().id)}
    name = own.get(credential_id, "")

    def letter() -> Letter:
        return _letter(_("A passkey was removed from your account"), name)

    commands.remove_passkey(
        services, member(), credential_id, letter=letter, is_confirmed=confirming.is_confirmed()
    )
    flash(_("The passkey is removed. Nobody can sign in with it any more."))
    return redirect(url_for(".index"), 303)


@own_account.post("/recovery-code")
def renew_code() -> Page:
    """Make a new recovery code, and show it this once."""
    if page_language.switch_asked():  # back from the page that asks to confirm it
        return redirect(url_for(".index"), 303)
    code = recovering.make_recovery_code(
        find_services(), member(), is_confirmed=confirming.is_confirmed()
    )
    return render_template("own_account/recovery_code.html", code=code, done="")


@own_account.route("/lost", methods=["GET", "POST"], title=N_("Lost passkeys"))
def lost() -> Page:
    """Remove all passkeys of somebody who has their recovery code."""
    form = RecoveryForm()

    def letter() -> Letter:
        return _letter(_("All passkeys were removed from your account, with its recovery code"), "")

    def act(_key: str) -> None:
        limits.count_mailbox("recovery codes", member().id.hex, limits.RECOVERIES)
        recovering.use_recovery_code(
            find_services(), member(), staff_session.token(), form.code.data, letter=letter
        )

    return form.submit(
        act,
        lambda: form.draw("own_account/lost.html"),
        url_for(".index"),
        _("Your passkeys are removed, and you are signed out everywhere else. Make a new one now."),
    )


@own_account.post("/sessions/end")
def end_session() -> AnyResponse:
    """Sign this person out in one of their browsers."""
    handle = request.form.get(SESSION, "")
    signing_in.sign_out_elsewhere(find_services(), member().id, handle)
    flash(_("You are signed out there."))
    return redirect(url_for(".index"), 303)


def _draw(form: PasskeyForm) -> str:
    services, me = find_services(), member()
    return render_template(
        "own_account/index.html",
        form=form,
        errors=[(FORM if id == "form" else id, message) for id, message in form.problems],
        form_id=FORM,
        passkeys=passkeys.of_person(services.vault, me.id),
        has_passkeys=bool(services.config.passkey_domain),
        origin=services.config.origin,
        elsewhere=services.config.staff_accounts.name if services.config.staff_accounts else "",
        is_linked=staff_identities.is_linked(services.vault, me.id),
        code_made_at=recovery_codes.made_at(services.vault, me.id),
        sessions=staff_sessions.of_person(services.vault, me.id, services.clock()),
        here=staff_session.handle(),
        ways=WAYS,
    )


def _letter(subject: str, name: str) -> Letter:
    account = find_services().config.public_url + url_for(".index")
    text = render_template("email/passkey.txt", what=subject, name=name, account=account)
    return Letter(subject, text, {})
