"""Envelopes: content on our disk that only the browser that asked for it can open.

The browser keeps a key in its session; the server knows the address that belongs to it, closes
envelopes to that address, and has no way to open them by itself. (X25519 with a key made for each
envelope, HKDF-SHA-256, AES-256-GCM.)
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
PURPOSE = b"folkmoot/envelope/v1"
NONCE = bytes(12)
"""The same for all: the key of each envelope encrypts nothing else."""


def new_key() -> str:
    """Return a new key, for a browser to keep."""
    return X25519PrivateKey.generate().private_bytes_raw().hex()


def address_of(key: str) -> str:
    """Return the address of the envelopes that a key opens."""
    return _private(key).public_key().public_bytes_raw().hex()


def close(address: str, content: bytes) -> bytes:
    """Return an envelope with this content."""
    sender, recipient = X25519PrivateKey.generate(), bytes.fromhex(address)
    shared = sender.exchange(X25519PublicKey.from_public_bytes(recipient))
    own = sender.public_key().public_bytes_raw()
    return own + _cipher(shared, own, recipient).encrypt(NONCE, content, None)


def open_with(key: str, envelope: bytes) -> bytes | None:
    """Return the content of an envelope; None if the key is not the one of its address."""
    own, closed = envelope[:KEY_BYTES], envelope[KEY_BYTES:]
    recipient = bytes.fromhex(address_of(key))
    shared = _private(key).exchange(X25519PublicKey.from_public_bytes(own))
    try:
        return _cipher(shared, own, recipient).decrypt(NONCE, closed, None)
    except InvalidTag:
        return None


def _private(key: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(bytes.fromhex(key))


def _cipher(shared: bytes, own: bytes, recipient: bytes) -> AESGCM:
    info = PURPOSE + own + recipient
    return AESGCM(HKDF(SHA256(), length=KEY_BYTES, salt=None, info=info).derive(shared))
