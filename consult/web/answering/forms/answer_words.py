"""Answers and their limits in words, in the language of the page."""

from collections.abc import Callable, Mapping
from typing import Any

from consult.web.answering.forms import answer_values
from consult.web.answering.forms.answer_forms import spent
from consult.web.answering.forms.typed import answer, words_typed
from consult.wording import figures
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.option_words import ELSEWHERE, elsewhere_title, grade_words, option_title
from consult.wording.shown_consultation import ShownConsultation
from events.question import OTHER, Question

Row = dict[str, Any]


def title(question: Question) -> str:
    """Return the question's title, marked if optional."""
    words = said(question.title)
    return words if question.required else _("%(question)s (optional)", question=words)


def condition(questions: Mapping[str, Question], question: Question) -> str | None:
    """Return when to answer a question, addressed to the person; None if always."""
    before, answers = _condition(questions, question)
    if before is None:
        return None
    sentence = _("Answer this only if you answered %(answers)s to “%(question)s”.")
    return sentence % {"answers": answers, "question": said(before.title)}


def asked_whom(questions: Mapping[str, Question], question: Question) -> str | None:
    """Return who is asked a question; None if everybody is."""
    before, answers = _condition(questions, question)
    if before is None:
        return None
    sentence = _("Asked only of people who answered %(answers)s to “%(question)s”.")
    return sentence % {"answers": answers, "question": said(before.title)}


def _condition(
    questions: Mapping[str, Question], question: Question
) -> tuple[Question | None, str]:
    """Return the question that decides, and the deciding answers in words."""
    if question.asked_when is None:
        return None, ""
    before = questions.get(question.asked_when.question)
    if before is None:
        return None, ""
    chosen = [f"“{option_title(before, id)}”" for id in question.asked_when.options]
    if len(chosen) < 2:  # noqa: PLR2004  one needs no "or"
        return before, "".join(chosen)
    several = ", ".join(chosen[:-1])
    return before, _("%(several)s or %(last)s", several=several, last=chosen[-1])


def limits(question: Question) -> str:
    """Return how many may be chosen, shown before choosing; "" where there is no limit."""
    if question.kind in {"number", "date", "file"}:
        return answer_values.limits(question)
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


def areas(asked: ShownConsultation) -> list[tuple[str, str]]:
    """Return the answers to “Where do you live?”; empty without wards."""
    if not asked.wards:
        return []
    wards = [(ward.code, said(ward.name)) for ward in asked.wards]
    if asked.elsewhere == "nobody":
        return wards
    return [*wards, (ELSEWHERE, elsewhere_title(asked.elsewhere))]


def area_name(asked: ShownConsultation, area: str) -> str:
    """Return the words for a chosen area; "" without one."""
    return dict(areas(asked)).get(area, "")


def row(asked: ShownConsultation, question: Question, typed: Any, change: str | None) -> Row:
    """Return one answer as a row of a summary list."""
    return {"key": said(question.title), "change": change, **_lines(asked, question, typed)}


def _lines(asked: ShownConsultation, question: Question, typed: Any) -> Row:
    if question.kind in _PLAIN:
        return {"value": _PLAIN[question.kind](question, typed)}
    if question.kind == "matrix":
        given = typed if isinstance(typed, dict) else {}
        return {
            "value": [
                f"{said(row.title)}: {option_title(question, str(given[row.id]))}"
                for row in question.statements
                if row.id in given
            ]
        }
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
    return _chosen_lines(asked, question, typed)


def _chosen_lines(asked: ShownConsultation, question: Question, typed: Any) -> Row:
    other, typed = words_typed(question, typed).strip(), answer(question, typed)
    if question.kind in {"single", "area"}:
        return {"value": _choice(question, typed, other) if isinstance(typed, str) else ""}
    chosen = typed if isinstance(typed, list) else []
    if question.kind == "ranking":
        return {"value": [_place(question, place) for place in chosen], "ordered": True}
    picked = [option for option in question.options if option.id in chosen]
    if question.kind != "basket":
        ids = [option.id for option in picked]
        ids += [OTHER] if OTHER in chosen and question.takes_other else []
        return {"value": [_choice(question, id, other) for id in ids]}
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


def _choice(question: Question, id: str, other: str) -> str:
    """Return an option's title; for "other" also what is meant by it."""
    name = option_title(question, id)
    return f"{name}: {other}" if id == OTHER and other and question.other else name


_PLAIN: dict[str, Callable[[Question, Any], str]] = {
    "text": lambda _question, typed: typed.strip() if isinstance(typed, str) else "",
    "number": answer_values.number_words,
    "date": lambda _question, typed: answer_values.day_words(typed),
    "file": lambda _question, typed: answer_values.file_words(typed),
}


def _place(question: Question, place: Any) -> str:
    """Return the options at one place of an order; a shared place has several."""
    members = place if isinstance(place, list) else [place]
    return ", ".join(option_title(question, str(member)) for member in members)


def _money(asked: ShownConsultation, amount: int) -> str:
    return figures.money(amount, asked.unit, asked.decimals)
