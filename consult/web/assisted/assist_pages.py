"""Shared parts of the desk pages: find the consultation and the visit, and render two pages."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import abort, render_template, request

from consult import access
from consult.web import services as find_services
from consult.web.accounts.staff_access import actor_for
from consult.web.answering import drafts, one_page
from consult.web.answering.forms import filled, respondents
from consult.web.answering.forms.buttons import MOVED
from consult.web.answering.forms.filled import Filled
from consult.web.answering.forms.respondents import MEMBERS, RESPONDENT
from consult.web.answering.pauses import too_late
from consult.web.answering.sending import Refusal
from consult.web.assisted import assist_visits
from consult.web.assisted.assist_visits import Visit
from consult.web.consultation_lookup import find as find_asked
from consult.web.identity import identity
from consult.web.kinds.form import Problem
from consult.wording.language import gettext as _
from consult.wording.registries import respondent_words
from consult.wording.registries.channel_words import CHANNELS, channels_at_desk
from consult.wording.registries.role_words import readers
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import levels
from events.submission import RESPONDENTS

LEVELS = (levels.LETTER, levels.DESK)
FORBIDDEN = 403


def find(slug: str) -> ShownConsultation:
    """Return a consultation that can be answered here; abort with 404, or 403 without the role."""
    asked = find_asked(slug)
    if actor_for(access.ANSWER_FOR_SOMEBODY, asked.page.partnership_id) is None:
        abort(FORBIDDEN)
    if not levels_here(asked):
        abort(404)
    return asked


def find_visit(slug: str, name: str) -> Visit | None:
    """Return the person being helped; None after the next one was called."""
    return assist_visits.find(name, find(slug).id)


def levels_here(asked: ShownConsultation) -> tuple[str, ...]:
    """Return the proofs of identity that a desk can check and the terms accept."""
    return tuple(level for level in LEVELS if level in identity.accepted(asked))


def filled_here(asked: ShownConsultation, visit: Visit) -> Filled:
    """Read the posted form, with the files attached before."""
    form = filled.whole(asked, request.form)
    return replace(form, draft=form.draft.answered(drafts.attached(asked, visit.name)))


def whom(form: Mapping[str, str], problems: list[Problem]) -> tuple[str, int]:
    """Parse who answers, and how many people an organisation speaks for or how many met."""
    whom = respondents.read(form)
    if whom.respondent not in RESPONDENTS:
        problems.append((RESPONDENT, _("Say who answers.")))
    if whom.number is None:
        problems.append((MEMBERS, _("Enter a whole number, like 120, or leave it empty.")))
    elif whom.is_person and whom.number:
        problems.append((MEMBERS, _("Leave this empty where a person answers for themselves.")))
    return whom.respondent, whom.number or 0


def who_page(asked: ShownConsultation, form: Mapping[str, str], problems: list[Problem]) -> str:
    """Render the page that asks whom to answer for."""
    is_open = asked.is_open(find_services().clock())
    return render_template(
        "assisting/who.html",
        asked=asked,
        ways=levels_here(asked),
        channels=channels_at_desk(),
        respondents=respondent_words.at_desk(),
        typed=form,
        wrong=dict(reversed(problems)),
        errors=problems,
        is_open=is_open,
        is_paused=asked.is_paused(find_services().clock()),
        has_results=asked.page.published_at is not None,
    )


def form_page(asked: ShownConsultation, visit: Visit, form: Filled, problems: list[Problem]) -> str:
    """Render the form with every question."""
    if not problems and not asked.is_open(find_services().clock()):
        problems = [("", too_late(asked))]
    return one_page.touched(asked, visit.name, form, problems=problems, **_about(visit))


def form_again(
    asked: ShownConsultation, visit: Visit, form: Filled, refusal: Refusal
) -> tuple[str, int]:
    """Render the form after it was refused; every question may be left blank."""
    return one_page.again(asked, visit.name, form, refusal, has_blanks=True, **_about(visit))


def _about(visit: Visit) -> dict[str, Any]:
    """Return what else the page of the form is drawn from."""
    return {
        "moved": request.args.get(MOVED),
        "template": "assisting/answers.html",
        "visit": visit,
        "channel": _(CHANNELS[visit.channel].at_desk),
        "readers": readers(access.READ_WORDS),
    }
