"""Shared parts of organisers' pages: the consultation, and what somebody may do with it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, request, url_for

from consult import access
from consult.access import Capability
from consult.commands.context import Actor
from consult.services import Services
from consult.web import pages
from consult.web import services as find_services
from consult.web.accounts.staff_access import actor_for
from consult.web.forms.sending import not_there
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from events.consultations import states
from events.question import Question
from projections.consultations import ConsultationPage, Consultations
from projections.partnerships import PartnershipPage, Partnerships


@dataclass(frozen=True)
class Desk:
    """One consultation, with a person who may work on it."""

    page: ConsultationPage
    partnership: PartnershipPage
    actor: Actor

    @property
    def id(self) -> UUID:
        """Return the consultation's id."""
        return self.page.id

    @property
    def slug(self) -> str:
        """Return its short name, as in the address."""
        return self.page.slug

    @property
    def title(self) -> str:
        """Return its title in the language of the page."""
        return said(self.page.title) or self.page.slug

    @property
    def is_draft(self) -> bool:
        """Return whether it can still be changed."""
        return self.page.state == states.DRAFT

    @property
    def unit(self) -> str:
        """Return the prefix of an amount of money."""
        return "£"

    def may(self, capability: Capability) -> bool:
        """Return whether this person may use a capability in its present state."""
        return capability.is_offered(self.actor, self.page)

    def menu(self) -> list[tuple[str, str, str]]:
        """Return key, label and address of its most used pages."""
        entries = [("overview", _("Overview"), self.address())]
        if self.may(access.READ_WORDS) and self.page.opened_position is not None:
            entries.append(("written", *self._titled("organise.reading.index")))
            if self.may(access.EXPORT_ANSWERS):  # hidden while people still answer
                entries.append(("export", *self._titled("organise.exports.form")))
            entries.append(("trail", self._trail_title(), self.address("audit.show")))
        return entries

    def _titled(self, endpoint: str) -> tuple[str, str]:
        return pages.title_of(endpoint), self.address(endpoint)

    def _trail_title(self) -> str:
        return _("Count and trail") if self.page.counted_questions else _("Trail")

    def question(self, question_id: str) -> Question:
        """Return the question named in the address, or leave the page: see `not_there`."""
        return self.page.questions.get(question_id) or not_there(self.address())

    def address(self, endpoint: str = "organise.tasks", **values: Any) -> str:
        """Return the address of a page about this consultation."""
        return url_for(endpoint, slug=self.slug, **values)

    def of_partnership(self, endpoint: str, **values: Any) -> str:
        """Return the address of a page about its partnership."""
        return url_for(endpoint, partnership_slug=self.partnership.slug, **values)


def fresh_views() -> Services:
    """Return the services after bringing the read models up to the present."""
    services = find_services()
    services.catch_up()
    return services


def find(slug: str, capability: Capability | None = None) -> Desk:
    """Return the consultation of an address; abort with 404, or 403 without the role.

    `capability`: that of the page, unless it differs from what the page declares. If the state
    does not allow it, a GET request redirects with the reason, and `submit` does the same with
    what is refused.
    """
    capability = capability or pages.needed()
    services = fresh_views()
    views = services.views
    with views.connect() as db:
        page = views.reader(Consultations).by_slug(db, slug)
        if page is None:
            abort(404)
        partnership = views.reader(Partnerships).by_id(db, page.partnership_id)
    actor = actor_for(capability, page.partnership_id)
    if actor is None or partnership is None:
        abort(403)
    g.partnership = partnership
    desk = Desk(page, partnership, actor)
    if access.state_of(page) not in capability.states:
        g.leads_back = desk.address()
        g.not_now = _not_now(access.state_of(page), capability.states)
        if request.method != "POST":
            flash(g.not_now, "problem")
            abort(redirect(g.leads_back, 303))
    return desk


def _not_now(state: str, needed: tuple[str, ...]) -> str:
    """Return why a page for some states is not available in this one."""
    if state in {states.OPEN, states.PAUSED}:
        return _(_not_while_open(needed))
    if state == states.PUBLISHED and states.CLOSED in needed:
        return _("The results are published already. Nothing was changed.")
    return _(NOT_NOW[state])


def _not_while_open(needed: tuple[str, ...]) -> str:
    if states.CLOSED in needed:
        return N_("It is still open, so that cannot be done yet. Nothing was changed.")
    if states.PAUSED in needed:
        return N_("It is not paused. Nothing was changed.")
    if states.OPEN in needed:
        return N_("It is paused already. Nothing was changed.")
    return N_("It is open already, so that cannot be done any more. Nothing was changed.")


_CLOSED = N_("It is closed, so that cannot be done any more. Nothing was changed.")
NOT_NOW = {
    states.DRAFT: N_("It has not opened yet, so that cannot be done now. Nothing was changed."),
    states.CLOSED: _CLOSED,
    states.PUBLISHED: _CLOSED,
    states.WITHDRAWN: N_("It was withdrawn, so that cannot be done any more. Nothing was changed."),
}


def find_draft(slug: str) -> Desk:
    """Return a consultation that can still be changed; redirect with the reason otherwise."""
    desk = find(slug)  # on POST too: what was typed is shown again
    if not desk.is_draft and request.method != "POST":
        flash(_("It has opened, so this cannot be changed any more."))
        abort(redirect(desk.address(), 303))
    return desk
