"""Accounts of an OpenID Connect provider: lead somebody there, and check what they come back with.

With state, nonce and PKCE. No token is stored; what is checked is returned and then forgotten.
"""

from functools import partial
from typing import Any, NamedTuple

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import current_app, session
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from consult import outgoing
from consult.outgoing import RequestError

LIMITS = outgoing.Limits(seconds_max=10, bytes_max=1_000_000)
SUBJECT_LENGTH_MAX = 255
"""As in the OpenID Connect specification."""


class Client(NamedTuple):
    """What a provider knows this site by. `key`: tells it from another provider of the site."""

    key: str
    issuer: str
    id: str
    secret: str
    scope: str = "openid"


class ProviderAwayError(Exception):
    """The provider does not answer, or is not the one that the settings name."""


class NotSignedInError(Exception):
    """The answer does not show that somebody signed in there, in this browser, just now."""


def lead_there(client: Client, back: str) -> Response:
    """Return a redirect to the provider. `back`: where it leads to. Raises ProviderAwayError."""
    states = f"_state_{client.key}_"
    for name in [name for name in session if name.startswith(states)]:
        session.pop(name)  # state of an earlier attempt; a cookie has little space
    try:
        found: Response = _loaded(client).authorize_redirect(back)
    except (RequestError, AuthlibBaseError, ProviderAwayError, ValueError, RuntimeError) as error:
        # Log only its class: the message may contain personal data.
        current_app.logger.warning("the OpenID provider does not answer: %s", type(error).__name__)
        raise ProviderAwayError from error
    return found


def checked_claims(client: Client) -> dict[str, Any]:
    """Return the claims of the ID token that the request leads to; `sub` is a short text.

    Raises NotSignedInError.
    """
    expected = {
        "iss": {"essential": True, "value": client.issuer},
        "aud": {"essential": True, "value": client.id},
        "sub": {"essential": True},
    }
    try:
        token = _loaded(client).authorize_access_token(claims_options=expected)
    except (RequestError, AuthlibBaseError, JoseError, ProviderAwayError, ValueError) as error:
        current_app.logger.info("signing in elsewhere failed: %s", type(error).__name__)
        raise NotSignedInError from error
    claims = dict(token.get("userinfo") or {})
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LENGTH_MAX:
        raise NotSignedInError
    return claims


def _loaded(client: Client) -> Any:
    """Return Authlib's client, with the provider's metadata loaded."""
    kept = f"{client.key} client"
    loaded = current_app.extensions.get(kept)
    if loaded is None:
        loaded = OAuth(current_app).register(
            client.key,
            client_id=client.id,
            client_secret=client.secret,
            server_metadata_url=f"{client.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": client.scope, "code_challenge_method": "S256"},
        )
        loaded.client_cls = partial(_session, client.issuer)
        if loaded.load_server_metadata().get("issuer") != client.issuer:
            raise ProviderAwayError
        current_app.extensions[kept] = loaded
    return loaded


class _Session(outgoing.Limiting, OAuth2Session):  # type: ignore[misc]  # Authlib ships no types
    """Authlib's session, within our limits."""


def _session(named: str, /, **given: Any) -> _Session:
    made = _Session(**given)
    made.stay_within(LIMITS, named)
    return made
