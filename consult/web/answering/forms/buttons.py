"""The buttons inside questions, which show their page again: move a row, add up, remove a file."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from consult.web.answering.forms.draft import Typed
from consult.web.answering.forms.fields import MOVES, ranking
from consult.web.kinds.form import Form, field_name
from events.kinds.kind import Shape
from events.question import Question

MOVED = "moved"
"""Query parameter of a page that is shown again: what was pressed there."""


@dataclass(frozen=True)
class Pressed:
    """A button that was pressed. `option`: the row that it moved. `typed`: what it changed."""

    question: Question
    option: str | None = None
    typed: Typed = field(default_factory=dict)

    def place(self) -> dict[str, Any]:
        """Return the query and the anchor that lead back to it."""
        id, name = self.question.id, field_name(self.question.id)
        if self.option is None:
            return {MOVED: id, "_anchor": name}
        return {MOVED: f"{id}/{self.option}", "_anchor": f"{name}-{self.option}"}


def pressed(form: Form, questions: Iterable[Question]) -> Pressed | None:
    """Return the button of these questions that was pressed, or None."""
    for question in questions:
        name = field_name(question.id)
        if is_updated(form, question) or is_removed(form, question):
            return Pressed(question)
        if question.of_kind.shape is Shape.ORDER:
            rows = [form[f"{name}-{move}"] for move in MOVES if f"{name}-{move}" in form]
            if rows:
                order = list(ranking(form, name, question.option_ids).chosen)
                return Pressed(question, rows[0], {question.id: order})
    return None


def is_updated(form: Form, question: Question) -> bool:
    """Return whether the button that adds up a basket was pressed."""
    return question.of_kind.has_costs and f"{field_name(question.id)}-update" in form


def is_removed(form: Form, question: Question) -> bool:
    """Return whether the button that removes a question's file was pressed."""
    return question.of_kind.is_file and f"{field_name(question.id)}-remove" in form
