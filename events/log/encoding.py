"""Strict codecs of the text encodings that the log formats share: base64 and decimals."""

import base64
import binascii
import re

from events.log.errors import MalformedError

SIZE_MAX = 2**63 - 1  # the largest tree size C2SP allows

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


def to_base64(data: bytes) -> str:
    """Encode as standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str, what: str) -> bytes:
    """Decode standard base64, accepting only the form that `to_base64` writes.

    Python's own decoder ignores stray bits in the last character, so two texts could mean the
    same bytes; a signed format must have one canonical form. Raises MalformedError.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise MalformedError(f"{what} is not base64.") from None
    if to_base64(data) != text:
        raise MalformedError(f"{what} is base64 with stray bits or wrong padding.")
    return data


def to_base64url(data: bytes) -> str:
    """Encode as URL-safe base64 without padding (RFC 4648 section 5), for commitments and salts."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str, what: str) -> bytes:
    """Decode unpadded URL-safe base64 strictly. Raises MalformedError."""
    try:
        data = base64.b64decode(
            text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True
        )
    except (binascii.Error, UnicodeEncodeError):
        raise MalformedError(f"{what} is not base64url.") from None
    if to_base64url(data) != text:
        raise MalformedError(f"{what} is base64url with stray bits, padding or wrong letters.")
    return data


def from_decimal(text: str, what: str) -> int:
    """Parse an ASCII decimal in 0..2^63-1 without sign or leading zeroes. Raises MalformedError."""
    if not _DECIMAL.fullmatch(text) or int(text) > SIZE_MAX:
        raise MalformedError(f"{what} is not a plain decimal number below 2^63.")
    return int(text)
