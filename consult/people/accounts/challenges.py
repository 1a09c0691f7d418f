"""What a passkey signs: a challenge of ours, for one purpose, good for minutes and once.

A challenge needs no row until it is used: it says itself until when it is good, and has a keyed
hash over that and over what it is for. So asking for many costs the vault nothing.
"""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from consult.people.proving import attempts
from consult.people.vault import Vault, url64

LIFE = timedelta(minutes=5)
LIFE_MAX = timedelta(minutes=15)
_NONCE_BYTES, _UNTIL_BYTES, _MAC_BYTES = 16, 8, 32


def make(vault: Vault, purpose: str, now: datetime, *, life: timedelta = LIFE) -> bytes:
    """Return a new challenge. `purpose`: what it is for and whose, as `is_good` is told it."""
    assert life <= LIFE_MAX
    until = int((now + life).timestamp())
    head = secrets.token_bytes(_NONCE_BYTES) + until.to_bytes(_UNTIL_BYTES)
    return head + _mac(vault, purpose, head)


def is_good(vault: Vault, challenge: bytes, purpose: str, now: datetime) -> bool:
    """Return whether a challenge was made here for this purpose, and is not too old."""
    head, mac = challenge[: -_MAC_BYTES or None], challenge[-_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(vault, purpose, head)):
        return False
    until = int.from_bytes(head[_NONCE_BYTES:])
    return now <= datetime.fromtimestamp(until, UTC)


def use_up(vault: Vault, challenge: bytes, now: datetime) -> bool:
    """Use a good challenge up; return False if it was used before, on any host."""
    whose = f"passkey challenge\0{url64(challenge)}"
    return attempts.note(vault, whose, 1, 2 * LIFE_MAX, now)


def may_try(vault: Vault, challenge: bytes, most: int, now: datetime) -> bool:
    """Count a try at what goes with a challenge; return False if as many as may be were made."""
    return attempts.note(vault, f"tries\0{url64(challenge)}", most, 2 * LIFE_MAX, now)


def _mac(vault: Vault, purpose: str, head: bytes) -> bytes:
    key = vault.site_key("passkey challenges")
    return hmac.digest(key, head + purpose.encode(), hashlib.sha256)
