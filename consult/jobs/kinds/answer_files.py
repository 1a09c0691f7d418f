"""Jobs that make files for staff: all answers, and the openings of all ballots."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import msgspec

from consult import access
from consult.commands.files.answer_rows import Wish
from consult.commands.files.exporting_answers import write_answers
from consult.jobs.kinds.kind import Kind, Report
from consult.sealing.public_entries import packs
from consult.services import Services
from consult.wording.drafting.answer_labels import labels

KEEP_TIME = timedelta(minutes=15)
"""It may contain what people wrote; this limits how long an erasure may fail to reach it."""


class AnswersWanted(msgspec.Struct, frozen=True):
    """A file of all answers. `with_words`: with what people wrote. `rows`: how many there are."""

    consultation_id: UUID
    format: str
    with_words: bool
    rows: int


class OpeningsWanted(msgspec.Struct, frozen=True):
    """A file of the openings of all ballots, `rows` in number."""

    consultation_id: UUID
    rows: int


def _answers(services: Services, wanted: AnswersWanted, report: Report) -> Iterator[bytes]:
    wish = Wish(wanted.format, wanted.with_words, labels())
    return write_answers(
        services, wanted.consultation_id, wish, lambda rows: report(rows, wanted.rows)
    )


def _openings(services: Services, wanted: OpeningsWanted, report: Report) -> Iterator[bytes]:
    opened = 0
    for lines in packs.opening_lines(services.log, wanted.consultation_id):
        yield lines
        opened += lines.count(b"\n")
        report(min(opened, wanted.rows), wanted.rows)


ANSWERS = Kind(
    "answers", AnswersWanted, _answers, KEEP_TIME, needs=access.EXPORT_ANSWERS, makes_file=True
)
OPENINGS = Kind(
    "openings", OpeningsWanted, _openings, KEEP_TIME, needs=access.TAKE_OPENINGS, makes_file=True
)
