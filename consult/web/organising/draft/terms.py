"""Organisers' pages about the terms: promises, and the counting rule of each question."""

from datetime import datetime
from typing import Any

from flask import abort, redirect, request, url_for
from msgspec.structs import replace

from consult.commands.consultations.drafting import fix_terms
from consult.counting import RULES, WrongSpecification, find_rule
from consult.web import services as find_services
from consult.web.forms.choices import OneOf
from consult.web.forms.reader import (
    Problem,
    Reader,
    Typed,
    plain_digits,
    suggested_closing,
)
from consult.web.forms.sending import Page, draw_form, not_there, submit
from consult.web.forms.staff_form import StaffForm
from consult.web.organising.desk import Desk, find_draft
from consult.web.organising.draft.promises import PromisesForm
from consult.web.pages import Room
from consult.wording.drafting import ballot_publication, identity_words, rule_words
from consult.wording.drafting.rule_words import POINTS, TIES
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from events.consultations.terms import CountingTerms, Terms
from events.frameworks import days_min
from events.question import Question

terms = Room("terms", __name__, url_prefix="/c/<slug>/terms")
SEATS_MAX = 1_000
NOT_COUNTED = "none"
DAYS_SUGGESTED_MIN = 28


class RuleForm(StaffForm):
    """Which rule counts a question; its settings are a form that is made from the rule."""

    rule = OneOf(
        N_("How should this be counted?"),
        hint=N_("The rule is published before anybody answers, and cannot change afterwards."),
        needed=N_("Choose how to count."),
    )


@terms.route("/", methods=["GET", "POST"], title=N_("The terms"))
def promises(slug: str) -> Page:
    """State the period, who may take part, who decides, and whether interim results are shown."""
    desk = find_draft(slug)
    known = desk.page.terms
    days = days_min(desk.partnership.profile)
    shown = known or Terms(closes_at=_suggested_closing(days), is_declared=True)
    form = PromisesForm(
        shown,
        languages=desk.page.languages,
        choices={
            "wards": [(ward.code, said(ward.name)) for ward in desk.partnership.wards],
            "identity": identity_words.choices(find_services().config, known),
            "openings": ballot_publication.choices(),
        },
        openings=ballot_publication.typed(shown),
    )

    def act(key: str) -> None:
        fix_terms(find_services(), desk.id, form.stated(known), actor=desk.actor, command_id=key)

    def draw() -> str:
        hint = ballot_publication.hint(desk.page.questions.values())
        return form.draw("organising/draft/promises.html", desk=desk, days=days, openings_hint=hint)

    return form.submit(act, draw, desk.address(), _("The terms are saved."))


def _suggested_closing(days: int) -> datetime:
    return suggested_closing(find_services().clock(), max(days, DAYS_SUGGESTED_MIN))


@terms.route("/<question_id>", methods=["GET", "POST"], title=N_("How should this be counted?"))
def rule(slug: str, question_id: str) -> Page:
    """Choose the rule that counts a question."""
    desk, question, known = _find(slug, question_id)
    offered = rule_words.rules_for(question)
    chosen = known.counting.get(question.id)

    options = [(each.id, each.title, each.about) for each in offered]
    if not question.of_kind.is_vote:
        options.append((NOT_COUNTED, _("No rule"), _("The numbers are published as they are.")))
    elif len(offered) == 1 and request.method != "POST":
        return redirect(_settings(desk, question, offered[0].id), 303)
    form = RuleForm(choices={"rule": options}, rule=_family(chosen.rule) if chosen else "")

    def act(key: str) -> None:
        if form.rule.data == NOT_COUNTED and chosen is not None:
            counting = {id: it for id, it in known.counting.items() if id != question.id}
            _fix(desk, replace(known, counting=counting), key)

    def after() -> str:
        rule_id = form.rule.data
        return desk.address() if rule_id == NOT_COUNTED else _settings(desk, question, rule_id)

    return form.submit(
        act, lambda: form.draw("organising/draft/rule.html", desk=desk, question=question), after
    )


@terms.route("/<question_id>/settings/<rule_id>", methods=["GET", "POST"], title="%(rule)s")
def settings(slug: str, question_id: str, rule_id: str) -> Page:
    """Set the rule's parameters: seats, minimums, and tie-breaking."""
    desk, question, known = _find(slug, question_id)
    if rule_id not in {each.id for each in rule_words.rules_for(question)}:
        abort(404)
    chosen = known.counting.get(question.id)

    def draw(typed: Typed, problems: list[Problem]) -> str:
        rule = RULES[rule_id]
        return draw_form(
            "organising/draft/settings.html",
            typed,
            problems,
            desk=desk,
            question=question,
            rule=rule_words.said_rule(rule_id),
            takes_points=rule_id == POINTS,
            takes_seats=rule.asks_places and not question.of_kind.has_scale,
            parameters=[
                (each, *rule_words.setting_words(each), rule_words.choices(each))
                for each in rule_words.shown_settings(rule)
            ],
            ties=rule_words.ties_for(question),
        )

    if request.method != "POST":
        return draw(_typed_counting(rule_id, question, chosen), [])

    def act(read: CountingTerms, key: str) -> None:
        _fix(desk, replace(known, counting={**known.counting, question.id: read}), key)

    return submit(
        lambda form: _read_counting(form, rule_id, question),
        act,
        draw,
        lambda: _after_counting(desk),
        _("The counting rule is saved."),
    )


def _find(slug: str, question_id: str) -> tuple[Desk, Question, Terms]:
    desk = find_draft(slug)
    question = desk.question(question_id)
    if not question.is_counted:
        not_there(desk.address())
    if desk.page.terms is None:
        abort(redirect(url_for("organise.terms.promises", slug=slug), 303))
    return desk, question, desk.page.terms


def _settings(desk: Desk, question: Question, rule_id: str) -> str:
    return url_for(
        "organise.terms.settings",
        slug=desk.slug,
        question_id=question.id,
        rule_id=rule_id or NOT_COUNTED,
    )


def _after_counting(desk: Desk) -> str:
    """Return the next page: naming the draw that breaks ties, until one is named."""
    terms = desk.page.terms
    is_named = terms is not None and terms.beacon is not None
    # If no tie can reach the lot, that page redirects back here.
    return desk.address() if is_named else url_for("organise.lot.naming", slug=desk.slug)


def _fix(desk: Desk, stated: Terms, key: str) -> None:
    fix_terms(find_services(), desk.id, stated, actor=desk.actor, command_id=key)


def _family(rule_id: str) -> str:
    """Return the id of a rule in the list: `points-3` belongs to `points-N`."""
    return rule_id if rule_id in RULES else POINTS


def _typed_counting(
    rule_id: str, question: Question, chosen: CountingTerms | None
) -> dict[str, str]:
    rule = RULES[rule_id]
    typed = {
        each.name: "" if each.default is None else str(each.default) for each in rule.parameters
    }
    if "step" in typed:
        typed["step"] = "100"  # whole pounds; smaller steps make no visible difference
    first_way = rule_words.ties_for(question)[0][0]
    typed |= {"seats": "1", "points": "3", "tie": first_way}
    if chosen is None:
        return typed
    typed |= {
        "seats": str(chosen.seats),
        "tie": rule_words.tie_way(chosen.tie_chain) or first_way,
    }
    if _family(chosen.rule) == rule_id:
        typed |= chosen.parameters
        if rule_id == POINTS:
            typed["points"] = chosen.rule.removeprefix("points-")
    return typed


def _read_counting(form: Reader, rule_id: str, question: Question) -> CountingTerms:
    rule_given = rule_id
    if rule_id == POINTS:
        points = form.number("points", _("The points of a first choice"), least=1, most=999)
        if not form.raw("points"):
            form.wrong("points", _("Say how many points a first choice gets."))
        rule_given = f"points-{points or 1}"
    seats = form.number("seats", _("The number of places"), least=1, most=SEATS_MAX, empty=1)
    parameters: dict[str, Any] = {}
    for each in rule_words.shown_settings(find_rule(rule_given)):
        value = form.raw(each.name) or ("" if each.default is None else str(each.default))
        if not each.choices:
            value = plain_digits(value)
        try:
            each.parse(value)
        except WrongSpecification:
            least = _("Write a whole number of at least {least}, like 100.")
            form.wrong(each.name, least.format(least=each.minimum))
        parameters[each.name] = value
    ways = [way for way, _words in rule_words.ties_for(question)]
    way = form.choice("tie", ways, needed=_("Choose what decides a tie."))
    return CountingTerms(
        rule=rule_given,
        parameters=parameters,
        seats=seats,
        tie_chain=TIES[way or "lot"][0],
    )
