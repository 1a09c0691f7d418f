"""Recount packs: the manifest, and after closing every countable ballot, listed and opened."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select

from consult.counting.outcome import canonical_bytes
from consult.log_store import tables
from consult.log_store.finding import signed_after
from consult.log_store.store import Entry, LogStore
from consult.log_store.writer import Writer
from consult.people.vault import KeyGone
from consult.sealing.public_entries.ballot_list import CAMPAIGN, VOIDED, Listed, lines_of
from consult.sealing.public_entries.entry_values import words
from consult.services import Services
from events.consultations.fingerprints import Openings
from events.log.commitment import Opening
from events.log.encoding import to_base64url
from events.store.mapper import FactMapper
from events.submission import AnswersGiven
from projections.results import Results

CLASS = "B"
ROWS_AT_ONCE = 2_000
STANDINGS = frozenset({"ballot", "withdrawn", "voided"})
OPENED = frozenset({"ballot", "voided"})
"""Kinds of a person's last entry for which their ballot is opened: it counts, or it was voided and
is counted in the comparison without voiding. Withdrawn ballots are not opened."""

RESULT_FORMAT = "folkmoot/result/v1"


class Pack(NamedTuple):
    """The data for a recount. `openings`: their number, None until they are published."""

    consultation_id: UUID
    manifest: bytes
    closed_index: int | None
    openings: int | None

    @property
    def seen_by(self) -> Openings:
        """Who sees single ballots, and how, as frozen at the opening."""
        found: Openings = msgspec.json.decode(self.manifest)["openings"]
        return found

    @property
    def budgets(self) -> list[str]:
        """Ids of the questions that a rule spends a budget on."""
        manifest = msgspec.json.decode(self.manifest)
        counted = manifest["terms"]["counting"]
        return [
            question["id"]
            for question in manifest["questions"]
            if question["pot"] is not None and question["id"] in counted
        ]


def pack_of(log: LogStore, consultation_id: UUID) -> Pack | None:
    """Return a consultation's pack; None before it has opened."""
    query = select(tables.pack).where(tables.pack.c.consultation_id == consultation_id)
    with log.read() as db:
        row = db.execute(query).one_or_none()
    return _pack(row) if row else None


def opening_lines(log: LogStore, consultation_id: UUID) -> Iterator[bytes]:
    """Yield the lines of openings.ndjson in order, ROWS_AT_ONCE at a time."""
    table = tables.opening.c
    after = -1
    while True:
        query = select(table.index, table.line).where(
            table.consultation_id == consultation_id, table.index > after
        )
        with log.read() as db:
            rows = db.execute(query.order_by(table.index).limit(ROWS_AT_ONCE)).all()
        if not rows:
            return
        yield b"".join(bytes(line) for _, line in rows)
        after = rows[-1][0]


def list_lines(log: LogStore, consultation_id: UUID) -> Iterator[bytes]:
    """Yield the lines of ballots.ndjson in order, ROWS_AT_ONCE at a time."""
    table = tables.listed.c
    after = ""
    while True:
        query = select(table.tracker, table.line).where(
            table.consultation_id == consultation_id, table.tracker > after
        )
        with log.read() as db:
            rows = db.execute(query.order_by(table.tracker).limit(ROWS_AT_ONCE)).all()
        if not rows:
            return
        yield b"".join(bytes(line) for _, line in rows)
        after = rows[-1][0]


def result_of(services: Services, log: LogStore, pack: Pack) -> bytes | None:
    """Return result.json; None before the signed log has the publication of just these results.

    A result that is served and not in the log is taken for a forgery, also one that follows
    another that is there. Its cut-off is the index of the closing in the log, which is public,
    unlike the position in the record.
    """
    with services.views.connect() as db:
        results = services.views.reader(Results).of(db, pack.consultation_id)
    digests = {question_id: result.result_digest for question_id, result in results.items()}
    if not digests or not _are_signed(log, pack, digests):
        return None
    names = ("rule", "rule_version", "ballots", "input_digest", "result_digest")
    return canonical_bytes(
        {
            "format": RESULT_FORMAT,
            "consultation": str(pack.consultation_id),
            "results": {
                question_id: {name: getattr(result, name) for name in names}
                | {"cutoff": pack.closed_index, "outcome": result.outcome}
                for question_id, result in results.items()
            },
        }
    )


def tallies_of(services: Services, log: LogStore, pack: Pack) -> bytes | None:
    """Return tallies.json; None before its digest is in the signed log."""
    with services.views.connect() as db:
        published = services.views.reader(Results).published(db, pack.consultation_id)
    if published is None or published.tallies is None:
        return None
    signed = _signed(log, pack, "tallies")
    if not signed or signed[-1]["tallies"] != published.tallies_digest:
        return None
    return canonical_bytes(published.tallies)


def _are_signed(log: LogStore, pack: Pack, digests: Mapping[str, str]) -> bool:
    """Return whether the last publication of each question in the signed log has its digest."""
    latest = {entry["q"]: entry["result_digest"] for entry in _signed(log, pack, "published")}
    return all(latest.get(words(id)) == digest for id, digest in digests.items())


def _signed(log: LogStore, pack: Pack, kind: str) -> list[dict[str, Any]]:
    """Return the signed entries of a kind; nothing is published before the closing."""
    if pack.closed_index is None:
        return []
    found = signed_after(log, pack.closed_index, pack.consultation_id, kind)
    return [msgspec.json.decode(content) for content in found]


def publish_openings(services: Services, log: LogStore, writer: Writer) -> int:
    """Publish openings of newly closed consultations; return how many."""
    table = tables.pack
    due = select(table).where(table.c.openings.is_(None), table.c.closed_index.is_not(None))
    with log.read() as db:
        packs = [_pack(row) for row in db.execute(due)]
    for pack in packs:
        opened = _open_ballots(services, log, pack)
        listed = [one for _, one in opened.values()] if pack.seen_by == "trackers" else []
        writer.keep_openings(
            pack.consultation_id,
            ((index, _line(opened[index][0])) for index in sorted(opened)),
            lines_of(listed),
            len(opened),
        )
    return len(packs)


def opening_of(
    services: Services, consultation_id: UUID, subject_id: UUID, version: int, given: AnswersGiven
) -> Opening | None:
    """Return the opening of one version's commitment, with index 0; None if it cannot be opened.

    The salt derives from the key of the consultation, which is destroyed eventually; a key
    recreated after a loss opens nothing.
    """
    try:
        salt = services.vault.ballot_salt(consultation_id, subject_id, version)
    except KeyGone:
        return None
    value = canonical_bytes(given.answers).decode()
    opening = Opening(0, CLASS, salt, value)
    return opening if opening.opens(given.commitment) else None


def _open_ballots(
    services: Services, log: LogStore, pack: Pack
) -> dict[int, tuple[Opening, Listed]]:
    assert pack.closed_index is not None
    entries = [e for e in log.entries_of(pack.consultation_id) if e.index < pack.closed_index]
    wanted = _to_open(entries)
    indexes = {index for index, _mark in wanted.values()}
    positions = [entry.position for entry in entries if entry.index in indexes]
    found: dict[int, tuple[Opening, Listed]] = {}
    mapper = FactMapper()
    after, last = min(positions, default=1) - 1, max(positions, default=0)
    while after < last:
        rows = services.record.read(after, ROWS_AT_ONCE, until=last)
        for row in rows:
            if (row.subject_id, row.version) not in wanted:
                continue
            index, mark = wanted[row.subject_id, row.version]
            fact = mapper.decode(row.topic, row.state)
            assert isinstance(fact, AnswersGiven)
            opening = opening_of(services, pack.consultation_id, row.subject_id, row.version, fact)
            if opening is None:
                log.note_trouble(
                    f"opening {pack.consultation_id}",
                    f"The ballot of entry {index} cannot be opened with the key that is there.",
                    services.clock(),
                )
                continue
            found[index] = replace(opening, index=index), Listed(opening.salt, opening.value, mark)
        after = rows[-1].position
    return found


def _to_open(entries: list[Entry]) -> dict[tuple[UUID, int], tuple[int, str]]:
    """Return the index and the mark of each ballot to open, by subject and version."""
    grouped = {entry.subject_id for entry in entries if entry.kind == CAMPAIGN}
    latest: dict[UUID, Entry] = {}
    ballots: dict[UUID, Entry] = {}
    for entry in entries:
        if entry.kind not in STANDINGS or entry.subject_id is None:
            continue
        _keep_later(latest, entry)
        if entry.kind == "ballot":
            _keep_later(ballots, entry)
    return {
        (subject, ballots[subject].version or 0): (
            ballots[subject].index,
            VOIDED if entry.kind == VOIDED else CAMPAIGN if subject in grouped else "",
        )
        for subject, entry in latest.items()
        if entry.kind in OPENED
    }


def _keep_later(found: dict[UUID, Entry], entry: Entry) -> None:
    assert entry.subject_id is not None
    known = found.get(entry.subject_id)
    if known is None or (known.version or 0) < (entry.version or 0):
        found[entry.subject_id] = entry


def _line(opening: Opening) -> bytes:
    """Return one line; not `Opening.line`, as recorded option ids may not be in form NFC."""
    document: Mapping[str, object] = {
        "i": opening.index,
        "k": opening.klass,
        "s": to_base64url(opening.salt),
        "x": opening.value,
    }
    return canonical_bytes(document) + b"\n"


def _pack(row: object) -> Pack:
    fields = {name: getattr(row, name) for name in Pack._fields}
    fields["manifest"] = bytes(fields["manifest"])
    return Pack(**fields)
