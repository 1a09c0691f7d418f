"""Shared parts of the pages about a partnership: which one, and the person working for it."""

from dataclasses import dataclass
from typing import Any

from flask import abort, g, request, url_for

from consult import access
from consult.commands.context import Actor
from consult.web import pages
from consult.web import services as find_services
from consult.web.accounts.staff_access import actor_for
from consult.web.organising import desk
from consult.web.partnership import guide
from consult.wording.language import gettext as _
from consult.wording.language import said
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

    @property
    def after(self) -> str:
        """Return the page after this one: the next step of the set-up, or about it all."""
        step = guide.current() if guide.is_on() else None
        return self.address() if step is None else guide.address(step + 1, self.page.slug)

    @property
    def back(self) -> str:
        """Return the page before this one: the step before, or about it all."""
        step = guide.current() if guide.is_on() else None
        return self.address() if step is None else guide.address(step - 1, self.page.slug)

    @property
    def caption(self) -> str:
        """Return what stands above the heading: its name, and which step of the set-up this is."""
        name, step = said(self.page.name), guide.current() if guide.is_on() else None
        if step is None:
            return name
        here = _("Step %(step)s of %(steps)s", step=step + 1, steps=len(guide.STEPS))
        return f"{name}: {here}"

    @property
    def later(self) -> str:
        """Return what it means to leave out this step of the set-up; "" if it is none."""
        step = guide.current() if guide.is_on() else None
        return "" if step is None or not guide.STEPS[step].later else _(guide.STEPS[step].later)

    def led(self, endpoint: str) -> str:
        """Return the address of another page, which leads back to this step of the set-up."""
        led: dict[str, Any] = {guide.GUIDED: "yes"} if guide.is_on() else {}
        return self.address(endpoint, **led)

    def here(self) -> str:
        """Return the address of this page, which says if it is a step of the set-up."""
        led: dict[str, Any] = {guide.GUIDED: "yes"} if guide.is_on() else {}
        return url_for(str(request.endpoint), **(request.view_args or {}), **led)

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
