"""One consultation under scrutiny, and the role of the person looking into it."""

from dataclasses import dataclass
from uuid import UUID

from flask import abort, g

from consult import access
from consult.commands.context import Actor
from consult.web import services as find_services
from consult.web.accounts.staff_access import actor_for
from consult.web.organising.desk import fresh_views
from consult.wording.language import said
from projections.consultations import ConsultationPage, Consultations
from projections.partnerships import Partnerships

FORBIDDEN = 403


@dataclass(frozen=True)
class Case:
    """One consultation under scrutiny. `actor`: the person and their role."""

    page: ConsultationPage
    actor: Actor

    @property
    def slug(self) -> str:
        """Return its short name, as in the address."""
        return self.page.slug

    @property
    def title(self) -> str:
        """Return its title in the language of the page."""
        return said(self.page.title) or self.page.slug

    @property
    def state(self) -> str:
        """Return its present state."""
        return self.page.state_at(find_services().clock())

    @property
    def is_audited(self) -> bool:
        """Return whether this person may open single ballots."""
        return self.actor.role in access.TAKE_OPENINGS.roles


def actor_in(partnership_id: UUID) -> Actor | None:
    """Return the actor with the role that may see most of a partnership, or None."""
    return actor_for(access.LOOK_INTO, partnership_id)


def find_case(slug: str) -> Case:
    """Return the consultation of an address; abort with 404, or 403 without the role."""
    views = fresh_views().views
    with views.connect() as db:
        page = views.reader(Consultations).by_slug(db, slug)
        if page is None or page.opened_position is None:
            abort(404)
        g.partnership = views.reader(Partnerships).by_id(db, page.partnership_id)
    actor = actor_in(page.partnership_id)
    if actor is None:
        abort(FORBIDDEN)
    return Case(page, actor)


def find_audited(slug: str) -> Case:
    """Return a consultation for somebody who may open single ballots; abort with 403 otherwise."""
    case = find_case(slug)
    if not case.is_audited:
        abort(FORBIDDEN)
    return case
