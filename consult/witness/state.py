"""The state of a witness in one SQLite file: known logs, cosigned heads, evidence."""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from events.errors import Refused
from events.log.key_change import Followed, KeyChange, follow, may_sign
from events.log.keys import VerifierKey, parse_vkey
from events.log.merkle import TreeHead
from events.log.note import parse_note
from events.log.witness import AddCheckpoint, Decision, decide
from events.store.private_files import check_files, make_file

SCHEMA = """
CREATE TABLE IF NOT EXISTS log (
    vkey TEXT PRIMARY KEY, origin TEXT NOT NULL, url TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS ended (
    vkey TEXT PRIMARY KEY, size INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS seen (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, signed BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS evidence (
    number INTEGER PRIMARY KEY, origin TEXT NOT NULL, at INTEGER NOT NULL,
    reason TEXT NOT NULL, seen BLOB NOT NULL, request BLOB NOT NULL,
    UNIQUE (origin, request)
) STRICT;
"""
BUSY_SECONDS_MAX = 10
EVIDENCE_MAX = 1_000
"""Requests stored for each log; a limit protects the disk."""


class NoWitness(Refused):
    """There is no witness in the folder."""

    says = "There is no witness in {folder}. Make one first: consult witness init --name NAME"


class KeyContradicted(Refused):
    """A change of a log's key contradicts what was cosigned."""

    says = (
        "{origin} announces that its key changed at {size} entries, but it signed something else "
        "with the old one. The new key is not taken."
    )


class Known(NamedTuple):
    """A log that this witness watches. `url`: its address, or empty."""

    key: VerifierKey
    url: str


class Evidence(NamedTuple):
    """A log signed something that contradicts what was seen before.

    `seen`: the checkpoint cosigned before; `request`: the whole request sent now.
    """

    number: int
    origin: str
    at: int
    reason: str
    seen: bytes
    request: bytes


class State:
    """The stored state of one witness. Raises NoWitness if the file is missing without `create`.

    Also raises OthersCanRead, OthersCanWrite.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        if not create and not path.is_file():
            raise NoWitness(folder=path.parent)
        make_file(path)
        check_files([path])
        self._path = path
        self._lock = threading.Lock()
        with closing(self._connect()) as db:
            db.executescript(SCHEMA)

    def add_log(self, key: VerifierKey, url: str) -> None:
        """Watch a log, or add another key of it; update its URL."""
        with closing(self._connect()) as db:
            db.execute(
                "INSERT INTO log VALUES (?, ?, ?) "
                "ON CONFLICT (vkey) DO UPDATE SET url = excluded.url",
                (key.vkey, key.name, url),
            )

    def logs(self) -> list[Known]:
        """Return every log that is watched."""
        with closing(self._connect()) as db:
            rows = db.execute("SELECT vkey, url FROM log ORDER BY origin, vkey").fetchall()
        return [Known(parse_vkey(vkey), url) for vkey, url in rows]

    def keys_of(self, origin: str) -> Followed:
        """Return the keys known for a log, with the last size that each may sign."""
        with closing(self._connect()) as db:
            rows = db.execute(
                "SELECT vkey, size FROM log LEFT JOIN ended USING (vkey) WHERE origin = ?",
                (origin,),
            ).fetchall()
        return {parse_vkey(vkey): size for vkey, size in rows}

    def follow(self, origin: str, changes: Sequence[KeyChange]) -> bool:
        """Know the keys that follow from those known; return whether anything is new.

        Raises KeyContradicted when what was cosigned is not what a change says.
        """
        known = self.keys_of(origin)
        mine = [change for change in changes if change.old.name == origin]
        followed = follow(known, mine)
        if followed == known:
            return False
        seen = self.seen(origin)
        for change in mine:
            is_new = known.get(change.old) is None and followed.get(change.old) is not None
            if is_new and seen is not None and _contradicts(change, *seen):
                raise KeyContradicted(origin=origin, size=change.head.size)
        self._keep(known, followed)
        return True

    def _keep(self, known: Followed, followed: Followed) -> None:
        url = next((one.url for one in self.logs() if one.key in known), "")
        with self._lock, closing(self._connect()) as db:
            db.execute("BEGIN IMMEDIATE")
            for key, until in followed.items():
                db.execute("INSERT OR IGNORE INTO log VALUES (?, ?, ?)", (key.vkey, key.name, url))
                if until is not None:
                    db.execute("INSERT OR REPLACE INTO ended VALUES (?, ?)", (key.vkey, until))
            db.execute("COMMIT")

    def seen(self, origin: str) -> tuple[TreeHead, bytes] | None:
        """Return the last head that was cosigned, with its signed checkpoint, or None."""
        with closing(self._connect()) as db:
            return _seen(db, origin)

    def judge(
        self, request: AddCheckpoint, now: int, cosign: Callable[[], bytes]
    ) -> tuple[Decision, bytes]:
        """Decide on a request, and store the new head durably before cosigning.

        Requests are serialised: otherwise two concurrent ones could both extend the same head.
        Return the decision and the response's body.
        """
        keys = may_sign(self.keys_of(request.origin), request.checkpoint.size)
        with self._lock, closing(self._connect()) as db:
            db.execute("BEGIN IMMEDIATE")
            before = _seen(db, request.origin)
            decision = decide(request, keys, before[0] if before else None)
            if decision.seen is not None:
                size, root = decision.seen
                db.execute(
                    "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)",
                    (request.origin, size, root, request.signed),
                )
            if decision.is_evidence:
                _keep_evidence(db, request, now, decision.reason, before[1] if before else b"")
            db.execute("COMMIT")
        return decision, cosign() if decision.seen is not None else decision.body

    def keep_evidence(self, request: AddCheckpoint, now: int, reason: str) -> None:
        """Store a checkpoint that contradicts what was seen before."""
        with self._lock, closing(self._connect()) as db:
            before = _seen(db, request.origin)
            _keep_evidence(db, request, now, reason, before[1] if before else b"")

    def evidence(self) -> list[Evidence]:
        """Return the stored evidence, oldest first."""
        with closing(self._connect()) as db:
            rows = db.execute("SELECT * FROM evidence ORDER BY number").fetchall()
        return [Evidence(*row) for row in rows]

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, isolation_level=None, timeout=BUSY_SECONDS_MAX)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        return db


def _contradicts(change: KeyChange, seen: TreeHead, signed: bytes) -> bool:
    """Return whether the old key signed more than the change says, or something else."""
    if seen.size == change.head.size:
        return seen.root != change.head.root
    lines = parse_note(signed).signatures
    return seen.size > change.head.size and any(line.is_by(change.old) for line in lines)


def _seen(db: sqlite3.Connection, origin: str) -> tuple[TreeHead, bytes] | None:
    row = db.execute("SELECT size, root, signed FROM seen WHERE origin = ?", (origin,)).fetchone()
    return (TreeHead(row[0], row[1]), row[2]) if row else None


def _keep_evidence(
    db: sqlite3.Connection, request: AddCheckpoint, now: int, reason: str, seen: bytes
) -> None:
    (held,) = db.execute(
        "SELECT COUNT(*) FROM evidence WHERE origin = ?", (request.origin,)
    ).fetchone()
    if held < EVIDENCE_MAX:
        db.execute(
            "INSERT OR IGNORE INTO evidence (origin, at, reason, seen, request) "
            "VALUES (?, ?, ?, ?, ?)",
            (request.origin, now, reason, seen, request.encode()),
        )
