"""The signed session cookie, read and written without making its signer for each request.

Flask makes a serializer twice a request, derives its key for every value and writes tagged
JSON with Python code; a page that is posted a thousand times a second feels all three. What
the cookie holds is plain JSON here.
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
    """Reads and writes what itsdangerous signs."""

    @staticmethod
    def dumps(value: Any) -> str:
        """Write as JSON; a tuple becomes a list. Raises TypeError for what has no JSON."""
        return msgspec.json.encode(value).decode()

    @staticmethod
    def loads(text: str | bytes) -> Any:
        """Read JSON. Raises msgspec.DecodeError for what is none, which nothing signs."""
        return msgspec.json.decode(text)


class OneKeySigner(TimestampSigner):
    """Signs with one secret, whose key it derives once, at the time of the store.

    Every web host goes by that time, so that a cookie of one is not too young for another.
    """

    def __init__(self, secret_key: bytes, clock: Callable[[], datetime], **settings: Any) -> None:
        super().__init__(secret_key, **settings)
        self._key = super().derive_key()
        self._clock = clock

    def get_timestamp(self) -> int:
        """Return the time in whole seconds."""
        return int(self._clock().timestamp())

    def unsign(  # type: ignore[override]  # one signature for the two of the library
        self, signed_value: Any, max_age: int | None = None, **how: Any
    ) -> Any:
        """Read what was signed, unless it is too old.

        One that seems to come from the future is ours as well: clocks differ by a little.
        """
        value, signed_at = super().unsign(signed_value, max_age=None, return_timestamp=True)
        if max_age is not None and self.get_timestamp() - signed_at.timestamp() > max_age:
            raise SignatureExpired("it is too old", payload=value, date_signed=signed_at)
        return (value, signed_at) if how.get("return_timestamp") else value

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """Return the key of the only secret there is."""
        assert secret_key in {None, self.secret_key}
        return self._key


class CookieSerializer(URLSafeTimedSerializer):
    """Keeps its signer, and compresses nothing: codes and hashes do not get shorter."""

    def __init__(self, secret_key: bytes, salt: str, clock: Callable[[], datetime]) -> None:
        super().__init__(secret_key, salt, serializer=PlainJson())
        self._signer = OneKeySigner(
            secret_key, clock, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256
        )

    def make_signer(self, salt: str | bytes | None = None) -> OneKeySigner:
        """Return the signer that is kept."""
        assert salt in {None, self.salt}
        return self._signer

    def dump_payload(self, obj: Any) -> bytes:
        """Write what is signed. One that is compressed, as before, can still be read."""
        return base64_encode(self.serializer.dumps(obj))


class SessionCookie(SecureCookieSessionInterface):
    """Flask's session in a cookie, signed with HMAC-SHA-256.

    Each application has one of its own.
    """

    _serializer: CookieSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> CookieSerializer:
        """Return the serializer of this application's secret."""
        if self._serializer is None:
            assert isinstance(app.secret_key, bytes)
            services = app.extensions["services"]
            self._serializer = CookieSerializer(app.secret_key, self.salt, services.clock)
        return self._serializer
