"""Sign in with an account elsewhere, such as the council's own, and link one."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult.commands.accounts import accounts_elsewhere as commands
from consult.people.accounts.staff_provider import StaffProvider
from consult.web import services as find_services
from consult.web.accounts import confirming, device, sign_in, staff_home, staff_session
from consult.web.forms.sending import Page
from consult.web.guarding import limits
from consult.web.identity import openid
from consult.web.identity.identity_oidc import NOT_THERE
from consult.web.layout import page_language
from consult.web.pages import NOBODY, Room
from consult.wording import language
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from events import Refused

elsewhere = Room("elsewhere", __name__, url_prefix="/staff-account", keeps=NOBODY)
UNPROCESSABLE = 422
UNAVAILABLE = 503
SIGN_IN, LINK = "sign in", "link"
_SESSION = "staff elsewhere"
"""Key of what somebody was led to the provider for, and in which language."""


@elsewhere.get("/go")
def go() -> Page:
    """Lead to the provider, to sign in."""
    limits.count_network("sign-ins elsewhere", limits.SIGN_INS_BY_NETWORK)
    return _lead(SIGN_IN)


@elsewhere.post("/link")
def link() -> Page:
    """Show where to go on, once somebody has confirmed that they link an account."""
    provider = _provider()
    g.member = staff_session.member(find_services())
    if g.member is None:
        return redirect(url_for("sign_in.ask"), 303)
    if page_language.switch_asked():  # back from the page that asks to confirm it
        return redirect(url_for("own_account.index"), 303)
    commands.require_linking(is_confirmed=confirming.is_confirmed())
    session[_SESSION] = [LINK, language.current()]
    # A link, because browsers follow no form to another site.
    return render_template("own_account/elsewhere.html", name=provider.name)


@elsewhere.get("/link/go")
def go_and_link() -> Page:
    """Lead to the provider, to link an account of theirs."""
    _provider()
    if _wanted()[0] != LINK:
        return redirect(url_for("own_account.index"), 303)
    return _lead(LINK)


@elsewhere.post("/unlink")
def unlink() -> AnyResponse:
    """Forget the accounts elsewhere of the signed-in person."""
    member = staff_session.member(find_services())
    if member is not None:
        commands.unlink_elsewhere(find_services(), member)
        flash(_("It is linked no more. You cannot sign in with it until you link it again."))
    return redirect(url_for("own_account.index"), 303)


@elsewhere.get("/return")
def come_back() -> Page:
    """Check the provider's answer; sign in, or link the account."""
    provider, (wanted, spoken) = _provider(), _wanted()
    if not wanted:
        return redirect(url_for("sign_in.ask"), 303)
    if spoken != language.current():
        return redirect(page_language.same_page(spoken), 303)
    session.pop(_SESSION, None)
    try:
        claims = openid.checked_claims(_client(provider))
        return _link(provider, claims) if wanted == LINK else _sign_in(provider, claims)
    except openid.NotSignedInError:
        problem = _(
            "You were not signed in, so nothing has changed. Try again, or use another way."
        )
    except Refused as refused:
        problem = says(refused)
    if wanted == SIGN_IN:
        return sign_in.ask_page(problem=problem), UNPROCESSABLE
    flash(problem, "problem")
    return redirect(url_for("own_account.index"), 303)


def _sign_in(provider: StaffProvider, claims: dict[str, Any]) -> AnyResponse:
    services = find_services()
    member, token = commands.sign_in_elsewhere(
        services, provider, claims, device=device.described()
    )
    staff_session.begin(services, token)
    return redirect(staff_home.address_of(member), 303)


def _link(provider: StaffProvider, claims: dict[str, Any]) -> AnyResponse:
    services = find_services()
    member = staff_session.member(services)
    if member is None:
        return redirect(url_for("sign_in.ask"), 303)
    commands.link_elsewhere(services, member, provider, claims)
    flash(_("It is linked. You can sign in with it from now on."))
    return redirect(url_for("own_account.index"), 303)


def _lead(wanted: str) -> Page:
    provider = _provider()
    session[_SESSION] = [wanted, language.current()]
    back = f"{find_services().config.public_url}{page_language.root()}/staff-account/return"
    try:
        return openid.lead_there(_client(provider), back)
    except openid.ProviderAwayError:
        problem = _(NOT_THERE, name=provider.name)
        return sign_in.ask_page(problem=problem), UNAVAILABLE


def _wanted() -> tuple[str, str]:
    held = session.get(_SESSION)
    return (held[0], held[1]) if isinstance(held, list) and len(held) == 2 else ("", "")  # noqa: PLR2004  as stored


def _provider() -> StaffProvider:
    provider = find_services().config.staff_accounts
    if provider is None:
        abort(404)
    return provider


def _client(provider: StaffProvider) -> openid.Client:
    return openid.Client(
        "staff", provider.issuer, provider.client_id, provider.client_secret, "openid email profile"
    )
