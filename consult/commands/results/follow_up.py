"""Follow-ups: publish, row by row, what came of a consultation's results."""

from uuid import UUID

from consult import access
from consult.commands.context import Actor, begin, change
from consult.services import Services
from events import Consultation, Refused
from events.follow_up import FOLLOW_UPS_MAX, FollowUp, Row
from projections.follow_ups import FollowUps
from projections.results import Results


class NotPublishedYet(Refused):
    """A follow-up needs published results."""

    says = "Publish the results first. Then tell people what came of what they said."


class TooManyFollowUps(Refused):
    """The consultation has the maximum number of rows."""

    says = "There are {most} rows already. Change one of them instead."


@access.needs(access.FOLLOW_UP)
def publish_follow_up(
    services: Services, consultation_id: UUID, row: Row, *, actor: Actor, command_id: str = ""
) -> FollowUp:
    """Publish a row; idempotent for a command id.

    Raises NotPublishedYet, TooManyFollowUps, and what `Row.check` raises.
    """
    by = actor.by(command_id)
    id = FollowUp.id_for(consultation_id, by.command_id)

    def publish() -> FollowUp:
        consultation = services.record.get(Consultation, consultation_id)
        _require_results(services, consultation_id)
        row.check(consultation.languages, services.today())
        published = FollowUp.Published(
            at=services.clock(), by=by, consultation_id=consultation_id, row=row
        )
        return FollowUp.begin(id, published)

    return begin(services, FollowUp, id, publish)


@access.needs(access.FOLLOW_UP)
def change_follow_up(
    services: Services, id: UUID, row: Row, *, actor: Actor, command_id: str = ""
) -> FollowUp:
    """Change a row; the record keeps its earlier text. Raises NothingChanged, NotFound."""
    by, at = actor.by(command_id), services.clock()

    def decide(follow_up: FollowUp) -> None:
        consultation = services.record.get(Consultation, follow_up.consultation_id)
        row.check(consultation.languages, services.today())
        follow_up.change(row, at=at, by=by)

    return change(services, FollowUp, id, by, decide)


def _require_results(services: Services, consultation_id: UUID) -> None:
    with services.whole(Results) as (db, results):
        if not results.are_published(db, [consultation_id]):
            raise NotPublishedYet
    with services.whole(FollowUps) as (db, follow_ups):
        if len(follow_ups.of(db, consultation_id)) >= FOLLOW_UPS_MAX:
            raise TooManyFollowUps(most=FOLLOW_UPS_MAX)
