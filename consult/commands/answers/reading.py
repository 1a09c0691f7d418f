"""Let authorised staff read what people wrote, from the vault, and record each reading.

The record states who read which question on which day before any words are returned.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from consult import access
from consult.commands.context import Actor, begin
from consult.formats.responses import ALTERED, ERASED, MISSING, SHOWN, WordsState
from consult.people.answers import attachments, read_words
from consult.people.answers.file_kinds import Kind
from consult.services import Services
from events import DataProtectionCase, Refused
from events.question import Question
from events.submission import NAME
from projections.writings import Chosen, Writing, Writings

SECONDS_MAX = 5.0
"""How long a page waits for another process that updates the read models."""

EVERYTHING = Chosen()
PAGE = 50
CHUNK = 100
SCANNED_MAX = 1_000
LETTERS_MAX = 500_000
"""How many answers, and characters of them, one page scans when a search matches few.

The last chunk may exceed the limit of characters. A page takes about 0.1 seconds of CPU time.
"""


class FileAltered(Refused):
    """The file in the vault does not match the commitment in the record."""

    says = (
        "This file does not match the commitment in the record, so it is not handed out. Tell "
        "whoever runs this site: a backup of the vault may still hold the right one."
    )


@dataclass(frozen=True)
class Wanted:
    """Which answers to one question to read. `search`: words that must all occur.

    `mark`: "" for all, "read" or "unread".
    """

    question: Question
    chosen: Chosen = EVERYTHING
    search: str = ""
    mark: str = ""


class File(NamedTuple):
    """An attached file, as far as it is known without reading its content."""

    question_id: str
    commitment: str
    name: str
    kind: Kind
    size_bytes: int
    is_scanned: bool


class Read(NamedTuple):
    """What one person wrote or attached; `beside`: the other files of the same submission.

    `organisation`: name of the organisation or meeting; "" where it is not known.
    """

    writing: Writing
    standing: WordsState
    words: str
    file: File | None
    is_marked: bool
    beside: tuple[File, ...]
    organisation: str = ""


class Page(NamedTuple):
    """A page of answers, newest first. `older`: position where the next page begins, or None.

    `is_cut`: the scan reached its limit, so older answers may still match. `scanned`: how many
    answers this page scanned; `reached`: when the last of them was sent.
    """

    rows: list[Read]
    older: int | None
    is_cut: bool
    scanned: int
    reached: datetime | None


def takes_words(question: Question) -> bool:
    """Return whether answers to a question can hold words or a file."""
    return question.of_kind.is_written or question.other


@access.needs(access.READ_WORDS)
def read(services: Services, consultation_id: UUID, wanted: Wanted, *, actor: Actor) -> Page:
    """Return a page of what people wrote to a question, and record that the actor read it.

    Raises ReadModelsBehind.
    """
    note_reading(services, consultation_id, wanted.question.id, actor=actor)
    with services.whole(Writings, seconds_max=SECONDS_MAX) as (db, writings):
        found: list[Writing] = []
        scanned, letters, chosen, is_over = 0, 0, wanted.chosen, False
        reached: datetime | None = None
        while (
            len(found) <= PAGE and scanned < SCANNED_MAX and letters < LETTERS_MAX and not is_over
        ):
            chunk = writings.listed(db, consultation_id, wanted.question.id, chosen, CHUNK)
            matching, looked_at = _matching(services, chunk, wanted)
            found += matching
            letters += looked_at
            scanned, is_over = scanned + len(chunk), len(chunk) < CHUNK
            if chunk:
                chosen, reached = replace(chosen, before=chunk[-1].position), chunk[-1].at
        shown = found[:PAGE]
        people = writings.of_people(db, consultation_id, [row.subject_id for row in shown])
    is_cut = not is_over and len(found) <= PAGE
    older = shown[-1].position if len(found) > PAGE else None
    if is_cut:
        older = chosen.before
    return Page(list(_read(services, shown, people)), older, is_cut, scanned, reached)


@access.needs(access.READ_WORDS)
def open_file(
    services: Services,
    consultation_id: UUID,
    questions: Iterable[Question],
    commitment: str,
    *,
    actor: Actor,
) -> tuple[attachments.Attached, bytes] | None:
    """Return a file of a current answer, and record that the actor read it; None if it is gone.

    Raises FileAltered, ReadModelsBehind.
    """
    files = [question.id for question in questions if question.of_kind.is_file]
    with services.whole(Writings, seconds_max=SECONDS_MAX) as (db, writings):
        found = writings.by_commitment(db, consultation_id, files, commitment)
    if found is None or found.is_erased:
        return None
    known = read_words.files_for(services.vault, [commitment]).get(commitment)
    if known is None:
        return None
    note_reading(services, consultation_id, found.question_id, actor=actor)
    content = attachments.content_of(services.vault, consultation_id, commitment)
    if content is None:
        return None
    if not read_words.is_file_true(services.vault, commitment, content):
        raise FileAltered
    return known, content


@access.needs(access.READ_WORDS)
def note_reading(
    services: Services, consultation_id: UUID, question_id: str, *, actor: Actor
) -> None:
    """Record that somebody reads a question's words, once per reader and day."""
    day = services.today()
    id = DataProtectionCase.reading_id(consultation_id, question_id, actor.reference, day)
    read = DataProtectionCase.WordsRead(
        at=services.clock(),
        by=actor.by(),
        consultation_id=consultation_id,
        question_id=question_id,
    )
    begin(services, DataProtectionCase, id, lambda: DataProtectionCase.begin(id, read))


@access.needs(access.READ_WORDS)
def mark_read(
    services: Services,
    consultation_id: UUID,
    commitments: Iterable[str],
    *,
    actor: Actor,
    is_read: bool,
) -> None:
    """Mark texts and files as read by the actor, or remove the marks. Raises ReadModelsBehind."""
    vault, wanted = services.vault, list(commitments)
    if not is_read:
        read_words.unmark(vault, consultation_id, wanted)
        return
    with services.whole(Writings, seconds_max=SECONDS_MAX) as (db, writings):
        kept = writings.are_kept(db, consultation_id, wanted)
    read_words.mark(
        vault, consultation_id, kept, staff_id=UUID(actor.reference), now=services.clock()
    )


def plain(text: str) -> str:
    """Fold case and remove accents, so that "ty" finds "tŷ"."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _matching(
    services: Services, chunk: list[Writing], wanted: Wanted
) -> tuple[list[Writing], int]:
    """Filter a chunk by mark and by search words.

    Returns the matching rows, and how many characters were scanned.
    """
    if wanted.mark:
        marks = read_words.marked_among(services.vault, [row.commitment for row in chunk])
        chunk = [row for row in chunk if (row.commitment in marks) == (wanted.mark == "read")]
    words = plain(wanted.search).split()
    if not words:
        return chunk, 0
    kept = [row.commitment for row in chunk if not row.is_erased]
    held = {id: found.written for id, found in read_words.words_for(services.vault, kept).items()}
    held |= {id: file.name for id, file in read_words.files_for(services.vault, kept).items()}
    texts = {commitment: plain(text) for commitment, text in held.items() if text}
    left = [
        row
        for row in chunk
        if row.commitment in texts and all(word in texts[row.commitment] for word in words)
    ]
    return left, sum(map(len, held.values()))


def _read(services: Services, shown: list[Writing], people: list[Writing]) -> Iterator[Read]:
    marks = read_words.marked_among(services.vault, [row.commitment for row in shown])
    kept = [row.commitment for row in (*shown, *people) if not row.is_erased]
    words = read_words.words_for(services.vault, kept)
    files = {
        commitment: File(
            each.question_id,
            commitment,
            each.name,
            each.kind,
            each.size_bytes,
            each.scan == "clean",
        )
        for commitment, each in read_words.files_for(services.vault, kept).items()
    }
    names = {
        row.subject_id: words[row.commitment].written
        for row in people
        if row.question_id == NAME and row.commitment in words and words[row.commitment].is_true
    }
    for row in shown:
        found, file = words.get(row.commitment), files.get(row.commitment)
        beside = tuple(
            files[each.commitment]
            for each in people
            if each.subject_id == row.subject_id
            and each.commitment in files
            and each.commitment != row.commitment
        )
        is_shown = found is not None and found.is_true and not row.is_erased
        yield Read(
            row,
            _standing(row, found, file),
            found.written if found and is_shown else "",
            file,
            row.commitment in marks,
            beside,
            names.get(row.subject_id, ""),
        )


def _standing(row: Writing, found: read_words.Words | None, file: File | None) -> WordsState:
    if row.is_erased:
        return ERASED
    if file is not None:
        return SHOWN
    if found is None:
        return MISSING
    return SHOWN if found.is_true else ALTERED
