"""Hand out non-public data, recording who took what before it is handed out.

Each taking is a separate fact, even when the same form is submitted again.
"""

import shutil
import tempfile
from typing import TextIO
from uuid import UUID

from consult import access
from consult.commands.answers.holding import find_by_receipt
from consult.commands.context import Actor, fresh_command_id
from consult.commands.data_protection.copies import Document, disclose
from consult.commands.files.exporting import export_votes
from consult.commands.results.working_out import Tally, check_countable, work_out
from consult.services import Services
from events import By, Consultation, DataProtectionCase
from events.consultations import states
from events.consultations.fingerprints import openings_for
from events.consultations.terms import CountingTerms
from events.data_protection import Taken
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
    """Record that the actor takes a file. `number`: of its ballots, openings or responses."""
    taken = DataProtectionCase.FileTaken(
        at=services.clock(),
        by=by,
        consultation_id=consultation_id,
        what=what,
        format=format,
        number=number,
        position=position,
    )
    record_taking(services, taken)


@access.needs(access.TAKE_OPENINGS)
def take_openings(services: Services, consultation_id: UUID, number: int, *, actor: Actor) -> None:
    """Record that the actor takes all openings. `number`: how many ballots they open."""
    note_file(
        services,
        consultation_id,
        what="openings",
        format="ndjson",
        number=number,
        position=services.record.head(),
        by=actor.by(fresh_command_id()),
    )


@access.needs(access.TAKE_VOTES)
def take_votes(
    services: Services,
    id: UUID,
    file: TextIO,
    *,
    format: str,
    actor: Actor,
    question_id: str | None = None,
) -> None:
    """Write the ballots of a counted question; record it first if the terms keep ballots private.

    Raises what `export_votes` raises, and ReadModelsBehind; then nothing is recorded or written.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as whole:
        export_votes(services, id, whole, format=format, question_id=question_id)
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
        whole.seek(0)
        shutil.copyfileobj(whole, file)


@access.needs(access.TAKE_COUNT)
def take_count(
    services: Services,
    id: UUID,
    *,
    actor: Actor,
    question_id: str | None = None,
    terms: CountingTerms | None = None,
    as_at: int | None = None,
) -> Tally:
    """Count for staff; record it first if the public cannot count for itself.

    The public can count after closing, unless only the auditor gets single ballots. `terms`,
    `as_at`: as in `work_out`. Raises what `work_out` and `check_countable` raise; then nothing is
    recorded.
    """
    consultation = services.record.get(Consultation, id)
    check_countable(consultation)
    tally = work_out(services, id, question_id=question_id, terms=terms, as_at=as_at)
    assert consultation.terms is not None
    seen_by = openings_for(consultation.terms, consultation.questions.values())
    if consultation.state == states.OPEN or seen_by == "auditor":
        read = DataProtectionCase.CountRead(
            at=services.clock(),
            by=actor.by(fresh_command_id()),
            consultation_id=id,
            question_id=tally.question.id,
            rule=tally.outcome.rule,
            ballots=tally.outcome.ballots,
            cutoff=tally.cutoff,
        )
        record_taking(services, read)
    return tally


@access.needs(access.KEEP_PERSONAL_DATA)
def take_copy(services: Services, code: str, *, actor: Actor) -> Document:
    """Record that staff take a copy of a person's data, and return it. Raises UnknownReceipt."""
    submission = find_by_receipt(services, code)
    document = disclose(services, submission)
    given = DataProtectionCase.CopyGiven(
        at=services.clock(),
        by=actor.by(fresh_command_id()),
        consultation_id=submission.consultation_id,
        submission_id=submission.id,
        version=submission.version,
    )
    record_taking(services, given)
    return document


def record_taking(
    services: Services,
    fact: DataProtectionCase.FileTaken
    | DataProtectionCase.CopyGiven
    | DataProtectionCase.ReferencesLookedUp
    | DataProtectionCase.CountRead,
) -> None:
    """Append the fact that somebody took or looked up data that is not public."""
    id = DataProtectionCase.taking_id(fact.consultation_id, fact.by.command_id)
    services.record.save(DataProtectionCase.begin(id, fact))
