"""Shared parts of the pages about a partnership: which one, and the person working for it."""

from dataclasses import dataclass
from typing import Any

from flask import abort, g, url_for

from consult import access
from consult.commands.context import Actor
from consult.web import pages
from consult.web import services as find_services
from consult.web.accounts.staff_access import actor_for
from consult.web.organising import desk
from events.consultations import states
from projections.consultations import Consultations
from projections.partnerships import PartnershipPage, Partnerships


@dataclass(frozen=True)
class PartnershipRoom:
    """One partnership, with a person who works for it."""

    page: PartnershipPage
    actor: Actor

    @property
    def is_governed(self) -> bool:
        """Return whether this person may change its description and its staff."""
        return actor_for(access.DESCRIBE_PARTNERSHIP, self.page.id) is not None

    def address(self, endpoint: str = "organise.partnership.index", **values: Any) -> str:
        """Return the address of a page about this partnership."""
        return url_for(endpoint, partnership_slug=self.page.slug, **values)


def find(slug: str) -> PartnershipRoom:
    """Return the partnership of an address; abort with 404, or 403 without the role."""
    views = desk.fresh_views().views
    with views.connect() as db:
        found = views.reader(Partnerships).by_slug(db, slug)
    if found is None:
        abort(404)
    actor = actor_for(pages.needed(), found.id)
    if actor is None:
        abort(403)
    g.partnership = found
    return PartnershipRoom(found, actor)


def languages_of(page: PartnershipPage) -> tuple[str, ...]:
    """Return the languages needed for a partnership's texts, including those of its drafts."""
    views = find_services().views
    with views.connect() as db:
        mine = views.reader(Consultations).of_partnership(db, page.id)
    needed = [code for each in mine if each.state == states.DRAFT for code in each.languages]
    return tuple(dict.fromkeys((*page.languages, *needed)))
