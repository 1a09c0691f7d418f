"""The vault's database, beside the record, and the keys: its own, and the site's."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from consult.people import site_secret, tables
from consult.people.site_secret import FINGERPRINT, SecretMissing, SecretOfAnother, SecretThere
from events.errors import Refused
from events.store.database_url import VAULT, PostgresAddress, SqliteAddress, parse
from events.store.engines import WIDE_CONNECTIONS, postgres_engine, sqlite_engine

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "busy_timeout=10000")
KEYS_SECONDS = 600.0
"""How long a process caches keys: after that, a destroyed one is gone everywhere."""


class KeyGone(Refused):
    """The key of the consultation is destroyed: no pseudonym can be computed or linked."""

    says = "The key of this consultation was destroyed, so nothing links answers to people now."


class Vault:
    """The only store with mutable data. Every method is one transaction.

    On SQLite it is a file beside the record with deleted bytes overwritten; on PostgreSQL
    the schema `people` of the same database.
    """

    def __init__(
        self, database_url: str, secret_path: Path, *, connections: int = WIDE_CONNECTIONS
    ) -> None:
        """`secret_path`: of the site's secret, which is read when it is first needed."""
        self.engine = _engine(parse(database_url), connections)
        self._secret_path, self._known_secret = secret_path, b""
        self.insert: Any = (
            sqlite_insert if self.engine.dialect.name == "sqlite" else postgresql_insert
        )
        self._site_keys: dict[str, bytes] = {}
        self._keys: dict[str, bytes] = {}
        self._sealed_keys: dict[UUID, tuple[bytes, bytes]] = {}
        self._keys_until = 0.0

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield a connection in a transaction; durable after it, or rolled back on an exception."""
        with self.engine.begin() as connection:
            yield connection

    def consultation_key(self, consultation_id: UUID) -> bytes:
        """Return the key of a consultation (K_c), 32 bytes, created at first use.

        Raises KeyGone once it is destroyed.
        """
        return self._key(consultation_key_name(consultation_id))

    def owner(self, consultation_id: UUID, subject_id: UUID, version: int, purpose: str) -> str:
        """Return the owner, a keyed hash, of a row that must not be linked to answers.

        It has its own key, which only erasure and a person's own requests use and which is
        destroyed with K_c. Raises KeyGone.
        """
        key = self._key(erasure_key_name(consultation_id))
        message = f"{purpose}\0{subject_id}\0{version}".encode()
        return url64(hmac.digest(key, message, hashlib.sha256))

    def site_key(self, purpose: str) -> bytes:
        """Return a key of the site, 32 bytes, which comes of its secret and is in no database.

        Raises SecretMissing, SecretOfAnother, SecretUnusable.
        """
        known = self._site_keys.get(purpose)
        if known is None:
            known = self._site_keys[purpose] = site_secret.derived(self._secret(), purpose)
        return known

    def require_secret(self) -> None:
        """Check that the file of the site's secret is there, and is the one that belongs here.

        Raises SecretMissing, SecretOfAnother, SecretUnusable.
        """
        secret, mark = site_secret.read(self._secret_path), self._fingerprint()
        if secret is None:
            raise SecretMissing(path=self._secret_path)
        if mark != site_secret.derived(secret, FINGERPRINT):
            raise SecretOfAnother(path=self._secret_path)
        self._known_secret = secret

    def make_secret(self, *, anew: bool = False) -> None:
        """Create the site's secret if nothing was made with one yet.

        `anew`: the old one is lost, and what needs it is given up. Raises SecretThere, and what
        `require_secret` raises.
        """
        path = self._secret_path
        if anew:
            # Without a fingerprint an earlier call died before it stored the new one's.
            if site_secret.read(path) is not None and self._fingerprint() is not None:
                self.require_secret()
                raise SecretThere(path=path)
            with self.transaction() as connection:
                connection.execute(delete(tables.key).where(tables.key.c.name == FINGERPRINT))
        if self._fingerprint() is None:
            mark = site_secret.derived(site_secret.make(path), FINGERPRINT)
            fresh = self.insert(tables.key).values(name=FINGERPRINT, secret=mark)
            with self.transaction() as connection:
                connection.execute(fresh.on_conflict_do_nothing())
        self.require_secret()

    def pseudonym(self, consultation_id: UUID, voter: str) -> str:
        """Return p = base64url(HMAC-SHA256(K_c, voter)[:16]): TRUST, section 3."""
        return url64(self._mac(consultation_id, "voter", voter)[:16])

    def receipt_code(self, consultation_id: UUID, subject_id: UUID, version: int) -> str:
        """Return the checking code of one version, which its holder may show to anybody.

        Derived, so a repeated submission gets the receipt it already had; from the site's secret
        too, so not from what is in databases.
        """
        return written_code(
            self._sealed_mac(consultation_id, "receipt", f"{subject_id}/{version}")[:10]
        )

    def desk(self, consultation_id: UUID, actor: str) -> str:
        """Return the public code of an account that answers for people in a consultation.

        It does not reveal the account, except to somebody with K_c.
        """
        digest = self._mac(consultation_id, "desk", actor)
        letters = base64.b32encode(digest[:5]).decode().translate(TO_CROCKFORD)
        return f"{letters[:4]}-{letters[4:]}"

    def ballot_salt(self, consultation_id: UUID, subject_id: UUID, version: int) -> bytes:
        """Return the 32-byte salt that opens the commitment to one version's answers."""
        return self._sealed_mac(consultation_id, "salt", f"{subject_id}/{version}")

    def receipt_hash(self, code: str) -> str:
        """Return the hash of a receipt code in the record: 128 bits, keyed with the secret."""
        return url64(hmac.digest(self.site_key("receipts"), code.encode(), hashlib.sha256)[:16])

    def forget_keys(self) -> None:
        """Clear the cache of keys, so that the next use reads the store."""
        self._keys.clear()
        self._sealed_keys.clear()

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def _mac(self, consultation_id: UUID, purpose: str, value: str) -> bytes:
        message = f"{purpose}\0{value}".encode()
        return hmac.digest(self.consultation_key(consultation_id), message, hashlib.sha256)

    def _sealed_mac(self, consultation_id: UUID, purpose: str, value: str) -> bytes:
        """Return a MAC under a key that needs both K_c and the site's secret."""
        destroyable = self.consultation_key(consultation_id)
        known = self._sealed_keys.get(consultation_id)
        if known is None or known[0] != destroyable:
            key = site_secret.derived(self._secret(), f"ballots/{consultation_id}", destroyable)
            known = self._sealed_keys[consultation_id] = (destroyable, key)
        return hmac.digest(known[1], f"{purpose}\0{value}".encode(), hashlib.sha256)

    def _secret(self) -> bytes:
        """Return the secret, read once: what runs goes on when the file is taken away."""
        if not self._known_secret:
            self.require_secret()
        return self._known_secret

    def _fingerprint(self) -> bytes | None:
        find = select(tables.key.c.secret).where(tables.key.c.name == FINGERPRINT)
        with self.transaction() as connection:
            found = connection.execute(find).scalar()
        return None if found is None else bytes(found)

    def _key(self, name: str) -> bytes:
        now = time.monotonic()
        if now > self._keys_until:
            self._keys, self._sealed_keys = {}, {}
            self._keys_until = now + KEYS_SECONDS
        known = self._keys.get(name)
        if known is None:
            known = self._keys[name] = self._read_or_make_key(name)
        return known

    def _read_or_make_key(self, name: str) -> bytes:
        find = select(tables.key.c.secret).where(tables.key.c.name == name)
        with self.transaction() as connection:
            secret = connection.execute(find).scalar()
            if secret is None:
                fresh = self.insert(tables.key).values(name=name, secret=secrets.token_bytes(32))
                connection.execute(fresh.on_conflict_do_nothing())
                secret = connection.execute(find).scalar_one()
        if not secret:
            raise KeyGone
        return bytes(secret)


def consultation_key_name(consultation_id: UUID) -> str:
    """Return the name of K_c in the vault."""
    return f"consultation/{consultation_id}"


def erasure_key_name(consultation_id: UUID) -> str:
    """Return the name of the key of `Vault.owner` in the vault."""
    return f"erasure/{consultation_id}"


BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TO_CROCKFORD = str.maketrans(BASE32, CROCKFORD)
MISREAD = str.maketrans("OILU", "011V")


def written_code(value: bytes) -> str:
    """Return 80 bits as 16 letters in groups of four."""
    letters = base64.b32encode(value).decode().translate(TO_CROCKFORD)
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def read_receipt_code(typed: str) -> str:
    """Return a typed code in its written form; letters that look like digits become digits.

    Crockford's alphabet has no I, L, O or U, so those can only be misreadings.
    """
    letters = "".join(c for c in typed.upper() if c.isalnum()).translate(MISREAD)
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def url64(value: bytes) -> str:
    """Encode bytes as base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _engine(address: SqliteAddress | PostgresAddress, connections: int) -> Engine:
    if isinstance(address, SqliteAddress):
        return sqlite_engine(address.store(VAULT), PRAGMAS)
    engine = postgres_engine(address, connections=connections)
    return engine.execution_options(schema_translate_map={None: VAULT})
