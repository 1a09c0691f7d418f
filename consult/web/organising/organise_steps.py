"""Organisers' pages that move a consultation on: open, extend, close, count, publish, withdraw."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, request

from consult.commands.counting import count_consultation, publish_results
from consult.commands.drafting import extend_consultation
from consult.commands.opening import (
    close_consultation,
    open_consultation,
    withdraw_consultation,
)
from consult.counting import RULES
from consult.web import services as find_services
from consult.web.language import gettext as _
from consult.web.organising import rule_words
from consult.web.organising.desk import Desk, Page, draw_form, find, submit
from consult.web.organising.drafting_forms import Problem, Reader, Typed, typed_moment
from consult.web.organising.gap_words import gap_words
from consult.web.organising.rule_words import POINTS
from events import readiness
from events.particulars import partnership_gaps
from events.question import Text
from events.terms import PROFILES

steps = Blueprint("steps", __name__, url_prefix="/c/<slug>")
REASON_LENGTH_MAX = 2_000


@steps.route("/open", methods=["GET", "POST"])
def opening(slug: str) -> Page:
    """Open a consultation, after naming what freezes."""
    desk = find(slug, "draft")
    page = desk.page
    context = {
        "missing": [
            gap_words(page, gap)
            for gap in (*readiness.gaps(page), *partnership_gaps(desk.partnership, page))
        ],
        "days": PROFILES[desk.partnership.profile].days_min,
        "counted": [
            (question, rule_words.said_rule(_family(page.terms.counting[question.id].rule)))
            for question in page.counted_questions
            if page.terms
        ],
    }
    return _confirm(
        desk,
        "organise/open.html",
        act=lambda key: open_consultation(
            find_services(), desk.id, actor=desk.actor, command_id=key
        ),
        done=_("It is open. People can answer now."),
        **context,
    )


@steps.route("/close", methods=["GET", "POST"])
def closing(slug: str) -> Page:
    """Close a consultation now, before its time."""
    desk = find(slug, "open")
    return _confirm(
        desk,
        "organise/close.html",
        act=lambda key: close_consultation(
            find_services(), desk.id, actor=desk.actor, command_id=key
        ),
        done=_("It is closed. Nothing that comes in from now on is counted."),
    )


@steps.route("/count", methods=["GET", "POST"])
def counting(slug: str) -> Page:
    """Count every question that has a rule; nobody else sees the result yet."""
    desk = find(slug, "closed")
    return _confirm(
        desk,
        "organise/count.html",
        act=lambda _key: count_consultation(find_services(), desk.id, actor=desk.actor),
        done=_("It is counted. Look at the result before you publish it."),
    )


@steps.route("/publish", methods=["GET", "POST"])
def publishing(slug: str) -> Page:
    """Make the results public."""
    desk = find(slug, "closed")
    return _confirm(
        desk,
        "organise/publish.html",
        act=lambda _key: publish_results(find_services(), desk.id, actor=desk.actor),
        done=_("The results are published."),
    )


@steps.route("/extend", methods=["GET", "POST"])
def extending(slug: str) -> Page:
    """Give people more time, with a reason."""
    desk = find(slug, "open")

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form("organise/extend.html", typed, problems, desk=desk)

    def read(form: Reader) -> tuple[datetime | None, Text]:
        return form.moment("closes", "clock"), _reason(form, desk)

    def act(value: tuple[datetime | None, Text], key: str) -> None:
        closes_at, reason = value
        assert closes_at is not None
        extend_consultation(
            find_services(),
            desk.id,
            closes_at=closes_at,
            reason=reason,
            actor=desk.actor,
            command_id=key,
        )

    if request.method == "GET":
        assert desk.page.terms is not None
        return draw(typed_moment("closes", "clock", desk.page.terms.closes_at), [])
    return submit(read, act, draw, desk.address(), _("The closing time is later now."))


@steps.route("/withdraw", methods=["GET", "POST"])
def withdrawing(slug: str) -> Page:
    """Stop a consultation for good, with a reason."""
    desk = find(slug, "draft", "open", "closed")

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form("organise/withdraw.html", typed, problems, desk=desk)

    if request.method == "GET":
        return draw({}, [])
    return submit(
        lambda form: _reason(form, desk),
        lambda reason, key: withdraw_consultation(
            find_services(), desk.id, reason=reason, actor=desk.actor, command_id=key
        ),
        draw,
        desk.address(),
        _("It is withdrawn."),
    )


def _confirm(
    desk: Desk,
    template: str,
    *,
    act: Callable[[str], object],
    done: str,
    **context: Any,
) -> Page:
    """Ask before something that cannot be taken back; then do it."""

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form(template, typed, problems, desk=desk, **context)

    if request.method == "GET":
        return draw({}, [])
    return submit(lambda _form: None, lambda _nothing, key: act(key), draw, desk.address(), done)


def _reason(form: Reader, desk: Desk) -> Text:
    """Read a reason, which every language of the consultation needs."""
    languages = desk.page.languages
    reason = form.words("reason", languages, most=REASON_LENGTH_MAX)
    for code in languages:
        if not form.raw(f"reason-{code}"):
            form.wrong(f"reason-{code}", _("Give the reason in every language."))
    return reason


def _family(rule_id: str) -> str:
    return rule_id if rule_id in RULES else POINTS
