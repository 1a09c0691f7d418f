"""Access to staff rooms: who may enter, and the ordered list of rooms for a person's roles."""

from flask import abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from consult.commands.accounts.staff import Member
from consult.commands.setting_up import unfinished
from consult.web import pages
from consult.web import services as find_services
from consult.web.accounts import staff_access
from consult.web.pages import Work
from consult.wording.language import gettext as _

FORBIDDEN = 403
OWN_ROLES = "own_roles.index"
"""Where somebody sees their roles, and chooses one."""


def let_in() -> Response | tuple[str, int] | None:
    """Return None if the page is for the signed-in person; else redirect or refuse."""
    room = pages.staff_room()
    if room is None:
        return None
    refusing = room.refusing or "organising/no_role.html"
    refused = staff_access.let_in(room.declared["who"], refusing)
    if isinstance(refused, tuple):
        member = staff_access.member()
        if unfinished(find_services(), member.id):
            return redirect(url_for("set_up.partnership"), 303)
        if member.all_roles and (not member.role or room.refusing is None):
            return redirect(address_of(member), 303)
    who = pages.declared(request.endpoint).who
    if refused is None and who is not None and not staff_access.is_for(who):
        abort(FORBIDDEN)
    return refused


def rooms_of(member: Member) -> list[Work]:
    """Return the rooms that a person's roles give access to, in any partnership."""
    return [room for room in pages.rooms(current_app) if room.capability.role_of((member.role,))]


def address_of(member: Member) -> str:
    """Return the page to show after signing in."""
    rooms = rooms_of(member)
    return url_for(rooms[0].endpoint if rooms else OWN_ROLES)


def menu() -> list[tuple[str, str, bool]]:
    """Return name, address and whether it is current, for each room of the signed-in person."""
    here = (request.blueprint or "").partition(".")[0]
    return [
        (_(room.name), url_for(room.endpoint), room.endpoint.partition(".")[0] == here)
        for room in rooms_of(g.member)
    ]
