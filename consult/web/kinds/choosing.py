"""What kinds share whose answers are options: fields, words, and limits in the draft."""

from typing import Any

from msgspec.structs import replace

from consult.web.forms.reader import Reader, typed_number
from consult.web.kinds.form import (
    Form,
    QuestionForm,
    Row,
    answer,
    field_name,
    words_typed,
)
from consult.wording.language import gettext as _
from consult.wording.option_words import option_title
from consult.wording.shown_consultation import ShownConsultation
from events.kinds.kind import Shape
from events.question import OTHER, Question

NUMBER_MAX = 1_000


class Choosing(QuestionForm):
    """People choose one or several of the options, and perhaps "other, please say"."""

    def read(self, question: Question, form: Form) -> Any:
        name = field_name(question.id)
        given = form.getlist(name)
        if not question.other:
            return _chosen(question, given)
        return _with_other(question, given, form.get(f"{name}-{OTHER}", ""))

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        return replace(question, other=form.is_ticked(OTHER), shuffled=form.is_ticked("shuffled"))

    def typed(self, question: Question) -> dict[str, str]:
        return {
            "other": "yes" if question.other else "",
            "shuffled": "yes" if question.shuffled else "",
        }


class Picking(Choosing):
    """People choose several, within limits."""

    def shown(self, asked: ShownConsultation, question: Question, typed: Any) -> dict[str, Any]:
        return {"values": known(question, typed), "other": other_words(question, typed)}

    def limits(self, asked: ShownConsultation, question: Question) -> str:
        return picks(question) or _("Choose as many as you like.")

    def lines(self, asked: ShownConsultation, question: Question, typed: Any) -> Row:
        other, typed = words_typed(question, typed).strip(), answer(question, typed)
        chosen = typed if isinstance(typed, list) else []
        ids = [option.id for option in question.options if option.id in chosen]
        ids += [OTHER] if OTHER in chosen and question.takes_other else []
        return {"value": [choice(question, id, other) for id in ids]}


def known(question: Question, typed: Any) -> list[str]:
    """Return the options in the input that the question has, each once."""
    ids = question.option_ids | ({OTHER} if question.takes_other else set())
    typed = answer(question, typed)
    places = typed if isinstance(typed, list) else []
    return list(dict.fromkeys(id for id in places if isinstance(id, str) and id in ids))


def plain_text(typed: Any) -> str:
    """Return typed text as HTML can express it: without null characters."""
    return typed.replace("\0", "") if isinstance(typed, str) else ""


def other_words(question: Question, typed: Any) -> str | None:
    """Return what is meant by "other"; None if the question does not take it."""
    return plain_text(words_typed(question, typed)) if question.other else None


def choice(question: Question, id: str, other: str) -> str:
    """Return an option's title; for "other" also what is meant by it."""
    name = option_title(question, id)
    return f"{name}: {other}" if id == OTHER and other and question.other else name


def one_line(question: Question, typed: Any) -> Row:
    """Return the one option of an answer in words."""
    other, typed = words_typed(question, typed).strip(), answer(question, typed)
    return {"value": choice(question, typed, other) if isinstance(typed, str) else ""}


def picks(question: Question) -> str:
    """Return how many may be chosen; "" without a limit."""
    least, most = question.picks_min, question.picks_max
    if least and most:
        return _("Choose at least %(least)s and up to %(most)s.", least=least, most=most)
    if least:
        return _("Choose at least %(least)s.", least=least)
    return _("Choose up to %(most)s.", most=most) if most else ""


def draft_picks(form: Reader, question: Question) -> Question:
    """Parse how many may be chosen."""
    least = form.number("picks_min", _("The least number of choices"), most=NUMBER_MAX)
    most = form.number("picks_max", _("The greatest number of choices"), least=1, most=NUMBER_MAX)
    if most and least > most:
        form.wrong("picks_max", _("This is fewer than the least number of choices."))
    return replace(question, picks_min=least, picks_max=most)


def typed_picks(question: Question) -> dict[str, str]:
    """Return how many may be chosen as form fields."""
    return {
        "picks_min": typed_number(question.picks_min),
        "picks_max": typed_number(question.picks_max),
    }


def _chosen(question: Question, given: list[str]) -> Any:
    if question.of_kind.shape is Shape.ONE:
        filled = [each for each in given if each]
        return filled[0] if len(filled) == 1 else filled or None
    return given or None


def _with_other(question: Question, given: list[str], written: str) -> dict[str, Any] | None:
    """Return choice and words; words without a choice imply "other"."""
    is_one = question.of_kind.shape is Shape.ONE
    chosen = _chosen(question, given)
    if written.strip() and not chosen:
        chosen = OTHER if is_one else [OTHER]
    elif written.strip() and not is_one and OTHER not in given:
        chosen = [*given, OTHER]
    return {"chosen": chosen, "words": written.replace("\r\n", "\n")} if chosen else None
