"""A file: a field that takes one, and its name and size."""

from typing import Any

from msgspec.structs import replace

from consult import sizes
from consult.people.answers import attachments
from consult.people.answers.attachments import FILES_BYTES_MAX, Attached
from consult.people.answers.file_kinds import KINDS
from consult.web.forms.reader import Reader
from consult.web.kinds.form import Form, QuestionForm, Row, form
from consult.wording import figures, pasted_words
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation
from events.kinds import pasted
from events.question import Question

BYTE_DIGITS = 6
"""Decimals of a size in megabytes: whole bytes."""
BYTES_MIN = 10_000


@form("file")
class File(QuestionForm):
    """An attachment. Forms carry it apart from the answers: see `answer_files`."""

    few_words = (
        N_("Nobody attached a file."),
        N_("Answers with a file: %(number)s. The files themselves are not published."),
        N_("Answers with a file"),
    )

    def read(self, question: Question, form: Form) -> Any:
        return None

    def check(self, question: Question, typed: Any) -> None:
        attachments.check(question, commitment(typed))

    def shown(self, asked: ShownConsultation, question: Question, typed: Any) -> dict[str, Any]:
        kinds = [ending for kind in question.file_kinds for ending in KINDS[kind].endings]
        accept = ",".join(f".{ending}" for ending in kinds)
        return {"attached": _words(typed) or None, "accept": accept}

    def limits(self, asked: ShownConsultation, question: Question) -> str:
        return _(
            "One file: %(kinds)s. It can be at most %(most)s large.",
            kinds=", ".join(KINDS[kind].title for kind in question.file_kinds),
            most=sizes.limit(question.bytes_max),
        )

    def lines(self, asked: ShownConsultation, question: Question, typed: Any) -> Row:
        return {"value": _words(typed)}

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        kinds = tuple(kind for kind in KINDS if form.is_ticked(f"kind-{kind}"))
        if not kinds:
            form.wrong("kind-pdf", _("Choose at least one kind of file."))
        try:
            size = pasted.number(form.raw("megabytes"), BYTE_DIGITS, units=("MB",))
        except pasted.Unread as unread:
            form.wrong("megabytes", pasted_words.says(unread))
            return question
        if not BYTES_MIN <= size <= FILES_BYTES_MAX:
            limit = _("The size must be from {least} to {most}.").format(
                least=sizes.limit(BYTES_MIN), most=sizes.limit(FILES_BYTES_MAX)
            )
            form.wrong("megabytes", limit)
            return question
        return replace(question, file_kinds=kinds, bytes_max=size)

    def typed(self, question: Question) -> dict[str, str]:
        return {
            **{f"kind-{kind}": "yes" for kind in question.file_kinds},
            "megabytes": sizes.megabytes(question.bytes_max),
        }


def commitment(typed: Any) -> str:
    """Return the commitment of an attached file; "" without one."""
    found = typed.get("file") if isinstance(typed, dict) else None
    return found if isinstance(found, str) else ""


def typed_file(attached: Attached) -> dict[str, Any]:
    """Return an attached file in the shape of input for its question."""
    return {"file": attached.commitment, "name": attached.name, "bytes": attached.size_bytes}


def _words(typed: Any) -> str:
    """Return name and size of an attached file; "" without one."""
    if not commitment(typed):
        return ""
    size, name = typed.get("bytes"), str(typed.get("name", ""))
    return f"{name} ({figures.file_size(size)})" if isinstance(size, int) else name
