"""Export every answer to every question: one row per response, as CSV, JSON or XLSX.

What people wrote is included only on request of an actor who may read it. The record states who
took a file before its first byte is sent. The order of rows carries no information about who
answered when.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from consult import access
from consult.commands.context import Actor, begin, fresh_command_id
from consult.commands.data_protection.takings import note_file
from consult.commands.files.answer_files import WRITERS
from consult.commands.files.answer_rows import Source, Wish
from consult.commands.files.exporting import StillSecret
from consult.commands.results.recorded_ballots import recorded_ballots
from consult.services import Services
from events import Consultation, DataProtectionCase, Refused
from events.consultations import states
from projections.ballot_box import BallotBox
from projections.writings import Writings

FORMATS = tuple(WRITERS)
ENDED = frozenset({states.CLOSED, states.WITHDRAWN})


class ResponsesMissing(Refused):
    """The read model lacks responses that the record holds."""

    says = (
        "The record holds {recorded} responses and only {found} can be read, so nothing was "
        "exported. Whoever runs the service must rebuild the read models first."
    )


@access.needs(access.EXPORT_ANSWERS)
def export_answers(
    services: Services, id: UUID, wish: Wish, *, actor: Actor, command_id: str = ""
) -> Iterator[bytes]:
    """Record that a file of all responses is taken, and yield it in pieces.

    Words need an actor who may read them; erased words are left out. Everything is checked before
    anything is recorded or yielded. Raises NotYours, StillSecret, ReadModelsBehind,
    ResponsesMissing, NotFound, TooLargeForWorkbook.
    """
    _require_words(wish, actor)
    with _whole(services, id, wish) as (source, found):
        _note(services, id, wish, actor, command_id, source.position, found)
        yield from WRITERS[wish.format](source)


def write_answers(
    services: Services, id: UUID, wish: Wish, report: Callable[[int], None] = lambda _rows: None
) -> Iterator[bytes]:
    """Yield the same file to be stored; `take_answers` records each time it is taken.

    `report`: called with the number of rows that are read.
    """
    with _whole(services, id, wish) as (source, _found):
        source.report = report
        yield from WRITERS[wish.format](source)


@access.needs(access.EXPORT_ANSWERS)
def take_answers(services: Services, id: UUID, wish: Wish, *, actor: Actor) -> None:
    """Record that the actor takes a stored file of all responses."""
    _require_words(wish, actor)
    position = services.record.head()
    with services.whole(BallotBox, position=position) as (db, box):
        found = box.people(db, id)
    _note(services, id, wish, actor, "", position, found)


def _require_words(wish: Wish, actor: Actor) -> None:
    if wish.with_words:
        access.require(access.READ_WORDS, actor)


@contextmanager
def _whole(services: Services, id: UUID, wish: Wish) -> Iterator[tuple[Source, int]]:
    """Yield the source of rows and the number of responses, after checking completeness.

    Raises NotFound, StillSecret, ReadModelsBehind, ResponsesMissing.
    """
    consultation = services.record.get(Consultation, id)
    if consultation.state not in ENDED:
        raise StillSecret
    position = services.record.head()
    with services.whole(BallotBox, position=position) as (db, box):
        writings = services.views.reader(Writings)
        services.views.require(db, writings, position)
        found = box.people(db, id)
        recorded = recorded_ballots(services, consultation, until=position)
        if found != recorded:
            raise ResponsesMissing(found=found, recorded=recorded)
        yield Source(services, consultation, wish, (db, box, writings), position), found


def _note(
    services: Services,
    id: UUID,
    wish: Wish,
    actor: Actor,
    command_id: str,
    position: int,
    responses: int,
) -> None:
    """Record that a file was taken; idempotent for a command id."""
    by = actor.by(command_id or fresh_command_id())
    if not wish.with_words:
        note_file(
            services,
            id,
            what="answers",
            format=wish.format,
            number=responses,
            position=position,
            by=by,
        )
        return
    exported = DataProtectionCase.WordsExported(
        at=services.clock(),
        by=by,
        consultation_id=id,
        format=wish.format,
        responses=responses,
        position=position,
    )
    case = DataProtectionCase.begin(DataProtectionCase.export_id(id, by.command_id), exported)
    begin(services, DataProtectionCase, case.id, lambda: case)
