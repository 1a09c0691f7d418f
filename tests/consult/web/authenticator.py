"""A passkey in software: makes and signs what a telephone would, and whatever else a test wants."""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
SERVED_AT = "https://say.example.org"


class Authenticator:
    """One device with one passkey. `counts`: whether it counts how often it was used."""

    def __init__(self, origin: str = SERVED_AT, *, counts: bool = True) -> None:
        self.origin, self.counts, self.counter = origin, counts, 0
        self.flags = PRESENT | VERIFIED
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.user = b""
        self.domain = origin.partition("://")[2].partition(":")[0]

    def create(self, options: dict[str, Any]) -> str:
        """Make the passkey that a page asks for; return what a browser sends."""
        assert options["authenticatorSelection"]["userVerification"] == "required"
        assert options["authenticatorSelection"]["residentKey"] == "required"
        self.user = decoded(options["user"]["id"])
        public = self.key.public_key().public_numbers()
        x, y = (value.to_bytes(32) for value in (public.x, public.y))
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        place = struct.pack(">H", len(self.credential_id)) + self.credential_id
        data = self._data(self.flags | ATTESTED) + bytes(16) + place + cose
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._answer("webauthn.create", options, attestationObject=cbor2.dumps(attestation))

    def get(self, options: dict[str, Any]) -> str:
        """Sign what a page asks for; return what a browser sends."""
        assert options["userVerification"] == "required"
        self.counter += int(self.counts)
        data = self._data(self.flags)
        client = self._client("webauthn.get", options)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            "webauthn.get", options, authenticatorData=data, signature=signed, userHandle=self.user
        )

    def _data(self, flags: int) -> bytes:
        domain = hashlib.sha256(self.domain.encode()).digest()
        return domain + bytes([flags]) + struct.pack(">I", self.counter)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, kind: str, options: dict[str, Any], **response: bytes) -> str:
        id = encoded(self.credential_id)
        given = {"clientDataJSON": self._client(kind, options)} | response
        sent = {name: encoded(value) for name, value in given.items()}
        return json.dumps({"id": id, "rawId": id, "type": "public-key", "response": sent})


def encoded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
