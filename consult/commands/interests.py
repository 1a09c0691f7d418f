"""Interests: record what a member organisation declares, and that it has ended."""

from datetime import date
from uuid import UUID

from consult import access
from consult.commands.context import Actor, begin, change
from consult.services import Services
from events import Consultation, Interest, Partnership, Refused
from events.partnerships.interest import check_declared
from events.question import Text
from projections.interests import Interests


class NoMember(Refused):
    """The organisation is not a member of the partnership."""

    says = "That organisation is not a member of the partnership. Nothing was recorded."


class NotTheirs(Refused):
    """The consultation belongs to another partnership."""

    says = "That consultation is not one of the partnership. Nothing was recorded."


class InterestKnown(Refused):
    """The same was declared before, and has not ended."""

    says = (
        "This interest is recorded already, in the same words and from the same day. Nothing was "
        "changed."
    )


@access.needs(access.DECLARE_INTEREST)
def declare_interest(
    services: Services,
    partnership_id: UUID,
    organisation_id: str,
    *,
    what: Text,
    since: date,
    actor: Actor,
    consultation_id: UUID | None = None,
    command_id: str = "",
) -> Interest:
    """Record an interest of a member; idempotent for a command id.

    `consultation_id`: the consultation of the partnership that it is about, if it is about one.
    Raises NoMember, NotTheirs, NotFound, InterestKnown, and what `check_declared` raises.
    """
    by = actor.by(command_id)
    id = Interest.id_for(partnership_id, by.command_id)

    def declare() -> Interest:
        partnership = services.record.get(Partnership, partnership_id)
        organisation = partnership.members.get(organisation_id)
        if organisation is None:
            raise NoMember
        if consultation_id is not None:
            consultation = services.record.get(Consultation, consultation_id)
            if consultation.partnership_id != partnership_id:
                raise NotTheirs
        check_declared(what, since, partnership.languages, services.today())
        told = (organisation_id, what, since, consultation_id)
        with services.whole(Interests) as (db, interests):
            for one in interests.of_partnership(db, partnership_id):
                kept = (one.organisation.id, one.what, one.since, one.consultation_id)
                if one.until is None and kept == told:
                    raise InterestKnown
        declared = Interest.Declared(
            at=services.clock(),
            by=by,
            partnership_id=partnership_id,
            organisation=organisation,
            what=what,
            since=since,
            consultation_id=consultation_id,
        )
        return Interest.begin(id, declared)

    return begin(services, Interest, id, declare)


@access.needs(access.DECLARE_INTEREST)
def end_interest(
    services: Services, id: UUID, on: date, *, actor: Actor, command_id: str = ""
) -> Interest:
    """Record the last day of an interest.

    Raises NotFound, DayToCome, EndsBeforeItBegan, InterestEnded.
    """
    by, at, today = actor.by(command_id), services.clock(), services.today()
    return change(services, Interest, id, by, lambda it: it.end(on, today, at=at, by=by))
