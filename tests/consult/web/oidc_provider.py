"""An OpenID Connect provider in a process of its own, which can be told to lie.

It signs in whoever is named in the form, and checks what a careful provider checks: the client
and its secret, the address to come back to, PKCE with S256, and that a code is used once.
A subject such as "wrong-nonce" makes it answer falsely in that way.
"""

import base64
import hashlib
import json
import multiprocessing
import secrets
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from flask import Flask, redirect, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "folkmoot", "between us"


class Provider:
    """What one provider knows: its keys, the codes it gave, and what it was asked."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.stranger = RSAKey.generate_key(2048, {"kid": "one"})
        self.codes: dict[str, dict[str, str]] = {}
        self.seen: list[dict[str, Any]] = []
        self.asked: list[str] = []

    def app(self) -> Flask:
        app = Flask("provider")
        app.get("/.well-known/openid-configuration")(self.discover)
        app.get("/jwks")(self.keys)
        app.get("/seen")(self.show_seen)
        app.get("/asked")(self.show_asked)
        app.before_request(lambda: self.asked.append(request.path))
        app.get("/authorize")(self.authorize)
        app.post("/authorize")(self.sign_in)
        app.post("/token")(self.give_token)
        return app

    def discover(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self) -> Any:
        return KeySet([self.key]).as_dict(private=False)

    def show_seen(self) -> Any:
        return self.seen

    def show_asked(self) -> Any:
        return self.asked

    def authorize(self) -> str:
        self.seen.append(dict(request.args))
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{value}">'
            for name, value in request.args.items()
        )
        return (
            '<!DOCTYPE html><html lang="en"><title>Provider</title><h1>Provider</h1>'
            f'<form method="post" action="/authorize">{fields}'
            '<label>Account <input name="account"></label><button>Sign in</button></form></html>'
        )

    def sign_in(self) -> Any:
        form = request.form.to_dict()
        assert form["client_id"] == CLIENT_ID
        assert form["code_challenge_method"] == "S256"
        back = {"state": form["state"]}
        if form["account"] == "nobody":
            back["error"] = "access_denied"
        else:
            back["code"] = secrets.token_urlsafe(16)
            self.codes[back["code"]] = form
        return redirect(f"{form['redirect_uri']}?{urlencode(back)}")

    def give_token(self) -> Any:
        form = self.codes.pop(request.form["code"], None)
        verifier = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        known = request.authorization
        is_fine = (
            form is not None
            and _base64(verifier) == form["code_challenge"]
            and request.form["redirect_uri"] == form["redirect_uri"]
            and known is not None
            and (known.username, known.password) == (CLIENT_ID, CLIENT_SECRET)
        )
        if not is_fine or form is None:
            return {"error": "invalid_grant"}, 400
        return {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": self.id_token(form["account"], form["nonce"]),
        }

    def id_token(self, account: str, nonce: str) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": account,
            "nonce": nonce,
            "iat": now,
            "exp": now + 60,
            "name": "Ann Larch",
            "email": "ann.larch@example.org",
        }
        claims |= LIES.get(account, {})
        if account == "too-old":
            claims |= {"iat": now - 4_000, "exp": now - 3_600}
        claims.pop(account.removeprefix("without-"), None)
        if account == "unsigned":
            return f"{_part({'alg': 'none'})}.{_part(claims)}."
        signer = self.stranger if account == "wrong-key" else self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, signer)


LIES: dict[str, dict[str, Any]] = {
    "verified": {"email_verified": True},
    "verified-elsewhere": {"email_verified": True, "email": "ann.larch@example.net"},
    "verified-in-words": {"email_verified": "true"},
    "in-the-team": {
        "email_verified": True,
        "email": "new.person@example.org",
        "groups": ["cats", "consultation-team"],
    },
    "wrong-nonce": {"nonce": "of another sign-in"},
    "wrong-audience": {"aud": "another site", "azp": CLIENT_ID},
    "wrong-issuer": {"iss": "https://login.example.org"},
    "too-long": {"sub": "x" * 256},
    "no-subject": {"sub": ""},
    "number": {"sub": 7},
}


def _part(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def serve(port: int) -> None:
    app = Provider(f"http://127.0.0.1:{port}").app()
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


@contextmanager
def running() -> Iterator[str]:
    """Run a provider; gives its issuer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(port,), daemon=True)
    process.start()
    issuer = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{issuer}/seen"):
                    break
            except OSError:
                assert process.is_alive(), "the provider did not start"
                time.sleep(0.1)
        yield issuer
    finally:
        process.terminate()
        process.join(timeout=10)
