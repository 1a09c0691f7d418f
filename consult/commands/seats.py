"""Seats on the board of a partnership: set up, fill, vacate, give up."""

from datetime import date
from uuid import UUID

from consult import access
from consult.commands.context import Actor, begin, change
from consult.commands.interests import NoMember
from consult.services import Services
from events import Partnership, Seat
from events.partnerships.seat import check_set_up
from events.question import Text


@access.needs(access.KEEP_SEATS)
def set_up_seat(
    services: Services,
    partnership_id: UUID,
    *,
    title: Text,
    sector: str,
    on: date,
    actor: Actor,
    kept_for: Text | None = None,
    command_id: str = "",
) -> Seat:
    """Set up a vacant seat; idempotent for a command id.

    `kept_for`: the group whose voice it is kept for, if for one. Raises NotFound, and what
    `check_set_up` raises.
    """
    by = actor.by(command_id)
    id, kept = Seat.id_for(partnership_id, by.command_id), kept_for or {}

    def start() -> Seat:
        partnership = services.record.get(Partnership, partnership_id)
        check_set_up(title, kept, sector, on, partnership.languages, services.today())
        known = {language: text for language, text in kept.items() if text.strip()}
        fact = Seat.SetUp(
            at=services.clock(),
            by=by,
            partnership_id=partnership_id,
            title=title,
            sector=sector,
            on=on,
            kept_for=known,
        )
        return Seat.begin(id, fact)

    return begin(services, Seat, id, start)


@access.needs(access.KEEP_SEATS)
def fill_seat(
    services: Services,
    id: UUID,
    organisation_id: str,
    *,
    on: date,
    actor: Actor,
    term_ends_on: date | None = None,
    command_id: str = "",
) -> Seat:
    """Record which member fills a seat. Raises NotFound, NoMember, and of the seat."""
    by, at, today = actor.by(command_id), services.clock(), services.today()

    def decide(seat: Seat) -> None:
        partnership = services.record.get(Partnership, seat.partnership_id)
        organisation = partnership.members.get(organisation_id)
        if organisation is None:
            raise NoMember
        seat.fill(organisation, on, term_ends_on, today, at=at, by=by)

    return change(services, Seat, id, by, decide)


@access.needs(access.KEEP_SEATS)
def vacate_seat(
    services: Services, id: UUID, *, on: date, actor: Actor, command_id: str = ""
) -> Seat:
    """Record that a seat became vacant. Raises NotFound, and of the seat."""
    by, at, today = actor.by(command_id), services.clock(), services.today()
    return change(services, Seat, id, by, lambda seat: seat.vacate(on, today, at=at, by=by))


@access.needs(access.KEEP_SEATS)
def give_up_seat(
    services: Services, id: UUID, *, on: date, actor: Actor, command_id: str = ""
) -> Seat:
    """Record that there is no such seat any more. Raises NotFound, and of the seat."""
    by, at, today = actor.by(command_id), services.clock(), services.today()
    return change(services, Seat, id, by, lambda seat: seat.give_up(on, today, at=at, by=by))
