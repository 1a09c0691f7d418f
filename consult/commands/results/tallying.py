"""Tally how many people gave each answer to each question, at a position."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from consult.commands.results.recorded_ballots import check_completeness
from consult.counting import tallies
from consult.services import Services
from events import Consultation
from events.consultations.fingerprints import openings_for
from events.submission import FOR_OTHERS, RESPONDENTS
from projections.ballot_box import BallotBox
from projections.consultations import ConsultationPage


def tally_everything(services: Services, consultation: Consultation, cutoff: int) -> dict[str, Any]:
    """Return the tallies of every question in the format of `docs/tallies.md`.

    `cutoff`: answers up to this position count. Raises ReadModelsBehind, BallotsMissing.
    """
    with services.whole(BallotBox, position=cutoff) as (db, box):
        people = box.people(db, consultation.id, as_at=cutoff)
        check_completeness(services, consultation, people, cutoff)
        return _tallies(db, box, consultation.id, consultation, cutoff)


def tallies_of_page(services: Services, page: ConsultationPage) -> dict[str, Any]:
    """Return the tallies of a closed consultation from the current read models."""
    assert page.closed_position is not None
    box = services.views.reader(BallotBox)
    with services.views.connect() as db:
        return _tallies(db, box, page.id, page, page.closed_position)


def _tallies(
    db: Connection,
    box: BallotBox,
    id: UUID,
    about: Consultation | ConsultationPage,
    cutoff: int,
) -> dict[str, Any]:
    assert about.terms is not None
    found = box.answered(db, id, as_at=cutoff)
    return tallies.document(
        str(id),
        list(about.questions.values()),
        found.groups,
        wrote=found.wrote,
        respondents={name: found.respondents.get(name, 0) for name in RESPONDENTS},
        members={name: found.members.get(name, 0) for name in FOR_OTHERS},
        counted=about.terms.counting.keys(),
        least=about.terms.cell_min,
        are_ballots_public=openings_for(about.terms, about.questions.values()) != "auditor",
    )
