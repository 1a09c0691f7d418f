"""Check a log from outside, without a server: fetch its head and verify that it has only grown."""

import time
from http import HTTPStatus
from typing import NamedTuple

from consult import outgoing
from consult.witness.state import Known
from consult.witness.witness import Witness
from events.errors import Refused
from events.log.bundle import BUNDLE_BYTES_MAX
from events.log.errors import LogError
from events.log.key_change import may_sign, parse_history
from events.log.merkle import TreeHead, verify_consistency
from events.log.reader import TileTree
from events.log.signed_checkpoint import SignedCheckpoint, open_checkpoint
from events.log.tiles import Tile
from events.log.witness import request_cosignature

LIMITS = outgoing.Limits(seconds_max=20, bytes_max=BUNDLE_BYTES_MAX)


class OutOfReach(Refused):
    """The log does not answer, so nothing was checked."""

    says = "{url} does not answer ({reason}). Nothing was checked. Try again later."


class NotGrown(Refused):
    """The log contradicts what it signed before."""

    says = (
        "{origin} does not hold what it signed before: {reason} The two checkpoints are kept "
        "as evidence; see: consult witness evidence"
    )


class Checked(NamedTuple):
    """The result of a check. `before`: the head at the last check, None at the first."""

    before: TreeHead | None
    now: SignedCheckpoint


def check(witness: Witness, known: Known) -> Checked:
    """Fetch a log's head, verify that it has only grown since the last check, and store it.

    The proof is computed from the log's own tiles, and is valid only if these match both signed
    roots. Raises OutOfReach, NotGrown (then evidence is stored).
    """
    origin = known.key.name
    _follow_keys(witness, known)
    signed = fetch(f"{known.url}/checkpoint")
    try:
        size = request_cosignature(0, [], signed).checkpoint.size
        opened = open_checkpoint(signed, may_sign(witness.state.keys_of(origin), size))
    except LogError as error:
        raise NotGrown(origin=origin, reason=str(error)) from None
    seen = witness.state.seen(origin)
    old, new = seen[0] if seen else TreeHead(0, b""), opened.checkpoint.head
    now = int(time.time())
    try:
        proof = _proof(known, old, new)
    except LogError as error:
        request = request_cosignature(min(old.size, new.size), [], signed)
        witness.state.keep_evidence(request, now, str(error))
        raise NotGrown(origin=origin, reason=str(error)) from None
    request = request_cosignature(old.size, proof, signed)
    decision, _ = witness.state.judge(request, now, lambda: b"")
    if decision.status is not HTTPStatus.OK:
        raise NotGrown(origin=origin, reason=decision.reason)
    return Checked(seen[0] if seen else None, opened)


def _follow_keys(witness: Witness, known: Known) -> None:
    """Take the keys that the log announces and known ones vouch for. Raises KeyContradicted."""
    try:
        changes = parse_history(fetch(f"{known.url}/keys"))
    except OutOfReach:  # a log that announces nothing
        return
    except LogError as error:
        raise NotGrown(origin=known.key.name, reason=str(error)) from None
    witness.state.follow(known.key.name, changes)


def fetch(url: str) -> bytes:
    """Return the content of a URL, at most BUNDLE_BYTES_MAX bytes. Raises OutOfReach."""
    if not url.startswith(("http://", "https://")):
        raise OutOfReach(url=url, reason="it does not start with https://")
    try:
        answer = outgoing.ask(url, LIMITS)
    except outgoing.NotAnsweredError as error:
        raise OutOfReach(url=url, reason=str(error)) from None
    if answer.status != HTTPStatus.OK:
        raise OutOfReach(url=url, reason=f"status {answer.status}")
    return answer.body


def _proof(known: Known, old: TreeHead, new: TreeHead) -> list[bytes]:
    """Return the consistency proof from the log's tiles. Raises LogError if there is none."""
    if old.size > new.size:
        raise LogError(f"it had {old.size} entries and now has {new.size}.")
    if old.size == 0:
        return []
    if old.size == new.size and old.root != new.root:
        raise LogError(f"it shows two different lists of {new.size} entries.")

    def read(tile: Tile) -> bytes:
        return fetch(f"{known.url}/{tile.path}")

    proof = TileTree(new.size, read).prove_consistency(old.size)
    verify_consistency(old, new, proof)
    return proof
