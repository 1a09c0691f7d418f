"""The page that asks for whom somebody answers, where the terms invite organisations."""

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError

from consult.web import services as find_services
from consult.web.answering import answer_pages, drafts, earlier, pauses, strangers
from consult.web.answering.answer_pages import Page
from consult.web.answering.forms import respondents
from consult.web.answering.forms.draft import Draft
from consult.web.answering.forms.filled import EXPIRED
from consult.web.answering.journey import Journey
from consult.web.consultation_lookup import find
from consult.web.kinds.form import Problem
from consult.web.layout import page_language
from consult.web.pages import NOBODY, Room
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.registries import respondent_words
from consult.wording.shown_consultation import ShownConsultation

whom = Room("whom", __name__, url_prefix="/c/<slug>/whom", keeps=NOBODY)
BAD_REQUEST, CONFLICT, UNPROCESSABLE = 400, 409, 422

whom.before_request(strangers.lead_to_proof)


@whom.get("/", title=N_("Are you answering for yourself or for an organisation?"))
def ask(slug: str) -> Page:
    """Ask for whom the answers are."""
    asked, services = find(slug), find_services()
    if not asked.invites_organisations:
        return redirect(url_for("answers.check", slug=slug), 303)
    if not asked.is_open(services.clock()):
        return answer_pages.closed(asked)
    return _page(asked, drafts.load(asked))


@whom.post("/")
def say(slug: str) -> Page:
    """Store for whom the answers are, and continue."""
    asked, services = find(slug), find_services()
    draft = replace(drafts.load(asked), whom=respondents.read(request.form))
    if not asked.is_open(services.clock()):
        return _page(asked, draft, [("", pauses.too_late(asked, draft))], CONFLICT)
    switched = page_language.switched_page()
    problems = [] if switched else respondents.problems(draft.whom)
    if problems:
        return _page(asked, draft, problems, UNPROCESSABLE)
    drafts.save(asked, draft)
    return redirect(switched or Journey(asked, draft).after(url_for(".ask", slug=slug)), 303)


@whom.errorhandler(CSRFError)
def expired(_error: CSRFError) -> Page:
    """Show the form again, with what was typed, if its CSRF token is not valid in this session."""
    asked = find(str((request.view_args or {})["slug"]))
    draft = Draft(whom=respondents.read(request.form))
    return _page(asked, draft, [("", _(EXPIRED))], BAD_REQUEST)


def _page(
    asked: ShownConsultation, draft: Draft, problems: list[Problem] | None = None, status: int = 200
) -> Page:
    page = render_template(
        "answers/whom.html",
        asked=asked,
        whom=draft.whom,
        whom_choices=respondent_words.offered(),
        whom_published=respondents.published(),
        back=Journey(asked, draft).before(url_for(".ask", slug=asked.slug)),
        changing=earlier.find(asked).words(draft.typed),
        errors=[(id or respondents.RESPONDENT, message) for id, message in problems or []],
    )
    return page, status
