"""How pages ask a question of some kind and show its answers, and the registry of all kinds.

A kind is a class in a module of its own beside this one, registered with the id that it has in
`events.kinds`, and a template of that name in `templates/kinds`; `consult.web` imports all of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from werkzeug.datastructures import MultiDict

from consult.people.answers import texts
from consult.web.forms.reader import Reader
from consult.web.kinds import tables
from consult.web.kinds.tables import Line, Tally, View
from consult.wording import figures
from consult.wording.language import N_, said
from consult.wording.option_words import option_title
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused
from events.kinds.checks import check
from events.question import OTHER, Option, Question

Form = MultiDict[str, str]
Row = dict[str, Any]
"""An answer in words: `value`, a text or a list; `ordered`; `total`."""
Problem = tuple[str, str]
"""Id of the field to be corrected, and the sentence that says how."""


def field_name(question_id: str) -> str:
    """Return the name of a question's field, which is also the id of its first control."""
    return f"q-{question_id}"


def answer(question: Question, typed: Any) -> Any:
    """Return the part of the input that is checked and counted."""
    if question.other:
        return typed.get("chosen") if isinstance(typed, dict) else typed
    return typed


def words_typed(question: Question, typed: Any) -> str:
    """Return the words in the input: a free text, or what is meant by "other"."""
    if question.of_kind.is_text:
        return typed if isinstance(typed, str) else ""
    if question.other and isinstance(typed, dict):
        written = typed.get("words")
        return written if isinstance(written, str) else ""
    return ""


def has_other(question: Question, typed: Any) -> bool:
    """Return whether "other, please say" was chosen."""
    chosen = answer(question, typed)
    return question.other and (chosen == OTHER or (isinstance(chosen, list) and OTHER in chosen))


class QuestionForm:
    """How pages treat one kind of question; every kind is a subclass and says what differs.

    `is_wide`: its page uses the whole width. `is_kept`: a script saves what is typed meanwhile.
    `has_buttons`: the page comes back when one of its buttons is pressed, and says what is wrong.
    `has_parts`: it has a field for each option or row, named after it. `is_first_bare`: the id of
    the first of these is the name of the question. `defaults`: values of a new question.
    `option_prefix`: how ids of new options begin. `few_words`: what is said if nobody answered,
    if some did whose answers are not shown, and of their number.
    """

    id: str
    is_wide = False
    is_kept = False
    has_buttons = False
    has_parts = False
    is_first_bare = False
    defaults: Mapping[str, Any] = {}
    option_prefix = ""
    few_words = (N_("Nobody answered this question."), "", N_("Answers"))

    # The form

    def parts(self, question: Question) -> set[str]:
        """Return the parts of the names of all fields that a question may have."""
        return {OTHER} if question.other else set()

    def read(self, question: Question, form: Form) -> Any:
        """Return what was typed, or None. Files are read by `answer_files`."""
        raise NotImplementedError  # every kind that is asked this has its own

    def check(self, question: Question, typed: Any) -> None:
        """Check one answer. Raises Refused if it cannot be recorded."""
        check(question, answer(question, typed))
        if has_other(question, typed):
            texts.check_other(question, words_typed(question, typed))

    def shown(self, asked: ShownConsultation, question: Question, typed: Any) -> dict[str, Any]:
        """Return what was typed as its template expects it; other shapes count as empty."""
        raise NotImplementedError  # every kind that is asked this has its own

    def option(self, asked: ShownConsultation, question: Question, option: Option) -> Any:
        """Return an option as its template expects it."""
        title, about = said(option.title), said(option.summary) if option.summary else ""
        if option.cost:
            cost = figures.money(option.cost, asked.unit, asked.decimals)
            about = f"{cost}. {about}" if about else cost
        return (option.id, title, about)

    def limits(self, asked: ShownConsultation, question: Question) -> str:
        """Return what may be answered, shown before answering; "" where there is no limit."""
        return ""

    def first_control(self, question: Question, shown: Sequence[Option]) -> str:
        """Return the id of the first control, where the options are shown in this order."""
        return field_name(question.id)

    def where(self, question: Question, typed: Any, refused: Refused) -> list[Problem]:
        """Return the fields to be corrected, each with its sentence; empty: the question's."""
        return []

    def said_values(
        self, asked: ShownConsultation, question: Question, refused: Refused
    ) -> dict[str, Any]:
        """Return values of a refusal of this kind in the words of the page: money, limits."""
        return {}

    def lines(self, asked: ShownConsultation, question: Question, typed: Any) -> Row:
        """Return an answer in words."""
        raise NotImplementedError  # every kind that is asked this has its own

    # What organisers draft

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        """Parse what a question of this kind has besides its words."""
        return question

    def typed(self, question: Question) -> dict[str, str]:
        """Return what a question of this kind has besides its words as form fields."""
        return {}

    # Results that no rule counts

    def views(
        self, asked: ShownConsultation, question: Question, tally: Tally, least: int
    ) -> list[View]:
        """Return what a page shows of a tally that has answers."""
        name = partial(option_title, question)
        cells = tables.of_options(question, tally)
        return [tables.table(said(question.title), cells, least, name, of="options")]

    def rows(
        self, asked: ShownConsultation, question: Question, tally: Tally, least: int
    ) -> Iterator[Line]:
        """Yield the lines of results.csv of a tally that has answers."""
        table = tables.of_options(question, tally)
        named = {id: option_title(question, id) for id in table}
        yield from tables.lines(question, tally, least, table, named)


FORMS: dict[str, QuestionForm] = {}
"""By id of the kind of question."""


def form_of(question: Question) -> QuestionForm:
    """Return how pages treat a question."""
    return FORMS[question.kind]


def form(id: str) -> Callable[[type[QuestionForm]], type[QuestionForm]]:
    """Register the decorated class for the kind of this id."""
    assert id not in FORMS, f"{id} has two forms"

    def register(found: type[QuestionForm]) -> type[QuestionForm]:
        FORMS[id] = found()
        FORMS[id].id = id
        return found

    return register
