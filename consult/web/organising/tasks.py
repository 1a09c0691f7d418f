"""Tasks of a draft, and possible actions on a consultation that has opened."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from consult import access
from consult.commands.answers.reading import takes_words
from consult.web import services as find_services
from consult.web.answering.forms import answer_words
from consult.web.organising.desk import Desk
from consult.web.organising.draft.gap_places import is_about_wards, place_of
from consult.web.organising.running import result_standing
from consult.web.organising.running.awaited import draw_awaited, not_yet_time
from consult.wording import ending
from consult.wording.drafting.kind_words import kind_title
from consult.wording.drafting.readiness_messages import gap_words
from consult.wording.drafting.rule_words import said_rule
from consult.wording.figures import moment
from consult.wording.language import N_, current, said
from consult.wording.language import gettext as _
from consult.wording.lot_words import beacon_name
from consult.wording.outcomes import campaigns
from consult.wording.outcomes.counted import Counted
from consult.wording.registries import respondent_words
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import readiness, readiness_gaps, states
from events.consultations.readiness_gaps import Gap
from events.particulars import ABOUT_PARTNERSHIP, LanguageRequired, partnership_gaps
from events.question import Question, in_order_asked
from events.submission import INDIVIDUAL
from projections import participation
from projections.ballot_box import BallotBox
from projections.results import Result, Results

Task = dict[str, Any]
_ABOUT_WORDS = (
    readiness_gaps.TitleUnwritten,
    readiness_gaps.OverviewUnwritten,
    LanguageRequired,
)
_ABOUT_PROMISES = (
    readiness_gaps.TermsMissing,
    readiness_gaps.EligibilityUnwritten,
    readiness_gaps.DecisionUnwritten,
    readiness_gaps.OpenUnexplained,
)
_ABOUT_COUNTING = (readiness_gaps.RuleMissing, readiness_gaps.TooManyPlaces)
_ABOUT_LOT = (readiness_gaps.BeaconMissing, readiness_gaps.BeaconUnwritten)


def of_draft(desk: Desk) -> dict[str, Any]:
    """Return the tasks of a draft in four groups, and everything that is missing."""
    gaps = _gaps(desk)
    return {
        "missing": _to_do(desk, gaps),
        "about": [_words_task(desk, gaps)],
        "questions": [_question_task(desk, each, gaps) for each in desk.page.questions.values()],
        "terms": [*_terms_tasks(desk, gaps), _partnership_task(desk, gaps)],
        "opening": _opening_tasks(desk, gaps),
    }


def still_to_do(desk: Desk) -> list[tuple[str, str | None]]:
    """Return what must be done before opening, each with its address."""
    return _to_do(desk, _gaps(desk))


def _gaps(desk: Desk) -> list[Gap]:
    return [*readiness.gaps(desk.page), *partnership_gaps(desk.partnership, desk.page)]


def _to_do(desk: Desk, gaps: list[Gap]) -> list[tuple[str, str | None]]:
    listed = [(gap_words(desk.page, gap), place_of(desk, gap)) for gap in gaps]
    return listed + not_yet_time(desk)


def of_running(desk: Desk) -> dict[str, Any]:
    """Return the possible actions on a consultation that has opened, and its status."""
    services = find_services()
    views = services.views
    with views.connect() as db:
        turnout = views.reader(BallotBox).turnout
        responses = participation.by(db, turnout, desk.id, "respondent")
        unsorted = views.reader(Results).of(db, desk.id, published_only=False)
        is_published = desk.id in views.reader(Results).are_published(db, [desk.id])
    results = in_order_asked(desk.page.questions, unsorted)
    is_counted = len(results) == len(desk.page.counted_questions)
    making = result_standing.find(desk)
    state, awaited = desk.page.state, draw_awaited(desk)
    by_now = desk.page.state_at(services.clock())
    return {
        "facts": _facts(desk, responses),
        "outcomes": list(results.values()),
        "warnings": _campaigns(desk, results),
        "is_published": is_published,
        "may_follow_up": is_published and desk.may(access.FOLLOW_UP),
        "by_now": by_now,
        "is_running": by_now in states.RUNNING,
        "is_closing": state == states.OPEN and by_now == states.CLOSED,
        "has_words": desk.page.opened_position is not None
        and any(takes_words(each) for each in desk.page.questions.values()),
        "making": making,
        "may_count": desk.may(access.COUNT) and not is_counted and awaited is None,
        "may_publish": desk.may(access.PUBLISH) and is_counted,
        "awaited": awaited if state in {states.OPEN, states.CLOSED} and not results else None,
        "may_export": desk.may(access.EXPORT_ANSWERS) and desk.page.opened_position is not None,
        "may_correct": desk.page.lot is not None and not desk.page.lot.is_final and not results,
        "may_withdraw": desk.may(access.WITHDRAW) and by_now in access.WITHDRAW.states,
    }


def _campaigns(desk: Desk, results: Mapping[str, Result]) -> dict[str, str]:
    """Return, per counted question, whether campaigns change the outcome."""
    asked = ShownConsultation(desk.page, desk.partnership, 0.0)
    return {
        id: campaigns.sentence(
            Counted(asked, desk.page.questions[id], result.outcome, result.comparison)
        )
        for id, result in results.items()
    }


def _facts(desk: Desk, responses: Mapping[str, int]) -> list[tuple[str, str]]:
    page, terms = desk.page, desk.page.terms
    found = [(_("Responses"), f"{sum(responses.values()):,}")]
    if set(responses) - {INDIVIDUAL}:
        kinds = respondent_words.RESPONDENTS.items()
        found += [(_(words.several), f"{responses.get(kind, 0):,}") for kind, words in kinds]
    if page.opened_at:
        found.append((_("Opened"), moment(page.opened_at, current())))
    found += ending.facts(page, find_services().clock(), stopped_title=N_("Withdrawn"))
    if page.withdrawal_reason:
        found.append((_("Reason"), said(page.withdrawal_reason)))
    if terms is not None and terms.beacon is not None:
        found.append((_("The draw that decides ties"), beacon_name(terms.beacon)))
    if page.lot is not None:
        found.append((_("What was drawn"), page.lot.value))
    return found


def _words_task(desk: Desk, gaps: list[Gap]) -> Task:
    return _task(
        "words",
        _("Title and overview"),
        desk.address("organise.words"),
        [gap for gap in gaps if isinstance(gap, _ABOUT_WORDS)],
    )


def _partnership_task(desk: Desk, gaps: list[Gap]) -> Task:
    """Return the task of the partnership's public statement, common to all its consultations."""
    return _task(
        "partnership",
        _("How people reach you, and who is responsible"),
        url_for("organise.partnership.index", partnership_slug=desk.partnership.slug),
        [gap for gap in gaps if isinstance(gap, ABOUT_PARTNERSHIP)],
        _("Stated once for all your consultations."),
    )


def _question_task(desk: Desk, question: Question, gaps: list[Gap]) -> Task:
    mine = [
        gap for gap in gaps if gap.question == question.id and not isinstance(gap, _ABOUT_COUNTING)
    ]
    title = said(question.title) or _("A question without words")
    hint = kind_title(question.kind)
    if question.of_kind.has_options:
        hint = _("{kind}. To choose from: {number}").format(kind=hint, number=len(question.options))
    condition = answer_words.asked_whom(desk.page.questions, question)
    if condition:
        hint = f"{hint}. {condition}"
    address = desk.address("organise.questions.one", question_id=question.id)
    if mine and all(is_about_wards(desk, gap) for gap in mine):
        address = place_of(desk, mine[0]) or address
        hint = _("Its places are the wards of the partnership, the same for all consultations.")
    return _task(f"question-{question.id}", title, address, mine, hint)


def _terms_tasks(desk: Desk, gaps: list[Gap]) -> list[Task]:
    terms = desk.page.terms
    tasks = [
        _task(
            "promises",
            _("Closing time, who can take part, who decides"),
            desk.address("organise.terms.promises"),
            [gap for gap in gaps if isinstance(gap, _ABOUT_PROMISES)],
        )
    ]
    tasks += [
        _counting_task(desk, question, gaps)
        for question in desk.page.questions.values()
        if question.is_counted
    ]
    if terms is not None and (
        terms.beacon is not None or readiness.needs_draw(terms, desk.page.questions)
    ):
        tasks.append(
            _task(
                "lot",
                _("The draw that decides ties"),
                desk.address("organise.lot.naming"),
                [gap for gap in gaps if isinstance(gap, _ABOUT_LOT)],
                beacon_name(terms.beacon) if terms.beacon else "",
            )
        )
    return tasks


def _counting_task(desk: Desk, question: Question, gaps: list[Gap]) -> Task:
    terms = desk.page.terms
    chosen = terms.counting.get(question.id) if terms else None
    mine = [gap for gap in gaps if gap.question == question.id and isinstance(gap, _ABOUT_COUNTING)]
    title = _("How to count “{question}”").format(question=said(question.title) or question.id)
    address = desk.address("organise.terms.rule", question_id=question.id)
    is_ready = terms is not None and bool(question.options)
    return {
        "id": f"count-{question.id}",
        "name": title,
        "href": address if is_ready else None,
        "hint": said_rule(chosen.rule).title if chosen else _not_counted(question, is_ready),
        "done": is_ready and not mine,
        "missing": None,
    }


def _not_counted(question: Question, is_ready: bool) -> str:  # noqa: FBT001  read where it is called: is it ready
    if not is_ready:
        return _("After the closing time is set and there is something to choose from.")
    return "" if question.of_kind.is_vote else _("Not counted by a rule: the answers are shown.")


def _opening_tasks(desk: Desk, gaps: list[Gap]) -> list[Task]:
    has_questions = bool(desk.page.questions)
    return [
        {
            "id": "preview",
            "name": _("See it as people will"),
            "href": desk.address("organise.preview.start") if has_questions else None,
            "hint": _("Nothing you try there is recorded."),
            "done": False,
            "missing": _("Optional"),
        },
        {
            "id": "open",
            "name": _("Open it"),
            "href": None if gaps else desk.address("organise.steps.opening"),
            "hint": "",
            "done": False,
            "missing": None,
        },
    ]


def _task(id: str, name: str, address: str, gaps: list[Gap], hint: str = "") -> Task:
    return {
        "id": id,
        "name": name,
        "href": address,
        "hint": hint,
        "done": not gaps,
        "missing": _("To do: {number}").format(number=len(gaps)) if gaps else None,
    }
