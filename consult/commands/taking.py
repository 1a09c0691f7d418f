"""Taking what the public does not get: the record says who took what, before it is handed out.

Each time is a fact of its own, also when the same button of the same page is pressed again.
"""

from typing import TextIO
from uuid import UUID

from consult.commands.context import Actor, fresh_command_id
from consult.commands.disclosing import Document, disclose
from consult.commands.exporting import export_votes
from consult.commands.submitting import find_by_receipt
from consult.services import Services
from events import By, Disclosure
from events.disclosure import Taken
from projections.ballot_box import BallotBox
from projections.consultations import Consultations


def note_file(
    services: Services,
    consultation_id: UUID,
    *,
    what: Taken,
    format: str,
    number: int,
    position: int,
    by: By,
) -> None:
    """Record that somebody takes a file."""
    taken = Disclosure.FileTaken(
        at=services.clock(),
        by=by,
        consultation_id=consultation_id,
        what=what,
        format=format,
        number=number,
        position=position,
    )
    _record(services, taken, by)


def take_openings(services: Services, consultation_id: UUID, number: int, *, actor: Actor) -> None:
    """Record that somebody takes what opens every ballot. `number`: how many it opens."""
    note_file(
        services,
        consultation_id,
        what="openings",
        format="ndjson",
        number=number,
        position=services.record.head(),
        by=actor.by(fresh_command_id()),
    )


def take_votes(
    services: Services,
    id: UUID,
    file: TextIO,
    *,
    format: str,
    actor: Actor,
    question_id: str | None = None,
) -> None:
    """Write the ballots of a counted question; recorded where the terms keep them back.

    Raises what `export_votes` raises.
    """
    export_votes(services, id, file, format=format, question_id=question_id)
    position = services.record.head()
    with services.whole(BallotBox, position=position) as (db, box):
        page = services.views.reader(Consultations).by_id(db, id)
        number = box.people(db, id)
    assert page is not None
    if not page.are_ballots_public:
        by = actor.by(fresh_command_id())
        note_file(
            services, id, what="ballots", format=format, number=number, position=position, by=by
        )


def take_copy(services: Services, code: str, *, actor: Actor) -> Document:
    """Record that staff take a copy of one person's data, and return it. Raises UnknownReceipt."""
    submission = find_by_receipt(services, code)
    document = disclose(services, code)
    by = actor.by(fresh_command_id())
    given = Disclosure.CopyGiven(
        at=services.clock(),
        by=by,
        consultation_id=submission.consultation_id,
        submission_id=submission.id,
        version=submission.version,
    )
    _record(services, given, by)
    return document


def _record(
    services: Services,
    fact: Disclosure.FileTaken | Disclosure.CopyGiven | Disclosure.ReferencesLookedUp,
    by: By,
) -> None:
    id = Disclosure.taking_id(fact.consultation_id, by.command_id)
    services.record.save(Disclosure.begin(id, fact))


def note_look_up(services: Services, looked_up: Disclosure.ReferencesLookedUp) -> None:
    """Record that somebody compared a desk's list with its answers."""
    _record(services, looked_up, looked_up.by)
