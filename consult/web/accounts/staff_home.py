"""Where staff may work: who is let in, and the rooms that somebody's roles open, in order."""

from flask import abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from consult.people.accounts.staff import Member
from consult.web import pages
from consult.web.accounts import staff_access
from consult.web.pages import Work
from consult.wording.language import gettext as _

FORBIDDEN = 403


def let_in() -> Response | tuple[str, int] | None:
    """Let in whom the page is for that is asked for; ask others to sign in, or say why not."""
    room = pages.staff_room()
    if room is None:
        return None
    refusing = room.refusing or "organise/no_role.html"
    refused = staff_access.let_in(room.declared["who"], refusing)
    if isinstance(refused, tuple) and room.refusing is None and rooms_of(staff_access.member()):
        return redirect(address_of(staff_access.member()), 303)
    who = pages.declared(request.endpoint).who
    if refused is None and who is not None and not staff_access.partnerships_of(who):
        abort(FORBIDDEN)
    return refused


def rooms_of(member: Member) -> list[Work]:
    """Return the rooms that somebody's roles open, in any partnership."""
    held = {role for roles in member.roles.values() for role in roles}
    return [room for room in pages.rooms(current_app) if room.capability.role_of(held)]


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
