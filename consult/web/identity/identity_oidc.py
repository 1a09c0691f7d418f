"""Proof of identity with an external account: OpenID Connect with state, nonce and PKCE.

The provider learns only that somebody signs in here; of its response only issuer and subject are
used, for a keyed hash. No token is stored.
"""

from functools import partial
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import (
    current_app,
    redirect,
    render_template,
    session,
    url_for,
)
from joserfc.errors import JoseError
from werkzeug.wrappers import Response as AnyResponse

from consult import outgoing
from consult.config import Config
from consult.outgoing import RequestError
from consult.people.proving import identities
from consult.web import services as find_services
from consult.web.identity import identity
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
LIMITS = outgoing.Limits(seconds_max=10, bytes_max=1_000_000)
SUBJECT_LENGTH_MAX = 255
"""As in the OpenID Connect specification."""

UNPROCESSABLE = 422
UNAVAILABLE = 503
NOT_SIGNED_IN = N_("You were not signed in, so nothing has changed. Try again, or use another way.")
NOT_THERE = N_("%(name)s does not answer at the moment. Try again later, or use another way.")
_SESSION = "oidc"
_STATES = f"_state_{LEVEL}_"


class WrongProvider(Exception):  # noqa: N818  said nowhere; the person reads NOT_SIGNED_IN
    """The response does not come from the configured provider."""


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
    for name in [name for name in session if name.startswith(_STATES)]:
        session.pop(name)  # state of an earlier attempt; a cookie has little space
    session[_SESSION] = [slug, identity.then() or "", language.current()]
    config = find_services().config
    back = f"{config.public_url}{page_language.root()}/identity/return"
    try:
        found: AnyResponse = _client(config).authorize_redirect(back)
    except (
        RequestError,
        AuthlibBaseError,
        WrongProvider,
        ValueError,
        RuntimeError,
    ) as error:
        current_app.logger.warning("the OpenID provider does not answer: %s", type(error).__name__)
        return _page(asked, _(NOT_THERE, name=config.oidc_provider), UNAVAILABLE)
    return found


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
        subject = _subject(services.config)
    except (RequestError, AuthlibBaseError, JoseError, WrongProvider, ValueError) as error:
        # Log only its class: the message may contain personal data.
        current_app.logger.info("signing in elsewhere failed: %s", type(error).__name__)
        return _page(asked, _(NOT_SIGNED_IN), UNPROCESSABLE)
    session.pop(_SESSION, None)
    who = f"{services.config.oidc_issuer}\0{subject}"
    return identity.proceed(asked, identities.prove(services.vault, asked.id, LEVEL, who), place)


def _subject(config: Config) -> str:
    """Return the subject of the verified ID token. Raises WrongProvider."""
    expected = {
        "iss": {"essential": True, "value": config.oidc_issuer},
        "aud": {"essential": True, "value": config.oidc_client_id},
        "sub": {"essential": True},
    }
    token = _client(config).authorize_access_token(claims_options=expected)
    subject = (token.get("userinfo") or {}).get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LENGTH_MAX:
        raise WrongProvider
    return subject


def _client(config: Config) -> Any:
    """Return the OpenID Connect client, with the provider's metadata loaded."""
    client = current_app.extensions.get("oidc client")
    if client is None:
        client = OAuth(current_app).register(
            LEVEL,
            client_id=config.oidc_client_id,
            client_secret=config.oidc_client_secret,
            server_metadata_url=f"{config.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid",
                "code_challenge_method": "S256",
            },
        )
        client.client_cls = partial(_session, config)
        if client.load_server_metadata().get("issuer") != config.oidc_issuer:
            raise WrongProvider
        current_app.extensions["oidc client"] = client
    return client


class _Session(outgoing.Limiting, OAuth2Session):  # type: ignore[misc]  # Authlib ships no types
    """Authlib's session, within our limits."""


def _session(config: Config, **given: Any) -> _Session:
    session = _Session(**given)
    session.stay_within(LIMITS, str(config.oidc_issuer))
    return session


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
