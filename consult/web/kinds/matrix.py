"""A grid: the same radio buttons for each statement."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from msgspec.structs import replace

from consult.web.forms.reader import Reader, lines
from consult.web.kinds import tables
from consult.web.kinds.form import Form, Problem, QuestionForm, Row, field_name, form
from consult.web.kinds.tables import Line, Tally, View
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.option_words import option_title
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused
from events.kinds.answer_refusals import AnswerMissing
from events.question import Option, Question

STATEMENTS_MAX = 30
COLUMNS_INLINE_MAX = 5


@form("matrix")
class Matrix(QuestionForm):
    """One option for each statement."""

    has_parts = True
    is_kept = True

    def parts(self, question: Question) -> set[str]:
        return {statement.id for statement in question.statements}

    def read(self, question: Question, form: Form) -> Any:
        """Return the value of each row; several values for one row stay a list, to be refused."""
        start = f"{field_name(question.id)}-"
        found = {
            key.removeprefix(start): values[0] if len(values) == 1 else values
            for key, values in form.lists()
            if key.startswith(start) and any(values)
        }
        return found or None

    def shown(self, asked: ShownConsultation, question: Question, typed: Any) -> dict[str, Any]:
        given = typed if isinstance(typed, dict) else {}
        return {
            "values": {row: value for row, value in given.items() if isinstance(value, str)},
            "rows": [(row.id, said(row.title)) for row in question.statements],
            "is_inline": len(question.options) <= COLUMNS_INLINE_MAX,
        }

    def first_control(self, question: Question, shown: Sequence[Option]) -> str:
        name = field_name(question.id)
        return f"{name}-{question.statements[0].id}" if question.statements else name

    def where(self, question: Question, typed: Any, refused: Refused) -> list[Problem]:
        if not isinstance(refused, AnswerMissing):
            return []
        given, name = typed if isinstance(typed, dict) else {}, field_name(question.id)
        missing = _("Choose an answer for “{option}”.")
        return [
            (f"{name}-{row.id}", missing.format(option=said(row.title)))
            for row in question.statements
            if row.id not in given
        ]

    def lines(self, asked: ShownConsultation, question: Question, typed: Any) -> Row:
        given = typed if isinstance(typed, dict) else {}
        return {
            "value": [
                f"{said(row.title)}: {option_title(question, str(given[row.id]))}"
                for row in question.statements
                if row.id in given
            ]
        }

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        return replace(question, statements=_statements(form, languages))

    def typed(self, question: Question) -> dict[str, str]:
        found: dict[str, str] = {}
        for code in {code for row in question.statements for code in row.title}:
            rows = (row.title.get(code, "") for row in question.statements)
            found[f"statements-{code}"] = "\n".join(rows)
        return found

    def views(
        self, asked: ShownConsultation, question: Question, tally: Tally, least: int
    ) -> list[View]:
        name, columns = partial(option_title, question), [each.id for each in question.options]
        return [
            tables.table(
                f"{said(question.title)} – {said(row.title)}",
                tables.in_order(columns, tally["rows"][row.id]),
                least,
                name,
                of=f"rows {row.id}",
            )
            for row in question.statements
        ]

    def rows(
        self, asked: ShownConsultation, question: Question, tally: Tally, least: int
    ) -> Iterator[Line]:
        for row in question.statements:
            table = tally["rows"][row.id] or {}
            named = {
                f"{row.id}/{each.id}": f"{said(row.title)}: {said(each.title)}"
                for each in question.options
            }
            cells = {f"{row.id}/{id}": cell for id, cell in table.items()}
            yield from tables.lines(question, tally, least, cells, named, of_row=row.id)


def _statements(form: Reader, languages: tuple[str, ...]) -> tuple[Option, ...]:
    columns = {code: lines(form.raw(f"statements-{code}")) for code in languages}
    longest = max(columns.values(), key=len)
    first = f"statements-{languages[0]}"
    if not longest:
        form.wrong(first, _("Write one statement on each line."))
    if len(longest) > STATEMENTS_MAX:
        most = _("Write up to {most} statements.").format(most=STATEMENTS_MAX)
        form.wrong(first, most)
    for code, column in columns.items():
        if column and len(column) != len(longest):
            form.wrong(
                f"statements-{code}",
                _("There are {here} lines here and {there} in the other language. "
                  "Each line needs its translation on the same line.")
                .format(here=len(column), there=len(longest)),
            )  # fmt: skip
    return tuple(
        Option(
            str(place + 1),
            {code: column[place] for code, column in columns.items() if place < len(column)},
        )
        for place in range(len(longest))
    )
