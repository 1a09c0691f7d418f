"""Where staff may work: the rooms of the site that somebody's roles open, the first one first."""

from typing import NamedTuple

from flask import g, request, url_for

from consult import access
from consult.people.accounts.staff import Member
from consult.wording.language import N_
from consult.wording.language import gettext as _


class Room(NamedTuple):
    """A family of staff pages: which page comes first, and what somebody does there."""

    endpoint: str
    name: str
    capability: access.Capability


ROOMS = (
    Room("organise.index", N_("Consultations"), access.SEE_WORK),
    Room("assisting.index", N_("Answer for somebody"), access.ANSWER_FOR_SOMEBODY),
    Room("data_protection.index", N_("Personal data"), access.KEEP_PERSONAL_DATA),
    Room("scrutiny.index", N_("Scrutiny"), access.LOOK_INTO),
)
"""Every role has at least one: a test goes through them all."""


def rooms_of(member: Member) -> list[Room]:
    """Return the rooms that somebody's roles open, in any partnership."""
    held = {role for roles in member.roles.values() for role in roles}
    return [room for room in ROOMS if room.capability.role_of(held)]


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
