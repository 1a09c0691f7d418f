"""Fetch rounds of the drand network over HTTP, and verify them with the network's public key.

A round of an unchained network is a BLS signature on G1 of SHA-256(round as 8 bytes, big-endian)
(draft-irtf-cfrg-bls-signature, hash to curve of RFC 9380); its value is the SHA-256 of the
signature, so nobody can choose it, or know it before enough members have signed.
"""

import re
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import msgspec

from consult import outgoing
from events.consultations.beacon import Chain
from events.errors import Refused

DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
SIGNATURE_BYTES = 48
PUBLISHED_BYTES_MAX = 4_096
LIMITS = outgoing.Limits(seconds_max=10, bytes_max=PUBLISHED_BYTES_MAX)
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]+")


class NoRound(Refused):
    """The round could not be fetched from the relay."""

    says = (
        "The round could not be fetched from {place}, so nothing was recorded. Try again later, "
        "or copy what the network publishes for round {round} by hand."
    )


def value_of(signature: str) -> str:
    """Return the value of a round: SHA-256 of its signature, in hexadecimal."""
    return sha256(bytes.fromhex(signature)).hexdigest()


def signature_in(published: str) -> str:
    """Return the signature in what the network publishes for a round, or "" if there is none.

    `published`: the JSON object of a round, or the signature alone, in hexadecimal.
    """
    text = published.strip()[:PUBLISHED_BYTES_MAX]
    try:
        document: Any = msgspec.json.decode(text)
    except msgspec.DecodeError:
        document = text
    if isinstance(document, dict):
        document = document.get("signature")
    if not isinstance(document, str) or not _HEXADECIMAL.fullmatch(document):
        return ""
    return document.lower() if len(document) == 2 * SIGNATURE_BYTES else ""


def is_signed(chain: Chain, round: int, signature: str) -> bool:
    """Return whether the network's signature of a round verifies; takes about a second."""
    # Imported here: it is large, and needed once per consultation.
    from py_ecc.bls.g2_primitives import subgroup_check  # noqa: PLC0415  slow to import, and asked for only where a round is fetched
    from py_ecc.bls.hash_to_curve import hash_to_G1  # noqa: PLC0415  slow to import, and asked for only where a round is fetched
    from py_ecc.bls.point_compression import decompress_G1, decompress_G2  # noqa: PLC0415  slow to import, and asked for only where a round is fetched
    from py_ecc.bls.typing import G1Compressed, G2Compressed  # noqa: PLC0415  slow to import, and asked for only where a round is fetched
    from py_ecc.optimized_bls12_381.optimized_curve import G2  # noqa: PLC0415  slow to import, and asked for only where a round is fetched
    from py_ecc.optimized_bls12_381.optimized_pairing import pairing  # noqa: PLC0415  slow to import, and asked for only where a round is fetched

    message = sha256(round.to_bytes(8, "big")).digest()
    key = bytes.fromhex(chain.key)
    half = len(key) // 2
    try:
        point = decompress_G1(G1Compressed(int(signature, 16)))
        halves = int.from_bytes(key[:half], "big"), int.from_bytes(key[half:], "big")
        owner = decompress_G2(G2Compressed(halves))
    except ValueError:
        return False
    hash_function: Any = sha256  # the library annotates a hash object, but calls a function
    hashed = hash_to_G1(message, DOMAIN, hash_function)
    return bool(subgroup_check(point) and pairing(G2, point) == pairing(owner, hashed))


def address_of(relay: str, chain: Chain, round: int) -> str:
    """Return the URL where a relay publishes a round."""
    return f"{relay.rstrip('/')}/{chain.hash}/public/{round}"


def fetch(relay: str, chain: Chain, round: int) -> str:
    """Return the signature of a round from a relay, not verified. Raises NoRound."""
    place = urlsplit(relay).hostname or relay
    address = address_of(relay, chain, round)
    try:
        answer = outgoing.ask(address, LIMITS)
    except outgoing.NotAnsweredError as error:
        raise NoRound(place=place, round=round) from error
    is_found = answer.status == HTTPStatus.OK
    found = signature_in(answer.body.decode("utf-8", "replace")) if is_found else ""
    if not found:
        raise NoRound(place=place, round=round)
    return found
