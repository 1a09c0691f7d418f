"""Where staff may work: the rooms of the site that somebody's roles open, the first one first."""

from typing import NamedTuple
from uuid import UUID

from flask import g, request, url_for

from consult.people.staff import CUSTODIAN, DESK, Member
from consult.web.language import N_
from consult.web.language import gettext as _

ADMINISTRATOR = "administrator"
SCRUTINY, AUDITOR = "scrutiny", "auditor"


class Room(NamedTuple):
    """A family of staff pages: which page comes first, and who may see it."""

    endpoint: str
    name: str
    roles: frozenset[str]


ROOMS = (
    Room(
        "organise.index",
        N_("Consultations"),
        frozenset({"organiser", "council officer", ADMINISTRATOR}),
    ),
    Room("assisting.index", N_("Answer for somebody"), frozenset({DESK, ADMINISTRATOR})),
    Room("custody.index", N_("Personal data"), frozenset({CUSTODIAN, ADMINISTRATOR})),
    Room("scrutiny.index", N_("Scrutiny"), frozenset({SCRUTINY, AUDITOR, ADMINISTRATOR})),
)
"""Every role has at least one: a test goes through them all."""


def rooms_of(member: Member) -> list[Room]:
    """Return the rooms that somebody's roles open, in any partnership."""
    held = {role for roles in member.roles.values() for role in roles}
    return [room for room in ROOMS if room.roles & held]


def address_of(member: Member) -> str:
    """Return where somebody lands after signing in."""
    rooms = rooms_of(member)
    return url_for(rooms[0].endpoint if rooms else "organise.index")


def menu() -> list[tuple[str, str, bool]]:
    """Return name and address of each room of whoever is signed in, and whether this is it."""
    here = (request.blueprint or "").partition(".")[0]
    return [
        (_(room.name), url_for(room.endpoint), room.endpoint.partition(".")[0] == here)
        for room in rooms_of(g.member)
    ]


def roles_in(member: Member, partnership_id: UUID, room: str) -> frozenset[str]:
    """Return which of somebody's roles in a partnership open a room."""
    [found] = [each for each in ROOMS if each.endpoint == room]
    return found.roles & set(member.roles.get(partnership_id, ()))
