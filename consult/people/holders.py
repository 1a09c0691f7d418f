"""The secrets of whoever holds a receipt, which come of its changing code.

A changing code is stored nowhere: the record has only a commitment to three secrets that come of
the code and of the site's secret, one for each thing that its holder may ask for. The entry of
that thing reveals one of them (docs/log.md), so that nobody can claim it of somebody who did not.
"""

import base64
import hashlib
import hmac
import secrets
from uuid import UUID

from consult.people.vault import Vault, url64, written_code

REPLACED, WITHDRAWN, ERASED = "replaced", "withdrawn", "erased"
KINDS = (REPLACED, WITHDRAWN, ERASED)
LABEL = b"folkmoot/holder/v1\0"
CODE_BYTES, SECRET_BYTES = 10, 32


def changing_code(vault: Vault, subject_id: UUID, browser: str, command_id: str) -> str:
    """Return the changing code of answers: for one browser and command always the same.

    So a person whose reply was lost gets it again from the browser that sent, and nobody else
    does: `browser` is a secret that only the browser keeps. Without one the code is random.
    """
    if not (browser and command_id):
        return written_code(secrets.token_bytes(CODE_BYTES))
    message = f"{subject_id}\0{browser}\0{command_id}".encode()
    digest = hmac.digest(vault.site_key("changing codes"), message, hashlib.sha256)
    return written_code(digest[:CODE_BYTES])


def commitment(vault: Vault, code: str) -> str:
    """Return what the record and the log have of a changing code: 43 characters of base64url."""
    hashes = (hashlib.sha256(secret).digest() for secret in _secrets(vault, code))
    return url64(hashlib.sha256(LABEL + b"".join(hashes)).digest())


def vouched(vault: Vault, code: str, held: str, kind: str) -> str:
    """Return what shows that the holder of a code asked for one of KINDS; "" without the code.

    `held`: the commitment of the answers that it is about.

    It is 96 bytes as base64url: in the place of that kind its secret, in the others the hashes.
    """
    if not code or commitment(vault, code) != held:
        return ""
    parts = [
        secret if each == kind else hashlib.sha256(secret).digest()
        for each, secret in zip(KINDS, _secrets(vault, code), strict=True)
    ]
    return base64.urlsafe_b64encode(b"".join(parts)).decode()


def shows(held: str, vouched: str, kind: str) -> bool:
    """Return whether what is revealed is of the holder of answers with this commitment."""
    data = base64.urlsafe_b64decode(vouched)
    parts = [data[at : at + SECRET_BYTES] for at in range(0, len(data), SECRET_BYTES)]
    parts[KINDS.index(kind)] = hashlib.sha256(parts[KINDS.index(kind)]).digest()
    return url64(hashlib.sha256(LABEL + b"".join(parts)).digest()) == held


def _secrets(vault: Vault, code: str) -> list[bytes]:
    key = vault.site_key("holders")
    return [hmac.digest(key, f"{kind}\0{code}".encode(), hashlib.sha256) for kind in KINDS]
