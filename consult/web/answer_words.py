"""Answers and their limits in words, in the language of the page."""

from typing import Any

from consult.web import figures
from consult.web.answer_forms import ELSEWHERE, option_title, spent
from consult.web.asked import Asked
from consult.web.language import gettext as _
from consult.web.language import said
from events.question import Question

FOUR_WORDS = 4
Row = dict[str, Any]


def grade_words(question: Question) -> list[tuple[int, str]]:
    """Return each grade of a rating with its word, lowest first: four plain words, or numbers."""
    if question.scale == FOUR_WORDS:
        words = (_("Not at all"), _("A little"), _("Quite a lot"), _("Very much"))
        return list(enumerate(words, start=1))
    words_by_number = {1: _("1, lowest"), question.scale: _("%(top)s, highest", top=question.scale)}
    return [
        (grade, words_by_number.get(grade, str(grade))) for grade in range(1, question.scale + 1)
    ]


def limits(question: Question) -> str:
    """Say how many may be chosen, before anybody chooses; nothing when that goes without saying."""
    if question.kind in {"several", "approval", "basket"}:
        return _picks(question)
    if question.kind == "ranking":
        if question.ranks_max and question.ranks_max < len(question.options):
            return _(
                "Add up to %(most)s, your favourite first. You do not have to use them all.",
                most=question.ranks_max,
            )
        return _("Add your favourite first. You do not have to use them all.")
    if question.kind == "points" and question.points:
        return _(
            "You have %(points)s points. You do not have to use them all.", points=question.points
        )
    return ""


def _picks(question: Question) -> str:
    least, most = question.picks_min, question.picks_max
    if least and most:
        return _("Choose at least %(least)s and up to %(most)s.", least=least, most=most)
    if least:
        return _("Choose at least %(least)s.", least=least)
    if most:
        return _("Choose up to %(most)s.", most=most)
    return "" if question.kind == "basket" else _("Choose as many as you like.")


def areas(asked: Asked) -> list[tuple[str, str]]:
    """Return the answers to “Where do you live?”; none when the area has no wards."""
    if not asked.wards:
        return []
    wards = [(ward.code, said(ward.name)) for ward in asked.wards]
    return [*wards, (ELSEWHERE, _("Somewhere else"))]


def area_name(asked: Asked, area: str) -> str:
    """Return the words for an area that was chosen; nothing when none was."""
    return dict(areas(asked)).get(area, "")


def row(asked: Asked, question: Question, typed: Any, change: str | None) -> Row:
    """Return one answer as a row of a summary list."""
    return {"key": said(question.title), "change": change, **_lines(asked, question, typed)}


def _lines(asked: Asked, question: Question, typed: Any) -> Row:
    if question.kind == "text":
        return {"value": typed.strip() if isinstance(typed, str) else ""}
    if question.kind == "single":
        return {"value": option_title(question, typed) if isinstance(typed, str) else ""}
    if question.kind in {"points", "rating"}:
        given = typed if isinstance(typed, dict) else {}
        words: dict[Any, str] = dict(grade_words(question)) if question.kind == "rating" else {}
        return {
            "value": [
                f"{said(option.title)}: {words.get(given[option.id], given[option.id])}"
                for option in question.options
                if isinstance(given.get(option.id), int | str)
            ]
        }
    chosen = typed if isinstance(typed, list) else []
    if question.kind == "ranking":
        return {"value": [_place(question, place) for place in chosen], "ordered": True}
    picked = [option for option in question.options if option.id in chosen]
    if question.kind != "basket":
        return {"value": [said(option.title) for option in picked]}
    return {
        "value": [f"{said(option.title)}, {_money(asked, option.cost or 0)}" for option in picked],
        "total": _(
            "Total %(spent)s of %(pot)s",
            spent=_money(asked, spent(question, chosen)),
            pot=_money(asked, question.pot or 0),
        )
        if picked
        else None,
    }


def _place(question: Question, place: Any) -> str:
    """Return who stands at one place of an order; a shared place names everybody there."""
    members = place if isinstance(place, list) else [place]
    return ", ".join(option_title(question, str(member)) for member in members)


def _money(asked: Asked, amount: int) -> str:
    return figures.money(amount, asked.unit, asked.decimals)
