"""The signed session cookie, read and written without building its signer for each request.

Flask makes a serializer twice a request and writes tagged JSON with Python code; a page that
is posted a thousand times a second feels both. What it holds is plain JSON here.
"""

import hashlib
from functools import lru_cache
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
        """Read JSON. Raises ValueError, which itsdangerous turns into BadSignature."""
        return msgspec.json.decode(text)


class SessionCookie(SecureCookieSessionInterface):
    """Flask's session in a cookie, signed with HMAC-SHA-256 by a signer that is kept."""

    digest_method = staticmethod(hashlib.sha256)
    serializer = PlainJson()  # type: ignore[assignment]

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the signer of this application's secret."""
        return self._kept(app)

    @lru_cache(maxsize=4)  # noqa: B019 - one for each application, which lives as long
    def _kept(self, app: Flask) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(app)
