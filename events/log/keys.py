"""Verifier and signer keys of signed notes: their one-line form, key ids and signatures.

Three signature types are known: 01, a log's Ed25519 signature over the note text; 04, a
witness's Ed25519 cosignature with a time; 06, the same with ML-DSA-44, where the installed
`cryptography` offers it. C2SP signed-note and tlog-cosignature.
"""

import hashlib
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from events.log.checkpoint import parse_body, require_name
from events.log.encoding import SIZE_MAX, from_base64, to_base64
from events.log.errors import KeyFormatError, LogError, MalformedError, SignatureError

try:  # only newer versions have it; older ones still verify everything else
    from cryptography.hazmat.primitives.asymmetric.mldsa import (
        MLDSA44PrivateKey,
        MLDSA44PublicKey,
    )

    HAS_MLDSA = True
except ImportError:  # pragma: no cover - depends on the installed library
    HAS_MLDSA = False

KEY_LINE_CHARACTERS_MAX = 2_200  # a name of 255 bytes and a key of 1,313 in base64
TIME_BYTES = 8
SEED_BYTES = 32


class Algorithm(IntEnum):
    """The signature type byte."""

    ED25519 = 0x01
    COSIGNATURE = 0x04
    MLDSA_COSIGNATURE = 0x06

    @property
    def is_cosignature(self) -> bool:
        """Whether its signatures carry a time."""
        return self is not Algorithm.ED25519


_PUBLIC_BYTES = {
    Algorithm.ED25519: 32,
    Algorithm.COSIGNATURE: 32,
    Algorithm.MLDSA_COSIGNATURE: 1_312,
}
_SIGNATURE_BYTES = {
    Algorithm.ED25519: 64,
    Algorithm.COSIGNATURE: TIME_BYTES + 64,
    Algorithm.MLDSA_COSIGNATURE: TIME_BYTES + 2_420,
}


def key_id(name: str, algorithm: Algorithm, public: bytes) -> bytes:
    """Return the four bytes of a key id: `SHA-256(name || 0A || type || public key)[:4]`."""
    return hashlib.sha256(name.encode() + bytes((0x0A, algorithm)) + public).digest()[:4]


@dataclass(frozen=True)
class VerifierKey:
    """A public key with the name it signs under. Raises KeyFormatError on construction."""

    name: str
    algorithm: Algorithm
    public: bytes

    def __post_init__(self) -> None:
        try:
            require_name(self.name, "The key's name")
        except MalformedError as error:
            raise KeyFormatError(str(error)) from None
        if len(self.public) != _PUBLIC_BYTES[self.algorithm]:
            raise KeyFormatError("The public key has the wrong length for its type.")
        if self.algorithm is Algorithm.MLDSA_COSIGNATURE and not HAS_MLDSA:
            raise KeyFormatError("This machine's cryptography library has no ML-DSA.")

    @cached_property
    def key_id(self) -> bytes:
        """The four bytes at the start of this key's signatures."""
        return key_id(self.name, self.algorithm, self.public)

    @property
    def vkey(self) -> str:
        """The key on one line: `name+key id+base64(type || public key)`."""
        material = to_base64(bytes((self.algorithm,)) + self.public)
        return f"{self.name}+{self.key_id.hex()}+{material}"

    def verify(self, body: bytes, signature: bytes) -> int | None:
        """Check a signature (without its key id) over a note's text.

        Return the cosignature's time in Unix seconds, None for a log signature. Raises
        SignatureError.
        """
        if len(signature) != _SIGNATURE_BYTES[self.algorithm]:
            raise SignatureError(f"The signature of {self.name} has the wrong length.")
        time = None
        if self.algorithm.is_cosignature:
            time = int.from_bytes(signature[:TIME_BYTES])
            if time > SIZE_MAX:
                raise SignatureError(f"The cosignature of {self.name} has a time out of range.")
        try:
            message = signed_message(self.algorithm, self.name, body, time)
            raw = signature[-64:] if time is None else signature[TIME_BYTES:]
            self._public_key.verify(raw, message)
        except (InvalidSignature, UnsupportedAlgorithm, ValueError):
            raise SignatureError(f"The signature of {self.name} does not verify.") from None
        return time

    @cached_property
    def _public_key(self) -> "Ed25519PublicKey | MLDSA44PublicKey":
        if self.algorithm is Algorithm.MLDSA_COSIGNATURE:
            return MLDSA44PublicKey.from_public_bytes(self.public)
        return Ed25519PublicKey.from_public_bytes(self.public)


@dataclass(frozen=True)
class SignerKey:
    """A private key with the name it signs under; `seed` is 32 bytes and is never shown."""

    name: str
    algorithm: Algorithm
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            raise KeyFormatError("The private key is not 32 bytes.")
        _ = self.verifier  # raises for a name or type that cannot be used

    @cached_property
    def verifier(self) -> VerifierKey:
        """The public half."""
        if self.algorithm is Algorithm.MLDSA_COSIGNATURE and not HAS_MLDSA:
            raise KeyFormatError("This machine's cryptography library has no ML-DSA.")
        return VerifierKey(self.name, self.algorithm, self._key.public_key().public_bytes_raw())

    @property
    def skey(self) -> str:
        """The private key on one line, for a file only the sealer can read."""
        material = to_base64(bytes((self.algorithm,)) + self.seed)
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{material}"

    def sign(self, body: bytes, time: int | None = None) -> bytes:
        """Return the signature over a note's text, without the key id of a signature line.

        `time` (Unix seconds) is required for cosignatures and must be None for log signatures.
        """
        assert (time is not None) == self.algorithm.is_cosignature
        message = signed_message(self.algorithm, self.name, body, time)
        prefix = b"" if time is None else time.to_bytes(TIME_BYTES)
        return prefix + self._key.sign(message)

    @cached_property
    def _key(self) -> "Ed25519PrivateKey | MLDSA44PrivateKey":
        if self.algorithm is Algorithm.MLDSA_COSIGNATURE:
            return MLDSA44PrivateKey.from_seed_bytes(self.seed)
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def signed_message(algorithm: Algorithm, name: str, body: bytes, time: int | None) -> bytes:
    """Return the bytes a key of this type signs for a note text.

    Raises MalformedError when the type only signs checkpoints and the text is not one.
    """
    if time is None:
        return body
    if algorithm is Algorithm.COSIGNATURE:
        return b"cosignature/v1\ntime %d\n" % time + body
    checkpoint = parse_body(body)
    cosigner, origin = name.encode(), checkpoint.origin.encode()
    return b"".join(
        (
            b"subtree/v1\n\0",
            bytes((len(cosigner),)) + cosigner,
            time.to_bytes(8),
            bytes((len(origin),)) + origin,
            (0).to_bytes(8),
            checkpoint.size.to_bytes(8),
            checkpoint.root,
        )
    )


def parse_vkey(line: str) -> VerifierKey:
    """Parse a verifier key line. Raises KeyFormatError."""
    name, identifier, algorithm, public = _parse_key_line(line)
    key = VerifierKey(name, algorithm, public)
    _require_id(key, identifier)
    return key


def parse_skey(line: str) -> SignerKey:
    """Parse a signer key line (`PRIVATE+KEY+...`). Raises KeyFormatError, which never quotes it."""
    prefix = "PRIVATE+KEY+"
    if not line.startswith(prefix):
        raise KeyFormatError("A private key line starts with PRIVATE+KEY+.")
    name, identifier, algorithm, seed = _parse_key_line(line.removeprefix(prefix))
    key = SignerKey(name, algorithm, seed)
    _require_id(key.verifier, identifier)
    return key


def _require_id(key: VerifierKey, identifier: str) -> None:
    if key.key_id.hex() != identifier:
        raise KeyFormatError(f"The key id of {key.name} does not fit its name and key.")


def _parse_key_line(line: str) -> tuple[str, str, Algorithm, bytes]:
    if len(line) > KEY_LINE_CHARACTERS_MAX:
        raise KeyFormatError("The key line is too long.")
    name, _, rest = line.partition("+")
    identifier, plus, text = rest.partition("+")  # base64 itself may have plus signs
    if not plus:
        raise KeyFormatError("A key line has a name, a key id and a key, joined by plus signs.")
    try:
        material = from_base64(text, "The key")
        return name, identifier, Algorithm(material[0]), material[1:]
    except LogError as error:
        raise KeyFormatError(str(error)) from None
    except (ValueError, IndexError):
        raise KeyFormatError("The key is of a type that is not known here.") from None
