"""Permissions of the signed-in person, from the table in consult.access."""

from uuid import UUID

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from consult import access
from consult.access import Capability
from consult.commands.accounts.staff import Member
from consult.commands.context import Actor
from consult.web import services as find_services
from consult.web.accounts import confirming, staff_session

FORBIDDEN = 403


def member() -> Member:
    """Return who is signed in; only for pages that `let_in` guards."""
    found = g.member
    assert isinstance(found, Member)
    return found


def actor_for(capability: Capability, partnership_id: UUID) -> Actor | None:
    """Return the actor with a role in a partnership that has the capability, or None."""
    role = capability.role_of(member().roles.get(partnership_id, ()))
    if role is None:
        return None
    is_confirmed = confirming.is_confirmed()
    return Actor(role, member().id.hex, partnership_id=partnership_id, is_confirmed=is_confirmed)


def partnerships_of(capability: Capability) -> list[UUID]:
    """Return the partnerships in which the signed-in person has the capability."""
    return [id for id, held in member().roles.items() if capability.role_of(held)]


def is_for(capability: Capability) -> bool:
    """Return whether a page with this capability is for the signed-in person, as they act now.

    Those of their own account are, whichever role they act in.
    """
    mine = member()
    held = mine.all_roles if capability is access.KEEP_OWN_ACCOUNT else (mine.role,)
    return capability.role_of(held) is not None


def let_in(capability: Capability, refusing: str) -> Response | tuple[str, int] | None:
    """Return None for people with the capability in any partnership; else a redirect or refusal.

    `refusing`: the template for a signed-in person without such a role.
    """
    found = staff_session.member(find_services())
    if found is None:
        return redirect(url_for("sign_in.ask"), 303)
    g.member = found
    if not is_for(capability):
        return render_template(refusing), FORBIDDEN
    return None
