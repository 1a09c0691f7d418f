"""Input for all questions of a form, in the shapes of their kinds, as a sheet.

It is kept as typed, so that a page can show it again: in the shape of an answer of its kind
(`events.kinds`), or anything else. A choice with "other, please say" is `{"chosen": .., "words":
..}`, a file `{"file": commitment, "name": .., "bytes": ..}`, and an invalid day its three fields.
"""

from collections.abc import Mapping
from typing import Any

from consult.commands.answers.sheets import Sheet
from consult.web.kinds.file import commitment
from consult.web.kinds.form import answer, words_typed
from events.question import Question, asked_of

Typed = dict[str, Any]
"""By question id: the answer in the shape of its kind, or any other input."""


def asked_with(questions: Mapping[str, Question], typed: Typed) -> dict[str, Question]:
    """Return the questions that somebody with this input is asked, in order."""
    answers = {
        id: answer(question, typed[id]) for id, question in questions.items() if typed.get(id)
    }
    return asked_of(questions, answers)


def sheet(
    questions: Mapping[str, Question], typed: Typed, area: str, assurance: str = "open"
) -> Sheet:
    """Return the input as a sheet; unknown questions are kept, to be refused."""
    answers: dict[str, Any] = {}
    texts: dict[str, str] = {}
    files: dict[str, str] = {}
    for id, given in typed.items():
        question = questions.get(id)
        if question is None:
            answers[id] = given
            continue
        if not question.of_kind.is_written:
            answers[id] = answer(question, given)
        if words_typed(question, given):
            texts[id] = words_typed(question, given)
        elif question.of_kind.is_text and given:
            texts[id] = given  # not text: refused by check_sheet
        if question.of_kind.is_file and commitment(given):
            files[id] = commitment(given)
    return Sheet(answers=answers, texts=texts, area=area, assurance=assurance, files=files)
