"""One-use codes for letters: created, stored as keyed hashes, and looked up when typed.

A code has 60 random bits, written as twelve letters and digits. The vault stores only a keyed
hash under a secret of the site, so that neither its tables nor guesses lead to the letter. Use of
a code is not stored here: the record has it already, because the code identifies the person.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from consult.people import tables
from consult.people.vault import CROCKFORD, MISREAD, Vault, url64

BYTES = 8
LETTERS = 12
GROUP = 4
KEY = "letter codes"
VOTER = "letter/"
ROWS_AT_ONCE = 5_000
_TABLE = tables.letter_code
_PAIRS = [a + b for a in CROCKFORD for b in CROCKFORD]


class Found(NamedTuple):
    """An issued code, with its consultation and batch. `voter`: for `submit_answers`."""

    consultation_id: UUID
    batch_id: str
    voter: str


def make(number: int, draw: Callable[[int], bytes] = secrets.token_bytes) -> list[str]:
    """Return `number` distinct codes in their written form, in the order drawn."""
    found: dict[str, None] = {}
    while len(found) < number:
        some = draw(BYTES * (number - len(found)))
        for at in range(0, len(some), BYTES):
            found[_written(int.from_bytes(some[at : at + BYTES]) >> 4)] = None
    return list(found)


def read(typed: str) -> str:
    """Return a typed code in its written form; letters that look like digits become digits."""
    letters = "".join(c for c in typed.upper() if c.isalnum()).translate(MISREAD)
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def is_whole(code: str) -> bool:
    """Return whether a code has the right length and alphabet."""
    letters = code.replace("-", "")
    return len(letters) == LETTERS and all(letter in CROCKFORD for letter in letters)


def keep(
    vault: Vault,
    consultation_id: UUID,
    batch_id: str,
    codes: Sequence[str],
    now: datetime,
    report: Callable[[int], object] = lambda _stored: None,
) -> None:
    """Store the hashes of a batch. They are not valid until the record says it was issued.

    `report`: called with how many are stored, every ROWS_AT_ONCE.
    """
    same = {"consultation_id": consultation_id, "batch_id": batch_id, "kept_at": now}
    # In the order of the hashes, so that rows do not reveal the order of the letters.
    rows = [{"code_hash": each, **same} for each in sorted(_hashes(vault, codes))]
    for at in range(0, len(rows), ROWS_AT_ONCE):
        with vault.transaction() as connection:
            connection.execute(insert(_TABLE), rows[at : at + ROWS_AT_ONCE])
        report(min(at + ROWS_AT_ONCE, len(rows)))


def find(vault: Vault, code: str) -> Found | None:
    """Return an issued code; None if it is unknown or deleted."""
    [code_hash] = _hashes(vault, [code])
    return _find(vault, code_hash)


def of_voter(vault: Vault, voter: str) -> Found | None:
    """Return the code of this voter; None if there is no such code."""
    return _find(vault, voter.removeprefix(VOTER)) if voter.startswith(VOTER) else None


def count(vault: Vault, batch_id: str) -> int:
    """Return how many codes of a batch are stored."""
    query = select(func.count()).where(_TABLE.c.batch_id == batch_id)
    with vault.transaction() as connection:
        number: int = connection.execute(query).scalar_one()
        return number


def forget(vault: Vault, batch_id: str) -> int:
    """Delete the codes of a batch; return how many."""
    with vault.transaction() as connection:
        return connection.execute(delete(_TABLE).where(_TABLE.c.batch_id == batch_id)).rowcount


def batches_until(vault: Vault, until: datetime) -> list[tuple[UUID, str]]:
    """Return (consultation, batch) for codes stored until a time."""
    query = select(_TABLE.c.consultation_id, _TABLE.c.batch_id)
    with vault.transaction() as connection:
        rows = connection.execute(query.where(_TABLE.c.kept_at <= until).distinct())
        return [(row.consultation_id, row.batch_id) for row in rows]


def _find(vault: Vault, code_hash: str) -> Found | None:
    query = select(_TABLE).where(_TABLE.c.code_hash == code_hash)
    with vault.transaction() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else Found(row.consultation_id, row.batch_id, VOTER + code_hash)


def _hashes(vault: Vault, codes: Iterable[str]) -> list[str]:
    key = vault.site_key(KEY)
    return [url64(hmac.digest(key, code.encode(), hashlib.sha256)[:16]) for code in codes]


def _written(number: int) -> str:
    pairs = [_PAIRS[number >> shift & 1023] for shift in range(50, -1, -10)]
    return f"{pairs[0]}{pairs[1]}-{pairs[2]}{pairs[3]}-{pairs[4]}{pairs[5]}"
