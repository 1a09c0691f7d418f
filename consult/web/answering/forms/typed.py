"""Input for a question: read from a form, and turned into an answer, words or a file.

It is kept as typed, so that a page can show it again: in the shape of an answer of its kind
(`events.kinds.kind`), or anything else. A choice with "other, please say" is `{"chosen":
.., "words": ..}`, a file `{"file": commitment, "name": .., "bytes": ..}`, and an invalid day its
three fields.
"""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from consult.commands.answers.sheets import Sheet
from consult.people.answers.attachments import Attached
from events.kinds import pasted
from events.question import OTHER, Question, asked_of

Form = MultiDict[str, str]
Typed = dict[str, Any]
"""By question id: the answer in the shape of its kind, or any other input."""

NUMBER_MAX = 999_999
BY_OPTION = frozenset({"rating", "points"})
DATE_PARTS = ("day", "month", "year")
BOX_LENGTH_MAX = 40


def field_name(question_id: str) -> str:
    """Return the name of a question's field, which is also the id of its first control."""
    return f"q-{question_id}"


def names_of(question: Question) -> set[str]:
    """Return the names of all fields that a question may have, except its buttons."""
    name = field_name(question.id)
    parts: set[str] = set()
    if question.kind in BY_OPTION:
        parts = set(question.option_ids)
    elif question.kind == "matrix":
        parts = {statement.id for statement in question.statements}
    elif question.kind == "date":
        parts = set(DATE_PARTS)
    elif question.other:
        parts = {OTHER}
    return {name, *(f"{name}-{part}" for part in parts)}


def read(question: Question, form: Form) -> Any:
    """Return what was typed for one question, or None. Files are read by `answer_files`."""
    name = field_name(question.id)
    if question.kind in BY_OPTION:
        return _numbers(name, form) or None
    if question.kind == "matrix":
        return _rows(name, form) or None
    if question.kind == "date":
        return _day(name, form)
    given = form.getlist(name)
    if question.kind in {"text", "number"}:
        if question.kind == "number":
            given = [_number(question, each) for each in given]
        return given[0].replace("\r\n", "\n") if given else ""
    if question.other:
        return _with_other(question, given, form.get(f"{name}-{OTHER}", ""))
    return None if question.kind == "file" else _chosen(question, given)


def answer(question: Question, typed: Any) -> Any:
    """Return the part of the input that is checked and counted."""
    if question.other:
        return typed.get("chosen") if isinstance(typed, dict) else typed
    return typed


def words_typed(question: Question, typed: Any) -> str:
    """Return the words in the input: a free text, or what is meant by "other"."""
    if question.kind == "text":
        return typed if isinstance(typed, str) else ""
    if question.other and isinstance(typed, dict):
        written = typed.get("words")
        return written if isinstance(written, str) else ""
    return ""


def has_other(question: Question, typed: Any) -> bool:
    """Return whether "other, please say" was chosen."""
    chosen = answer(question, typed)
    return question.other and (chosen == OTHER or (isinstance(chosen, list) and OTHER in chosen))


def file(typed: Any) -> str:
    """Return the commitment of an attached file; "" without one."""
    found = typed.get("file") if isinstance(typed, dict) else None
    return found if isinstance(found, str) else ""


def typed_file(attached: Attached) -> dict[str, Any]:
    """Return an attached file in the shape of input for its question."""
    return {"file": attached.commitment, "name": attached.name, "bytes": attached.size_bytes}


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
        elif question.kind == "text" and given:
            texts[id] = given  # not text: refused by check_sheet
        if question.kind == "file" and file(given):
            files[id] = file(given)
    return Sheet(answers=answers, texts=texts, area=area, assurance=assurance, files=files)


def _chosen(question: Question, given: list[str]) -> Any:
    if question.kind in {"single", "area"}:
        filled = [each for each in given if each]
        return filled[0] if len(filled) == 1 else filled or None
    return given or None


def _with_other(question: Question, given: list[str], written: str) -> dict[str, Any] | None:
    """Return choice and words; words without a choice imply "other"."""
    chosen = _chosen(question, given)
    if written.strip() and not chosen:
        chosen = OTHER if question.kind == "single" else [OTHER]
    elif written.strip() and question.kind == "several" and OTHER not in given:
        chosen = [*given, OTHER]
    return {"chosen": chosen, "words": written.replace("\r\n", "\n")} if chosen else None


def _rows(name: str, form: Form) -> dict[str, Any]:
    """Return the value of each row; several values for one row stay a list, to be refused."""
    start = len(name) + 1
    return {
        key[start:]: values[0] if len(values) == 1 else values
        for key, values in form.lists()
        if key.startswith(f"{name}-") and any(values)
    }


def _day(name: str, form: Form) -> Any:
    boxes = {part: form.get(f"{name}-{part}", "").strip()[:BOX_LENGTH_MAX] for part in DATE_PARTS}
    if not any(pasted.plain(text) for text in boxes.values()):
        return None
    try:
        return pasted.day(boxes).isoformat()
    except pasted.Unread:
        return boxes


def _numbers(name: str, form: Form) -> dict[str, Any]:
    found: dict[str, Any] = {}
    start = len(name) + 1
    for key, values in form.lists():
        if key.startswith(f"{name}-"):
            text = values[0].strip()
            if len(values) > 1:
                found[key[start:]] = " ".join(values)  # not a number, so it is refused
            elif pasted.plain(text):
                found[key[start:]] = _whole_number(text)
    return found


def _number(question: Question, text: str) -> str:
    """Return a number in its shortest form; the input itself if it cannot be parsed."""
    try:
        value = pasted.number(text, question.decimals, units=question.unit.values())
    except pasted.Unread:
        return text.strip() if pasted.plain(text) else ""
    return pasted.shortest(value, question.decimals)


def _whole_number(text: str) -> int | str:
    """Return a number of points or a grade; the input itself, to be refused, if it is neither."""
    try:
        value = pasted.number(text)
    except pasted.Unread:
        return text
    return value if 0 <= value <= NUMBER_MAX else text
