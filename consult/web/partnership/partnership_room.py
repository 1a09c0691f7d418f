"""What every page about a partnership needs: which one it is, and who looks at it."""

from dataclasses import dataclass
from typing import Any

from flask import abort, g, url_for

from consult import access
from consult.commands.context import Actor
from consult.services import Services
from consult.web import pages
from consult.web.accounts.staff_access import actor_for
from consult.web.organising import desk
from projections.consultations import Consultations
from projections.partnerships import PartnershipPage, Partnerships


@dataclass(frozen=True)
class PartnershipRoom:
    """One partnership in front of somebody who works for it."""

    page: PartnershipPage
    actor: Actor

    @property
    def is_governed(self) -> bool:
        """Say whether this person may change what it is and who works for it."""
        return actor_for(access.DESCRIBE_PARTNERSHIP, self.page.id) is not None

    def address(self, endpoint: str = "organise.partnership.index", **values: Any) -> str:
        """Return the address of a page about this partnership."""
        return url_for(endpoint, partnership_slug=self.page.slug, **values)


def find(slug: str) -> PartnershipRoom:
    """Return the partnership of an address; 404 without one, 403 for whom the page is not."""
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


def languages_of(page: PartnershipPage, services: Services) -> tuple[str, ...]:
    """Return the languages in which a partnership is asked for words: also those of its drafts."""
    with services.views.connect() as db:
        mine = services.views.reader(Consultations).of_partnership(db, page.id)
    needed = [code for each in mine if each.state == "draft" for code in each.languages]
    return tuple(dict.fromkeys((*page.languages, *needed)))
