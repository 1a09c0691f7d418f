"""Mark answers as part of a campaign; they are shown separately too, never removed."""

from uuid import UUID

from flask import flash, redirect, request

from consult.commands.answers import reading as commands
from consult.commands.answers.campaigns import (
    NAME_LENGTH_MAX,
    CountedAlready,
    NotMarkable,
    group_campaign,
)
from consult.services import Services
from consult.web import services as find_services
from consult.web.answering.forms.answer_forms import COMMAND
from consult.web.organising.desk import Desk, Page, draw_form, submit
from consult.web.organising.drafting_forms import Problem, Reader, Typed
from consult.web.organising.words.organise_reading import asked_question, may_group, opened
from consult.web.pages import Room
from consult.wording.language import gettext as _
from consult.wording.language import names
from events.question import Question, Text
from projections.writings import Writings

campaigns = Room("campaigns", __name__, url_prefix="/c/<slug>/written/<question_id>/campaign")
CHOSEN, NAME = "grouped", "name"


@campaigns.route("/", methods=["GET", "POST"])
def group(slug: str, question_id: str) -> Page:
    """Ask for the name of the campaign of the chosen answers, and mark them."""
    desk = opened(slug)
    question = asked_question(desk, question_id)
    back = desk.address("organise.reading.one", question_id=question.id)
    chosen = request.form.getlist(CHOSEN)[: commands.PAGE]
    people = _people(desk, question, chosen)
    if not may_group(desk):
        refusal = CountedAlready if desk.page.state == "closed" else NotMarkable
        flash(_(refusal.says), "problem")
        return redirect(back, 303)
    if not people:
        flash(_("Choose the answers that belong to the campaign first."), "problem")
        return redirect(back, 303)

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form(
            "organise/campaign.html", typed, problems, desk=desk, chosen=chosen, back=back
        )

    if COMMAND not in request.form:
        return draw({}, [])
    return submit(
        lambda form: _names(form, desk.page.languages),
        lambda name, _key: group_campaign(
            find_services(), desk.id, people, name=name, actor=desk.actor
        ),
        draw,
        back,
        _("The answers are marked. They count like all others."),
    )


def _people(desk: Desk, question: Question, chosen: list[str]) -> list[UUID]:
    """Return the ids of the chosen submissions that still stand."""
    services: Services = find_services()
    with services.whole(Writings, seconds_max=commands.SECONDS_MAX) as (db, writings):
        found = [writings.by_commitment(db, desk.id, [question.id], each) for each in chosen]
    return [each.subject_id for each in found if each is not None]


def _names(form: Reader, languages: tuple[str, ...]) -> Text:
    """Parse the name of the campaign, required in every language of the consultation."""
    found = form.words(NAME, languages, most=NAME_LENGTH_MAX, needed=_("Say what it is called."))
    for code in languages:
        if found and code not in found:
            message = _("Write this in {language} too.").format(language=names().get(code, code))
            form.wrong(f"{NAME}-{code}", message)
    return found
