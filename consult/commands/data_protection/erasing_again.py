"""Erase again, by a copy of the public log, what a restored record does not know to be erased.

For when record and vault are both old copies and the ledger of erasures is lost with them. An
`erased` entry names a pseudonym, which names the submission; the entries before it say up to which
version.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from consult import access
from consult.commands.context import Actor
from consult.people.erasing.forgetting import forget
from consult.sealing.key_history import changes_of
from consult.services import Services
from events import Ballot, Conflict, DataProtectionCase, Response
from events.errors import Refused
from events.log.bundle import parse_bundle
from events.log.checkpoint import parse_body
from events.log.entry import decode_entry
from events.log.errors import LogError
from events.log.key_change import follow, may_sign
from events.log.keys import parse_vkey
from events.log.leaf import leaf_hash
from events.log.merkle import TreeHead, root_of
from events.log.note import parse_note
from events.log.signed_checkpoint import open_checkpoint
from events.log.tiles import ENTRIES, TILE_WIDTH, Tile, tile_for
from events.submission import Submission


class NotThisLog(Refused):
    """The copy is not a whole copy of the log that this installation signed."""

    says = "{folder} is not a whole copy of this log ({reason}), so nothing was erased."


class _Erased(NamedTuple):
    """An erasure in the log: whose answers, up to which version."""

    consultation_id: UUID
    pseudonym: str
    version: int


@access.needs(access.KEEP_PERSONAL_DATA)
def erase_again(services: Services, folder: Path, *, actor: Actor) -> int:
    """Record and carry out the erasures that only the copy knows; return their number.

    `folder`: with the files of the log under their addresses. Raises NotThisLog.
    """
    try:
        found = list(_erasures(_entries(folder, _signed_head(services, folder))))
    except (OSError, LogError) as error:
        raise NotThisLog(folder=folder, reason=str(error)) from None
    number = sum(_record(services, erased, actor) for erased in found)
    forget(services.record, services.vault)
    return number


def _signed_head(services: Services, folder: Path) -> TreeHead:
    signed = (folder / "checkpoint").read_bytes()
    vkey = services.log.document("vkey")
    known = {parse_vkey(vkey.decode().strip()): None} if vkey else {}
    keys = follow(dict(known), changes_of(services.log))
    size = parse_body(parse_note(signed).text).size
    return open_checkpoint(signed, may_sign(keys, size)).checkpoint.head


def _entries(folder: Path, head: TreeHead) -> list[dict[str, Any]]:
    """Return the entries that persons are named in. Raises LogError unless all lead to the root."""
    hashes: list[bytes] = []
    found: list[dict[str, Any]] = []
    for number in range(-(-head.size // TILE_WIDTH)):
        for content in _bundle(folder, number, head.size):
            hashes.append(leaf_hash(content))
            if b'"b":' in content:  # cheap to ask; it may stand further in, as an option's id
                entry = decode_entry(content)
                found += [entry] if "b" in entry else []
    if root_of(hashes) != head.root:
        raise LogError("its entries do not lead to the root that was signed")
    return found


def _bundle(folder: Path, number: int, size: int) -> list[bytes]:
    tile = tile_for(ENTRIES, number, size)
    assert tile is not None
    path = folder / tile.path
    if not path.exists():  # a copy that went on has only the fuller one
        path = folder / Tile(ENTRIES, number).path
    return parse_bundle(path.read_bytes())[: tile.width]


def _erasures(entries: list[dict[str, Any]]) -> Iterator[_Erased]:
    versions: dict[tuple[str, str], int] = {}
    for entry in entries:
        whose = (entry["c"], entry["b"])
        if entry["t"] == "erased" and whose in versions:
            yield _Erased(UUID(entry["c"]), entry["b"], versions[whose])
        elif "s" in entry:
            versions[whose] = entry["s"]


def _record(services: Services, erased: _Erased, actor: Actor) -> bool:
    """Record one erasure unless it is known; return whether it was recorded."""
    record = services.record
    id = Submission.id_for(erased.consultation_id, erased.pseudonym)
    kept = record.find(Ballot, id) or record.find(Response, id)
    if kept is None:
        return False
    version = min(erased.version, kept.version)
    case_id = DataProtectionCase.erasure_id(id, version)
    if record.find(DataProtectionCase, case_id) is not None:
        return False
    fact = DataProtectionCase.PersonalDataErased(
        at=services.clock(),
        by=actor.by(f"again/{case_id}"),
        consultation_id=erased.consultation_id,
        submission_id=id,
        version=version,
        pseudonym=erased.pseudonym,
    )
    try:
        record.save(DataProtectionCase.begin(case_id, fact))
    except Conflict:  # another process was first
        return False
    return True
