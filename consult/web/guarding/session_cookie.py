"""The signed session cookie, with a cached signer.

Flask creates a serializer twice per request, derives its key for every value and writes tagged
JSON in Python code, which is measurable at a thousand requests per second. Here the cookie holds
plain JSON.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode


class PlainJson:
    """Serialiser for itsdangerous."""

    @staticmethod
    def dumps(value: Any) -> str:
        """Encode as JSON; a tuple becomes a list. Raises TypeError for unsupported types."""
        return msgspec.json.encode(value).decode()

    @staticmethod
    def loads(text: str | bytes) -> Any:
        """Decode JSON. Raises msgspec.DecodeError, which does not occur in signed values."""
        return msgspec.json.decode(text)


class OneKeySigner(TimestampSigner):
    """Signer with one secret, whose key is derived once, and the clock of the store.

    All web hosts use that clock, so that a cookie of one is never from the future on another.
    """

    def __init__(self, secret_key: bytes, clock: Callable[[], datetime], **settings: Any) -> None:
        super().__init__(secret_key, **settings)
        self._key = super().derive_key()
        self._clock = clock

    def get_timestamp(self) -> int:
        """Return the time in seconds since the epoch."""
        return int(self._clock().timestamp())

    def unsign(  # type: ignore[override]  # one signature for the two of the library
        self, signed_value: Any, max_age: int | None = None, **how: Any
    ) -> Any:
        """Return the signed value. Raises SignatureExpired, BadSignature.

        A timestamp in the future is accepted: clocks differ slightly.
        """
        value, signed_at = super().unsign(signed_value, max_age=None, return_timestamp=True)
        if max_age is not None and self.get_timestamp() - signed_at.timestamp() > max_age:
            raise SignatureExpired("it is too old", payload=value, date_signed=signed_at)
        return (value, signed_at) if how.get("return_timestamp") else value

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """Return the key derived from the only secret."""
        assert secret_key in {None, self.secret_key}
        return self._key


class CookieSerializer(URLSafeTimedSerializer):
    """Serializer with a cached signer and without compression: codes and hashes do not compress."""

    def __init__(self, secret_key: bytes, salt: str, clock: Callable[[], datetime]) -> None:
        super().__init__(secret_key, salt, serializer=PlainJson())
        self._signer = OneKeySigner(
            secret_key, clock, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256
        )

    def make_signer(self, salt: str | bytes | None = None) -> OneKeySigner:
        """Return the cached signer."""
        assert salt in {None, self.salt}
        return self._signer

    def dump_payload(self, obj: Any) -> bytes:
        """Encode the payload. Compressed payloads of earlier versions can still be read."""
        return base64_encode(self.serializer.dumps(obj))


class SessionCookie(SecureCookieSessionInterface):
    """Flask's cookie session, signed with HMAC-SHA-256, one instance per application."""

    _serializer: CookieSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> CookieSerializer:
        """Return the serializer of this application's secret."""
        if self._serializer is None:
            assert isinstance(app.secret_key, bytes)
            services = app.extensions["services"]
            self._serializer = CookieSerializer(app.secret_key, self.salt, services.clock)
        return self._serializer
