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
from consult.web.forms.command_key import COMMAND
from consult.web.forms.fields import Words
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.organising.desk import Desk
from consult.web.organising.words.reading import asked_question, may_group, opened
from consult.web.pages import Room
from consult.wording.language import N_
from consult.wording.language import gettext as _
from events.consultations import states
from events.question import Question
from projections.writings import Writings

campaigns = Room("campaigns", __name__, url_prefix="/c/<slug>/written/<question_id>/campaign")
CHOSEN = "grouped"


class CampaignForm(StaffForm):
    """What a campaign is called, in every language of the consultation."""

    name = Words(
        N_("What the campaign is called"),
        most=NAME_LENGTH_MAX,
        needed=N_("Say what it is called."),
        is_whole=True,
    )


@campaigns.route("/", methods=["GET", "POST"], title=N_("Mark answers as part of a campaign"))
def group(slug: str, question_id: str) -> Page:
    """Ask for the name of the campaign of the chosen answers, and mark them."""
    desk = opened(slug)
    question = asked_question(desk, question_id)
    back = desk.address("organise.reading.one", question_id=question.id)
    chosen = request.form.getlist(CHOSEN)[: commands.PAGE]
    people = _people(desk, question, chosen)
    if not may_group(desk):
        refusal = CountedAlready if desk.page.state == states.CLOSED else NotMarkable
        flash(_(refusal.says), "problem")
        return redirect(back, 303)
    if not people:
        flash(_("Choose the answers that belong to the campaign first."), "problem")
        return redirect(back, 303)

    form = CampaignForm(languages=desk.page.languages)

    def draw() -> str:
        return form.draw("organising/running/campaign.html", desk=desk, chosen=chosen, back=back)

    if COMMAND not in request.form:
        return draw()
    return form.submit(
        lambda _key: group_campaign(
            find_services(), desk.id, people, name=form.name.data, actor=desk.actor
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
