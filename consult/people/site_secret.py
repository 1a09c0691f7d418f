"""The site's secret: 32 bytes in a file of its own, in no database and in no backup.

Receipt codes, the salts of ballots, the hashes of codes and the signature of sessions need it, so
that whoever has the databases or a backup has none of these. The vault holds a fingerprint of
it, which tells another or a lost one from the one that everything here was made with.
"""

import secrets
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from events.errors import Refused
from events.log.encoding import from_base64url, to_base64url
from events.log.errors import MalformedError
from events.store.private_files import make_once

LABEL = "folkmoot/site-secret/v1"
SECRET_BYTES = 32
FINGERPRINT = "site secret's fingerprint"
"""The name, among the keys of the vault, of what tells the secret from any other."""


class SecretMissing(Refused):
    """The file of the site's secret is gone, and there is something that was made with it."""

    says = (
        "The site's secret, the file {path}, is missing, so nothing was started: without it no "
        "receipt, letter code or saved answer can be found, and ballots that were sent cannot be "
        "opened after closing. Put it back from its copy. If it is lost for good, docs/backup.md "
        "says what is lost with it, and what goes on with: consult init --new-secret"
    )


class SecretOfAnother(Refused):
    """The file has another secret than the one that this site was set up with."""

    says = (
        "The file {path} is not the secret of this site, so nothing was started. Put back the one "
        "that belongs to this database. All hosts of a site have the same file."
    )


class SecretUnusable(Refused):
    """The file cannot be read, or is not a secret."""

    says = "The site's secret, the file {path}, cannot be used: {reason}"


class SecretThere(Refused):
    """A new secret was asked for while the old one works."""

    says = "The site's secret, the file {path}, is there and works, so no new one was made."


def read(path: Path) -> bytes | None:
    """Return the secret; None without a file. Raises SecretUnusable, never quoting it."""
    try:
        label, _, text = path.read_text().strip().partition(" ")
        secret = from_base64url(text, "The secret")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SecretUnusable(path=path, reason=f"{error.strerror}.") from None
    except (UnicodeDecodeError, MalformedError):
        raise SecretUnusable(path=path, reason="it is damaged.") from None
    if label != LABEL or len(secret) != SECRET_BYTES:
        raise SecretUnusable(path=path, reason="it is damaged.")
    return secret


def make(path: Path) -> bytes:
    """Create the file; concurrent processes get the same secret, and an existing one stays."""
    fresh = secrets.token_bytes(SECRET_BYTES)
    make_once(path, f"{LABEL} {to_base64url(fresh)}\n".encode())
    found = read(path)
    assert found is not None
    return found


def derived(secret: bytes, purpose: str, salt: bytes | None = None) -> bytes:
    """Return a key of 32 bytes for one purpose (HKDF-SHA256, RFC 5869)."""
    info = f"{LABEL}\0{purpose}".encode()
    return HKDF(SHA256(), SECRET_BYTES, salt, info).derive(secret)
