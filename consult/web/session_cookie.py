"""The signed session cookie, read and written without building its signer for each request.

Flask makes a serializer twice a request and writes tagged JSON with Python code; a page that
is posted a thousand times a second feels both. What it holds is plain JSON here.
"""

import hashlib
from typing import Any

import msgspec
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class PlainJson:
    """Reads and writes what itsdangerous signs."""

    @staticmethod
    def dumps(value: Any) -> str:
        """Write as JSON; a tuple becomes a list. Raises TypeError for what has no JSON."""
        return msgspec.json.encode(value).decode()

    @staticmethod
    def loads(text: str | bytes) -> Any:
        """Read JSON. Raises msgspec.DecodeError for what is none, which nothing signs."""
        return msgspec.json.decode(text)


class SessionCookie(SecureCookieSessionInterface):
    """Flask's session in a cookie, signed with HMAC-SHA-256 by a signer that is kept.

    Each application has one of its own.
    """

    digest_method = staticmethod(hashlib.sha256)
    serializer = PlainJson()
    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the signer of this application's secret."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer
