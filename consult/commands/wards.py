"""The wards of a partnership: state them, and let its drafts follow."""

from datetime import datetime
from uuid import UUID

from consult import access
from consult.commands.answers.places import offer_places
from consult.commands.context import Actor, change
from consult.services import Services
from events import By, Consultation, Partnership, Refused
from events.consultations import states
from events.partnership import Ward
from events.question import Text
from projections.consultations import Consultations

CONSULTATIONS_MAX = 100_000
"""Limit of consultations loaded of one partnership; no partnership reaches it."""


class WardTwice(Refused):
    """Two wards have the same code."""

    says = "The code {code} stands for two wards. Give each its own. Nothing was changed."


@access.needs(access.DEFINE_WARDS)
def define_area(
    services: Services,
    id: UUID,
    *,
    wards: tuple[Ward, ...],
    source: str | Text,
    actor: Actor,
    command_id: str = "",
) -> Partnership:
    """State the wards and their populations, with the source of the figures.

    Drafts of the partnership that ask for a place are updated as well. Raises WardTwice,
    ReadModelsBehind.
    """
    codes = [ward.code for ward in wards]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise WardTwice(code=twice)
    by, at = actor.by(command_id), services.clock()
    fact = Partnership.AreaDefined(at=at, by=by, wards=wards, source=source)
    with services.whole(Consultations) as (db, consultations):
        pages = consultations.of_partnership(db, id, limit=CONSULTATIONS_MAX)
    defined = change(services, Partnership, id, by, lambda it: it.record(fact))
    for page in pages:
        if page.state == states.DRAFT:
            _follow_wards(services, page.id, defined.wards, at, by)
    return defined


def _follow_wards(
    services: Services, id: UUID, wards: tuple[Ward, ...], at: datetime, by: By
) -> None:
    """Update the wards offered by a draft; a consultation that has opened since is frozen."""

    def decide(draft: Consultation) -> None:
        if draft.state == states.DRAFT:
            offer_places(draft, wards, at=at, by=by)

    change(services, Consultation, id, by, decide)
