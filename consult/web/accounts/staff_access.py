"""What somebody who is signed in may do: the one table (consult.access), asked for a page."""

from uuid import UUID

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from consult.access import Capability
from consult.commands.context import Actor
from consult.people.accounts.staff import Member
from consult.web import services as find_services
from consult.web.accounts import staff_session

FORBIDDEN = 403


def member() -> Member:
    """Return who is signed in; `let_in` lets nobody else near a page that asks."""
    found = g.member
    assert isinstance(found, Member)
    return found


def actor_for(capability: Capability, partnership_id: UUID) -> Actor | None:
    """Return who acts in which role in a partnership; None when they hold none that may."""
    role = capability.role_of(member().roles.get(partnership_id, ()))
    return Actor(role, member().id.hex) if role else None


def partnerships_of(capability: Capability) -> list[UUID]:
    """Return the partnerships in which whoever is signed in may do something."""
    return [id for id, held in member().roles.items() if capability.role_of(held)]


def let_in(capability: Capability, refusing: str) -> Response | tuple[str, int] | None:
    """Let in who may do it in any partnership; ask others to sign in, or say why not.

    `refusing`: the template for somebody who is signed in and holds no role that may.
    """
    found = staff_session.member(find_services())
    if found is None:
        return redirect(url_for("sign_in.ask"), 303)
    g.member = found
    if not partnerships_of(capability):
        return render_template(refusing), FORBIDDEN
    return None
