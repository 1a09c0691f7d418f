"""The sealer: append new facts of the record to the log, sign the head, then publish it.

Each round is three durable steps. The entries, tiles and new head are stored; the head is
remembered beside the key; then it is signed and published. So nothing is ever signed that a
crash could undo, and after a crash between any two steps the next sealer continues from what is
stored: signing the same head again gives the same bytes. Any error ends a sealer; a new one is
opened, which checks everything again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Self

from consult.log_store.store import Checkpoint, LogStore, Stored
from consult.log_store.stored_tiles import Missing
from consult.log_store.writer import Writer
from consult.sealing.key import Memory
from consult.sealing.public_entries.entries import Publisher, log_open
from events.errors import Refused
from events.log.append import Edge, append, load_edge
from events.log.checkpoint import Checkpoint as CheckpointText
from events.log.errors import LogError
from events.log.keys import SignerKey, VerifierKey
from events.log.merkle import TreeHead
from events.log.note import parse_note, sign
from events.log.signed_checkpoint import open_checkpoint, sign_checkpoint
from events.store.record import Record

FACTS_MAX = 1_000
"""Facts in one round; a longer one would delay receipts."""


class SealingRefused(Refused):
    """The stored log contradicts what was signed: nothing is appended or signed."""


class RolledBack(SealingRefused):
    """The stored log is shorter than the one last signed."""

    says = (
        "The stored log has {stored} entries, but {signed} were signed. An old copy was put in "
        "its place. Nothing was appended. Put the newest copy back."
    )


class Forked(SealingRefused):
    """The stored log does not extend the one that was signed."""

    says = (
        "The stored log is not the one that was signed at {signed} entries: {reason} Nothing "
        "was appended. Put the newest copy back, and keep this one as evidence."
    )


class RecordRolledBack(SealingRefused):
    """The log has sealed facts that the record does not have."""

    says = (
        "The log has sealed the record up to position {sealed}, but the record does not hold "
        "that any more ({reason}). An old copy of the record was put in its place. Nothing was "
        "appended. Put the newest copy back."
    )


class Sealer:
    """The only sealer of a log. `clock`: UTC now. Close it after use, also after an error."""

    _stored: Stored
    _edge: Edge

    def __init__(
        self,
        record: Record,
        store: LogStore,
        key: SignerKey,
        memory: Memory,
        clock: Callable[[], datetime],
        former: Sequence[VerifierKey] = (),
    ) -> None:
        self._record = record
        self._store = store
        self._key = key
        self._former = former
        self._memory = memory
        self._clock = clock
        self._publisher = Publisher(record, store.closing_of)
        self._writer = Writer(store)

    @classmethod
    def open(
        cls,
        record: Record,
        store: LogStore,
        key: SignerKey,
        memory: Memory,
        clock: Callable[[], datetime],
        former: Sequence[VerifierKey] = (),
    ) -> Self:
        """Take the lock, check the stored log against what was signed, and sign its head if needed.

        `former`: the keys that signed it before. Raises AnotherSealer, MemoryLost, RolledBack,
        Forked, RecordRolledBack.
        """
        sealer = cls(record, store, key, memory, clock, former)
        try:
            sealer._resume()
            sealer._sign_head()
        except BaseException:
            sealer.close()
            raise
        return sealer

    @classmethod
    def look(
        cls,
        record: Record,
        store: LogStore,
        key: SignerKey,
        memory: Memory,
        clock: Callable[[], datetime],
        former: Sequence[VerifierKey] = (),
    ) -> TreeHead:
        """Return the head of the stored log, checked as by `open`, which signs nothing here."""
        sealer = cls(record, store, key, memory, clock, former)
        try:
            sealer._resume()
            return sealer.head
        finally:
            sealer.close()

    @property
    def position(self) -> int:
        """The position up to which the record is sealed."""
        return self._stored.position

    @property
    def size(self) -> int:
        """The number of entries in the log."""
        return self._stored.head.size

    @property
    def head(self) -> TreeHead:
        """The size and root of the log."""
        return self._stored.head

    @property
    def writer(self) -> Writer:
        """The writer, for data stored beside the log itself."""
        return self._writer

    def seal(self) -> int:
        """Seal the next facts; return their number, 0 if there are none."""
        rows = self._record.read(self.position, FACTS_MAX)
        if not rows:
            self._require_record()
            return 0
        entries = self._publisher.entries(rows, self.size)
        last = rows[-1].position
        if entries:
            appended = append(self._edge, [entry.content for entry in entries])
            self._stored = self._writer.append(self._stored, appended, entries, last)
            self._edge = appended.edge
            self._sign()
        else:
            self._stored = self._writer.advance(self._stored, last)
        return len(rows)

    def seal_all(self) -> int:
        """Seal all facts; return the number of entries in the log."""
        while self.seal():
            pass
        return self.size

    def close(self) -> None:
        """Release the lock for another sealer."""
        self._writer.close()

    def _resume(self) -> None:
        signed = self._signed_heads()
        stored = self._store.stored()
        size = stored.head.size if stored else 0
        longest = max(head.size for head in signed)
        if size < longest:
            raise RolledBack(stored=size, signed=longest)
        if stored is None:
            first = log_open(self._key.name)
            appended = append(Edge(), [first.content])
            stored = self._writer.append(None, appended, [first], 0)
        self._stored = stored
        for head in signed:
            self._require_growth_from(head)
        self._require_record()
        self._require_same_facts()

    def _sign_head(self) -> None:
        """Sign the head unless this key has; beside an earlier key's signature where it has one."""
        latest = self._store.latest()
        if latest is None or latest.size < self.size:
            self._sign()
            return
        note = parse_note(latest.signed)
        if not any(line.is_by(self._key.verifier) for line in note.signatures):
            signed = note.with_signatures([sign(note.text, self._key)]).encode()
            self._store.sign_again(latest._replace(signed=signed))

    def _signed_heads(self) -> list[TreeHead]:
        """Return the heads that were signed, from the memory and from the log's store."""
        heads = [self._memory.recall()]
        latest = self._store.latest()
        if latest is not None:
            try:
                opened = open_checkpoint(latest.signed, [self._key.verifier, *self._former])
            except LogError as error:
                raise Forked(signed=latest.size, reason=str(error)) from error
            heads.append(opened.checkpoint.head)
        return heads

    def _require_growth_from(self, signed: TreeHead) -> None:
        """Check that the stored log extends a signed head and has an intact edge. Raises Forked."""
        head = self._stored.head
        try:
            with self._store.tree(head.size) as tree:
                self._edge = load_edge(head, self._store.tile)
                before = tree.range_hash(0, signed.size)
        except (LogError, Missing) as error:
            raise Forked(signed=signed.size, reason=str(error)) from error
        if before != signed.root:
            raise Forked(signed=signed.size, reason="its root is another one.")

    def _require_record(self) -> None:
        head = self._record.head()
        if head < self.position:
            raise RecordRolledBack(sealed=self.position, reason=f"it ends at {head}")

    def _require_same_facts(self) -> None:
        """Check that the record still has the last sealed fact. Raises RecordRolledBack."""
        last = self._store.last_sealed()
        if last is None:
            return
        rows = self._record.read(last.position - 1, 1)
        if [(row.subject_id, row.version) for row in rows] != [(last.subject_id, last.version)]:
            reason = f"position {last.position} holds something else"
            raise RecordRolledBack(sealed=self.position, reason=reason)

    def _sign(self) -> None:
        head = self._stored.head
        self._memory.remember(head)
        text = CheckpointText(self._key.name, head.size, head.root)
        signed = sign_checkpoint(text, self._key)
        self._store.publish(Checkpoint(head.size, signed, self._clock()))
