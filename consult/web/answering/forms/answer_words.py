"""Answers and conditions in words, in the language of the page."""

from collections.abc import Mapping
from typing import Any

from consult.web.kinds.form import Row, form_of
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.option_words import option_title
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question


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


def row(asked: ShownConsultation, question: Question, typed: Any, change: str | None) -> Row:
    """Return one answer as a row of a summary list."""
    lines = form_of(question).lines(asked, question, typed)
    return {"key": said(question.title), "change": change, **lines}
