"""Shared parts of organisers' pages: access to a consultation, and from a form to a command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from consult import access
from consult.access import Capability
from consult.commands.context import Actor, fresh_command_id
from consult.services import Services
from consult.web import page_language, pages
from consult.web import services as find_services
from consult.web.accounts.staff_access import actor_for
from consult.web.answering.forms.answer_forms import COMMAND, COMMAND_ID
from consult.web.organising.drafting_forms import Problem, Reader, Typed
from consult.wording import language
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from events.errors import Refused
from events.question import Question
from projections.consultations import ConsultationPage, Consultations
from projections.partnerships import PartnershipPage, Partnerships

Page = str | tuple[str, int] | Response
T = TypeVar("T")

UNPROCESSABLE = 422
FORM = "form"
"""Id of the page's form: target of problems that concern no single field."""


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
        return self.page.state == "draft"

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
            entries += [
                ("written", _("What people wrote"), self.address("organise.reading.index")),
            ]
            if self.may(access.EXPORT_ANSWERS):  # hidden while people still answer
                export = self.address("organise.exports.form")
                entries.append(("export", _("Export the answers"), export))
            entries += [
                ("trail", self._trail_title(), self.address("audit.show")),
            ]
        return entries

    def _trail_title(self) -> str:
        return _("Count and trail") if self.page.counted_questions else _("Trail")

    def question(self, question_id: str) -> Question:
        """Return the question named in the address, or abort with 404."""
        return self.page.questions.get(question_id) or abort(404)

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
        if request.method == "GET":
            flash(g.not_now, "problem")
            abort(redirect(g.leads_back, 303))
    return desk


def _not_now(state: str, states: tuple[str, ...]) -> str:
    """Return why a page for some states is not available in this one."""
    if state in {access.OPEN, access.PAUSED}:
        return _(_not_while_open(states))
    if state == access.PUBLISHED and access.CLOSED in states:
        return _("The results are published already. Nothing was changed.")
    return _(NOT_NOW[state])


def _not_while_open(states: tuple[str, ...]) -> str:
    if access.CLOSED in states:
        return N_("It is still open, so that cannot be done yet. Nothing was changed.")
    if access.PAUSED in states:
        return N_("It is not paused. Nothing was changed.")
    if access.OPEN in states:
        return N_("It is paused already. Nothing was changed.")
    return N_("It is open already, so that cannot be done any more. Nothing was changed.")


_CLOSED = N_("It is closed, so that cannot be done any more. Nothing was changed.")
NOT_NOW = {
    access.DRAFT: N_("It has not opened yet, so that cannot be done now. Nothing was changed."),
    access.CLOSED: _CLOSED,
    access.PUBLISHED: _CLOSED,
    access.WITHDRAWN: N_("It was withdrawn, so that cannot be done any more. Nothing was changed."),
}


def find_draft(slug: str) -> Desk:
    """Return a consultation that can still be changed; redirect with the reason otherwise."""
    desk = find(slug)  # on POST too: what was typed is shown again
    if not desk.is_draft and request.method == "GET":
        flash(_("It has opened, so this cannot be changed any more."))
        abort(redirect(desk.address(), 303))
    return desk


def submit(
    read: Callable[[Reader], T],
    act: Callable[[T, str], object],
    draw: Callable[[Typed, list[Problem]], str],
    after: str | Callable[[], str],
    done: str = "",
) -> Page:
    """Parse the posted form, act on it and redirect; or show it again with the problems.

    `act` gets the parsed value and the idempotency key of the form. `done`: message on the next
    page.
    """
    typed = request.form.to_dict()
    switched = in_other_language(lambda: draw(typed, []))
    if switched is not None:
        return switched
    reader = Reader(typed)
    value = read(reader)
    problems = reader.problems or carry_out(lambda key: act(value, key))
    if problems and "not_now" in g:  # repeating what was done already is not a problem
        flash(g.not_now, "problem")
        return redirect(g.leads_back, 303)
    if problems:
        return draw(typed, problems), UNPROCESSABLE
    if done:
        flash(done)
    return redirect(after if isinstance(after, str) else after(), 303)


def in_other_language(draw: Callable[[], Page]) -> Page | None:
    """Return the form again if its language switch was pressed; else None.

    First the browser posts everything again to the page in the other language.
    """
    switched = page_language.switch_asked()
    if switched and switched != language.current():
        return redirect(page_language.same_page(switched), 307)
    return draw() if switched else None


def press(act: Callable[[str], object], after: str, done: str = "") -> Page:
    """Act on a button without a form; a refusal is shown on the next page."""
    problems = carry_out(act)
    for _id, message in problems:
        flash(message, "problem")
    if done and not problems:
        flash(done)
    return redirect(after, 303)


def carry_out(act: Callable[[str], object]) -> list[Problem]:
    """Run one command; return why it was refused, if it was."""
    key = request.form.get(COMMAND, "")
    if g.get("has_expired") or not COMMAND_ID.fullmatch(key):
        return [
            (FORM, _("This page was open for very long, so nothing was recorded. Press it again."))
        ]
    try:
        act(key)
    except Refused as refused:
        return [(FORM, says(refused))]
    return []


def draw_form(
    template: str,
    typed: Typed,
    problems: list[Problem] | None = None,
    **context: Any,
) -> str:
    """Render a page with a form: input, problems, and a fresh idempotency key."""
    wrong: Mapping[str, str] = dict(reversed(problems or []))
    return render_template(
        template,
        typed=typed,
        errors=problems or [],
        wrong=wrong,
        command_id=fresh_command_id(),
        answers_form=FORM,
        **context,
    )
