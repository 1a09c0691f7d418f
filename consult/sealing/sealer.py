"""The sealer: append new facts of the record to the log, sign the head, then publish it.

Each round is three durable steps. The entries, tiles and new head are stored, with the facts that
were read and wait for their group; the head is remembered beside the key; then it is signed and
published. So nothing is ever signed that a
crash could undo, and after a crash between any two steps the next sealer continues from what is
stored: signing the same head again gives the same bytes. Any error ends a sealer; a new one is
opened, which checks everything again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Self

from consult.log_store.outgoing import OutgoingEntry
from consult.log_store.store import Checkpoint, Entry, LogStore, Stored
from consult.log_store.stored_tiles import Missing
from consult.log_store.waiting import WaitingFact, Waits, waiting_facts
from consult.log_store.writer import Writer
from consult.sealing.groups import GROUP_MIN, Rounds, Waiting
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
from events.store.record import Record, Row

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
        "The log has read the record up to position {sealed}, but the record does not hold "
        "that any more ({reason}). An old copy of the record was put in its place. Nothing was "
        "appended. Put the newest copy back."
    )


class Sealer:
    """The only sealer of a log. `clock`: UTC now. Close it after use, also after an error."""

    _stored: Stored
    _edge: Edge
    _rounds: Rounds
    _waiting: set[int]
    """Positions of the facts that are stored as waiting."""

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
        """The position up to which the record was read: what is public is sealed, or waits."""
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

    def seal(self, group_min: int = GROUP_MIN) -> int:
        """Seal what is next; return how many facts were read or sealed, 0 if none.

        `group_min`: responses that are enough to be sealed together before their hour ends.
        """
        rows = self._record.read(self.position, FACTS_MAX)
        entries = self._rounds.next(rows, self.size, self._clock(), group_min)
        if not rows:
            self._require_record()
        last = rows[-1].position if rows else self.position
        if entries:
            self._append(entries, last, self._waits())
        elif rows:
            self._stored = self._writer.advance(self._stored, last, self._waits())
        return len(rows) or len(entries)

    def seal_all(self, group_min: int = GROUP_MIN) -> int:
        """Seal all facts but those that wait; return the number of entries in the log."""
        while self.seal(group_min):
            pass
        return self.size

    def announce(self, entry: OutgoingEntry) -> None:
        """Append an entry that is of no fact of the record."""
        self._append([entry], self.position, Waits())

    def close(self) -> None:
        """Release the lock for another sealer."""
        self._writer.close()

    def _append(self, entries: Sequence[OutgoingEntry], position: int, waits: Waits) -> None:
        appended = append(self._edge, [entry.content for entry in entries])
        self._stored = self._writer.append(self._stored, appended, entries, position, waits)
        self._edge = appended.edge
        self._sign()

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
        self._rounds = Rounds(self._publisher, self._read_waiting())

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
        if last is not None:
            self._same_fact(last)

    def _same_fact(self, known: Entry | WaitingFact) -> Row:
        """Return a fact that the log knows by its place in the record. Raises RecordRolledBack."""
        rows = self._record.read(known.position - 1, 1)
        if [(row.subject_id, row.version) for row in rows] != [(known.subject_id, known.version)]:
            reason = f"position {known.position} holds something else"
            raise RecordRolledBack(sealed=self.position, reason=reason)
        return rows[0]

    def _read_waiting(self) -> list[Waiting]:
        """Return the entries of the facts that are stored as waiting. Raises RecordRolledBack."""
        found = []
        facts = waiting_facts(self._store)
        for fact in facts:
            entry = self._publisher.entry(self._publisher.seen(self._same_fact(fact)))
            assert entry is not None, "only public facts wait"
            found.append(Waiting(entry, fact.due))
        self._waiting = {fact.position for fact in facts}
        return found

    def _waits(self) -> Waits:
        """Return what this round changes of the facts that are stored as waiting."""
        waiting = {one.entry.position: one for one in self._rounds.groups.waiting()}
        begun = [_waiting_fact(waiting[at]) for at in sorted(waiting.keys() - self._waiting)]
        waits = Waits(begun, self._waiting - waiting.keys())
        self._waiting = set(waiting)
        return waits

    def _sign(self) -> None:
        head = self._stored.head
        self._memory.remember(head)
        text = CheckpointText(self._key.name, head.size, head.root)
        signed = sign_checkpoint(text, self._key)
        self._store.publish(Checkpoint(head.size, signed, self._clock()))


def _waiting_fact(one: Waiting) -> WaitingFact:
    entry = one.entry
    assert entry.subject_id is not None
    assert entry.version is not None
    return WaitingFact(entry.position, entry.subject_id, entry.version, one.due)
