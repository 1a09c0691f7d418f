"""Proof of identity with an external account: OpenID Connect with state, nonce and PKCE.

The provider learns only that somebody signs in here; of its response only issuer and subject are
used, for a keyed hash. No token is stored.
"""

from flask import redirect, render_template, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult.config import Config
from consult.people.proving import identities
from consult.web import services as find_services
from consult.web.identity import identity, openid
from consult.web.identity.identity import Page
from consult.web.layout import page_language
from consult.web.pages import NOBODY, Room
from consult.wording import language
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import levels

LEVEL = levels.OIDC
identity_oidc = Room("identity_oidc", __name__, keeps=NOBODY)
UNPROCESSABLE = 422
UNAVAILABLE = 503
NOT_SIGNED_IN = N_("You were not signed in, so nothing has changed. Try again, or use another way.")
NOT_THERE = N_("%(name)s does not answer at the moment. Try again later, or use another way.")
_SESSION = "oidc"


@identity_oidc.get("/c/<slug>/identity/oidc", title=N_("Sign in with %(name)s"))
def ask(slug: str) -> Page:
    """Explain where the person signs in, and what we learn from it."""
    asked = identity.find_open(slug, LEVEL)
    if isinstance(asked, AnyResponse):
        return asked
    return _page(asked)


@identity_oidc.get("/c/<slug>/identity/oidc/go")
def go(slug: str) -> Page:
    """Redirect to the provider."""
    asked = identity.find_open(slug, LEVEL)
    if isinstance(asked, AnyResponse):
        return asked
    session[_SESSION] = [slug, identity.then() or "", language.current()]
    config = find_services().config
    back = f"{config.public_url}{page_language.root()}/identity/return"
    try:
        return openid.lead_there(_client(config), back)
    except openid.ProviderAwayError:
        return _page(asked, _(NOT_THERE, name=config.oidc_provider), UNAVAILABLE)


@identity_oidc.get("/identity/return")
def come_back() -> Page:
    """Check the provider's response, and continue to the questions."""
    begun = session.get(_SESSION)
    if not isinstance(begun, list):
        return redirect(page_language.home(), 303)
    slug, place, spoken = begun
    if spoken != language.current():
        return redirect(page_language.same_page(spoken), 303)
    asked = identity.find_open(slug, LEVEL)
    if isinstance(asked, AnyResponse):
        return asked
    services = find_services()
    try:
        subject = openid.checked_claims(_client(services.config))["sub"]
    except openid.NotSignedInError:
        return _page(asked, _(NOT_SIGNED_IN), UNPROCESSABLE)
    session.pop(_SESSION, None)
    who = f"{services.config.oidc_issuer}\0{subject}"
    return identity.proceed(asked, identities.prove(services.vault, asked.id, LEVEL, who), place)


def _client(config: Config) -> openid.Client:
    return openid.Client(
        LEVEL, config.oidc_issuer, config.oidc_client_id, config.oidc_client_secret
    )


def _page(asked: ShownConsultation, problem: str = "", status: int = 200) -> Page:
    config = find_services().config
    page = render_template(
        "identity_oidc/ask.html",
        asked=asked,
        name=config.oidc_provider,
        problem=problem,
        go=url_for("identity_oidc.go", slug=asked.slug, then=identity.then()),
        others=url_for("identity.choose", slug=asked.slug, then=identity.then())
        if identity.has_choice(asked)
        else None,
        back=identity.before(asked),
    )
    return page, status
