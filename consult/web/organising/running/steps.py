"""Organisers' pages for the steps: open, extend, pause, go on, withdraw."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request

from consult import access
from consult.commands.consultations.opening import (
    extend_consultation,
    open_consultation,
    pause_consultation,
    resume_consultation,
    withdraw_consultation,
)
from consult.counting import RULES
from consult.web import services as find_services
from consult.web.forms.fields import Moment, Words
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.organising.desk import Desk, find
from consult.web.organising.tasks import still_to_do
from consult.web.pages import Room
from consult.wording.drafting import rule_words
from consult.wording.drafting.rule_words import POINTS
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.lot_words import beacon_name, beacon_of
from consult.wording.outcomes import how_tallied
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import states
from events.frameworks import days_min

steps = Room("steps", __name__, url_prefix="/c/<slug>")
REASON_LENGTH_MAX = 2_000
CONFLICT = 409


def _reason() -> Words:
    needed = N_("Give the reason in every language.")
    return Words(N_("Reason"), most=REASON_LENGTH_MAX, in_each=needed, look={"rows": 3})


class ReasonForm(StaffForm):
    """Why a step is taken, published in every language."""

    reason = _reason()


class ExtendForm(StaffForm):
    """A later closing time, and why."""

    closes_at = Moment(
        N_("New last day"),
        name="closes",
        clock=N_("Closing time on that day"),
        clock_hint=N_("UK time, like 23:59."),
    )
    reason = _reason()


@steps.route(
    "/open",
    methods=["GET", "POST"],
    who=access.OPEN_CONSULTATION,
    title=N_("Open this consultation"),
)
def opening(slug: str) -> Page:
    """Open a consultation, after showing what will be frozen."""
    desk = find(slug)
    page = desk.page
    context = {
        "missing": still_to_do(desk),
        "days": days_min(desk.partnership.profile),
        "counted": [
            (question, rule_words.said_rule(_family(page.terms.counting[question.id].rule)))
            for question in page.counted_questions
            if page.terms
        ],
        "draw": beacon_name(beacon) if (beacon := beacon_of(page)) else "",
        "tallied": how_tallied.sentences(ShownConsultation(page, desk.partnership, 0.0)),
    }
    return _confirm(
        desk,
        "organising/running/open.html",
        act=lambda key: open_consultation(
            find_services(), desk.id, actor=desk.actor, command_id=key
        ),
        done=_("It is open. People can answer now."),
        **context,
    )


@steps.route("/close", methods=["GET", "POST"], who=access.EXTEND, title=N_("It closes by itself"))
def closing(slug: str) -> Page:
    """Explain that nobody can close early, and name the alternatives."""
    desk = find(slug)
    if desk.page.state != states.OPEN:
        flash(g.not_now, "problem")
        return redirect(desk.address(), 303)
    code = 200 if request.method != "POST" else CONFLICT
    return render_template("organising/running/close.html", desk=desk), code


@steps.route(
    "/pause", methods=["GET", "POST"], who=access.PAUSE, title=N_("Pause this consultation")
)
def pausing(slug: str) -> Page:
    """Suspend answering, with a published reason."""
    return _with_reason(
        find(slug),
        "organising/running/pause.html",
        pause_consultation,
        _("It is paused. Nobody can answer until it goes on."),
    )


@steps.route(
    "/resume", methods=["GET", "POST"], who=access.RESUME, title=N_("Let this consultation go on")
)
def resuming(slug: str) -> Page:
    """Allow answers again."""
    desk = find(slug)
    return _confirm(
        desk,
        "organising/running/resume.html",
        act=lambda key: resume_consultation(
            find_services(), desk.id, actor=desk.actor, command_id=key
        ),
        done=_("It goes on. People can answer again."),
    )


@steps.route(
    "/extend", methods=["GET", "POST"], who=access.EXTEND, title=N_("Give people more time")
)
def extending(slug: str) -> Page:
    """Move the closing time later, with a reason."""
    desk = find(slug)

    form = ExtendForm(
        languages=desk.page.languages,
        closes_at=desk.page.terms.closes_at if desk.page.terms else None,
    )

    def act(key: str) -> None:
        assert form.closes_at.data is not None, "it was validated"
        extend_consultation(
            find_services(),
            desk.id,
            closes_at=form.closes_at.data,
            reason=form.reason.data,
            actor=desk.actor,
            command_id=key,
        )

    return form.submit(
        act,
        lambda: form.draw("organising/running/extend.html", desk=desk),
        desk.address(),
        _("The closing time is later now."),
    )


@steps.route(
    "/withdraw",
    methods=["GET", "POST"],
    who=access.WITHDRAW,
    title=N_("Withdraw this consultation"),
)
def withdrawing(slug: str) -> Page:
    """Withdraw a consultation permanently, with a reason."""
    return _with_reason(
        find(slug),
        "organising/running/withdraw.html",
        withdraw_consultation,
        _("It is withdrawn."),
    )


def _with_reason(desk: Desk, template: str, command: Callable[..., object], done: str) -> Page:
    """Ask for a reason in every language, then run the command."""
    form = ReasonForm(languages=desk.page.languages)

    def act(key: str) -> None:
        reason = form.reason.data
        command(find_services(), desk.id, reason=reason, actor=desk.actor, command_id=key)

    return form.submit(act, lambda: form.draw(template, desk=desk), desk.address(), done)


def _confirm(
    desk: Desk,
    template: str,
    *,
    act: Callable[[str], object],
    done: str,
    **context: Any,
) -> Page:
    """Ask for confirmation, then call `act`."""
    form = StaffForm()
    return form.submit(act, lambda: form.draw(template, desk=desk, **context), desk.address(), done)


def _family(rule_id: str) -> str:
    return rule_id if rule_id in RULES else POINTS
