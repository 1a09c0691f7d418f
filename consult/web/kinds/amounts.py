"""What kinds share that have a field for each option: whole numbers, read and shown."""

from collections.abc import Callable, Mapping
from typing import Any

from consult.web.kinds.form import Form, Problem, QuestionForm, Row, field_name
from consult.wording import pasted_words
from consult.wording.language import said
from events.kinds import pasted
from events.question import Question

NUMBER_MAX = 999_999


class Amounts(QuestionForm):
    """A number for each option, in a field that is named after it."""

    has_parts = True
    is_kept = True

    def parts(self, question: Question) -> set[str]:
        return set(question.option_ids)

    def read(self, question: Question, form: Form) -> Any:
        return by_part(question, form, number) or None


def by_part(question: Question, form: Form, parse: Callable[[str], Any]) -> dict[str, Any]:
    """Return the parsed value of each field that is filled in.

    Several values for one field become one text that is no number, so that it is refused.
    """
    found: dict[str, Any] = {}
    start = f"{field_name(question.id)}-"
    for key, values in form.lists():
        if key.startswith(start):
            text = values[0].strip()
            if len(values) > 1:
                found[key.removeprefix(start)] = " ".join(values)
            elif pasted.plain(text):
                found[key.removeprefix(start)] = parse(text)
    return found


def number(text: str) -> int | str:
    """Return a number of points or a grade; the input itself, to be refused, if it is neither."""
    return whole_number(text, pasted.number, NUMBER_MAX)


def whole_number(text: str, parse: Callable[[str], int], most: int) -> int | str:
    """Return what `parse` makes of the input, from 0 to `most`; else the input, to be refused."""
    try:
        value = parse(text)
    except pasted.Unread:
        return text
    return value if 0 <= value <= most else text


def unread(
    question: Question, typed: Any, parse: Callable[[str], int], too_small: str, too_large: str
) -> list[Problem]:
    """Return why inputs that `whole_number` left as they are were refused, each at its own field.

    `too_small`, `too_large`: the sentences for numbers that can be parsed.
    """

    def why(text: str) -> str:
        try:
            return too_small if parse(text) < 0 else too_large
        except pasted.Unread as unread:
            return pasted_words.says(unread)

    name, given = field_name(question.id), values(typed)
    return [
        (f"{name}-{option.id}", f"“{said(option.title)}”: {why(text)}")
        for option in question.options
        if isinstance(text := given.get(option.id), str)
    ]


def values(typed: Any) -> dict[str, int | str]:
    """Return what was typed by option; other shapes count as empty."""
    given = typed if isinstance(typed, dict) else {}
    return {id: value for id, value in given.items() if isinstance(value, int | str)}


def used(typed: Any) -> int:
    """Return the sum of the numbers in what was typed."""
    return sum(value for value in values(typed).values() if isinstance(value, int))


def lines(question: Question, typed: Any, words: Mapping[Any, str]) -> Row:
    """Return each option with its number. `words`: replace some numbers."""
    given = values(typed)
    return {
        "value": [
            f"{said(option.title)}: {words.get(given[option.id], given[option.id])}"
            for option in question.options
            if option.id in given
        ]
    }


def missing(question: Question, typed: Any, sentence: str) -> list[tuple[str, str]]:
    """Return the sentence at the field of every option without a number."""
    given, name = typed if isinstance(typed, dict) else {}, field_name(question.id)
    return [
        (f"{name}-{option.id}", sentence.format(option=said(option.title)))
        for option in question.options
        if option.id not in given
    ]
