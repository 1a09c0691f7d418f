"""What auditors signed: that each line of a list of ballots belongs to an entry (docs/log.md)."""

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from consult.log_store import tables
from consult.log_store.store import LogStore
from consult.sealing.public_entries.packs import list_lines, pack_of
from events.log.encoding import from_base64, from_decimal
from events.log.errors import MalformedError
from events.log.keys import VerifierKey
from events.log.note import Note, parse_note
from events.log.reader import TileTree

FORMAT = "folkmoot/attestation/v1"
LINES = 7
AUDITORS_MAX = 32


def keep_attestation(log: LogStore, file: bytes, auditor: VerifierKey, at: datetime) -> UUID:
    """Store an attestation that the auditor signed for a list of this log; return whose list.

    A later one of the same key replaces it. Raises MalformedError and SignatureError.
    """
    note = parse_note(file)
    note.verify([auditor])
    signed = Note(note.text, tuple(one for one in note.signatures if one.is_by(auditor)))
    id = _about(log, note.text.decode())
    kept = {row.auditor for row in _rows(log, id)}
    row = {"consultation_id": id, "auditor": f"{auditor.name}+{auditor.key_id.hex()}"}
    if row["auditor"] not in kept and len(kept) >= AUDITORS_MAX:
        raise MalformedError(f"{AUDITORS_MAX} auditors signed for this list already.")
    table = tables.attestation
    mine = (table.c.consultation_id == id) & (table.c.auditor == row["auditor"])
    with log.write() as db:
        db.execute(table.delete().where(mine))
        db.execute(table.insert().values(**row, note=signed.encode(), at=at))
    return id


def attestations(log: LogStore, consultation_id: UUID) -> bytes:
    """Return every attestation of a list, with a blank line between two."""
    return b"\n".join(bytes(row.note) for row in _rows(log, consultation_id))


def _rows(log: LogStore, id: UUID) -> list[Row[Any]]:
    table = tables.attestation
    query = select(table).where(table.c.consultation_id == id).order_by(table.c.auditor)
    with log.read() as db:
        return list(db.execute(query))


def _about(log: LogStore, text: str) -> UUID:
    """Return which list a text is about. Raises MalformedError if it is none of this log."""
    lines = text.removesuffix("\n").split("\n")
    latest = log.latest()
    if len(lines) != LINES or lines[0] != FORMAT or latest is None:
        raise MalformedError("This is no attestation of a list of ballots.")
    _, origin, consultation, size, root, digest, number = lines
    tree = TileTree(latest.size, log.tile)
    entries = from_decimal(size, "The size")
    own = parse_note(latest.signed).text.decode().partition("\n")[0]
    if origin != own or not 0 < entries <= latest.size:
        raise MalformedError("The attestation is about another log, or an older copy of it.")
    if tree.range_hash(0, entries) != from_base64(root, "The root"):
        raise MalformedError("The attestation is about another history of this log.")
    try:
        id = UUID(consultation)
    except ValueError:
        raise MalformedError("The attestation names no consultation.") from None
    pack = pack_of(log, id)
    if pack is None or pack.openings is None or pack.seen_by != "trackers":
        raise MalformedError("The consultation has no list of ballots.")
    made = sha256()
    found = 0
    for portion in list_lines(log, id):
        made.update(portion)
        found += portion.count(b"\n")
    if (digest, number) != (f"sha256:{made.hexdigest()}", str(found)):
        raise MalformedError("The attestation is about another list of ballots than ours.")
    return id
