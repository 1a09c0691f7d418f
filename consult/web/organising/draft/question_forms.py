"""Forms for a question and an option: parse them, and fill them in."""

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from consult.web.forms.reader import (
    Reader,
    lines,
    typed_pounds,
    typed_words,
)
from consult.web.kinds.form import FORMS, form_of
from consult.web.organising.draft import question_parts
from consult.wording.drafting.kind_words import KINDS
from consult.wording.language import gettext as _
from events.kinds.kind import KINDS as QUESTION_KINDS
from events.partnership import Ward
from events.question import Option, Question

GROUP_LENGTH_MAX = 40
LINE_SHOWN = 60
SUMMARY_LENGTH_MAX = 1_000
HINT_LENGTH_MAX = 2_000


def read_question(
    form: Reader,
    known: Question,
    languages: tuple[str, ...],
    before: Iterable[Question] = (),
) -> Question:
    """Parse a question of the kind of `known`; values that the form does not show are kept.

    `before`: the questions that are asked earlier.
    """
    question = replace(
        known,
        title=form.words("title", languages, needed=_("Write the question.")),
        hint=form.words("hint", languages, most=HINT_LENGTH_MAX),
        required=form.is_ticked("required"),
        fixed_order=form.is_ticked("fixed_order"),
    )
    return question_parts.read_parts(
        form, form_of(question).draft(form, question, languages), languages, before
    )


def typed_question(question: Question) -> dict[str, str]:
    """Return a question as form fields."""
    return {
        **typed_words("title", question.title),
        **typed_words("hint", question.hint),
        "required": "yes" if question.required else "",
        "fixed_order": "yes" if question.fixed_order else "",
        **form_of(question).typed(question),
        **question_parts.typed_parts(question),
    }


def new_question(kind: str, taken: Collection[str]) -> Question:
    """Return an empty question of a kind with an unused id."""
    assert kind in KINDS, kind
    return Question(free_id("q", taken), kind, {}, **FORMS[kind].defaults)


def may_fix_order(kind: str) -> bool:
    """Return whether options of this kind are shuffled by default."""
    return QUESTION_KINDS[kind].is_vote


def read_option(
    form: Reader,
    known: Option,
    question: Question,
    languages: tuple[str, ...],
    wards: Iterable[Ward],
) -> Option:
    """Parse an option or project; values that the form does not show are kept."""
    option = replace(
        known,
        title=form.words("title", languages, needed=_("Name what can be chosen.")),
        summary=form.words("summary", languages, most=SUMMARY_LENGTH_MAX),
    )
    if not question.of_kind.has_costs:
        return option
    return replace(
        option,
        cost=form.pounds("cost", needed=_("Say what the project costs.")),
        ward=form.choice("ward", {ward.code for ward in wards}),
        group=form.line("group", most=GROUP_LENGTH_MAX),
    )


def typed_option(option: Option) -> dict[str, str]:
    """Return an option as form fields."""
    return {
        **typed_words("title", option.title),
        **typed_words("summary", option.summary),
        "cost": typed_pounds(option.cost),
        "ward": option.ward,
        "group": option.group,
    }


def new_option(question: Question) -> Option:
    """Return an empty option with an unused id."""
    return Option(free_option_id(question.kind, question.option_ids), {})


def free_option_id(kind: str, taken: Collection[str]) -> str:
    """Return the next id: P01, P02 for projects; 1, 2 for other kinds."""
    prefix = FORMS[kind].option_prefix
    return free_id(prefix, taken, digits=2 if prefix else 1)


def free_id(prefix: str, taken: Collection[str], digits: int = 1) -> str:
    """Return the id after the highest one in use, so that no id is reused."""
    numbers = [
        int(id.removeprefix(prefix))
        for id in taken
        if id.startswith(prefix) and id.removeprefix(prefix).isdecimal()
    ]
    return f"{prefix}{max(numbers, default=0) + 1:0{digits}}"


def read_pasted(form: Reader, question: Question, languages: tuple[str, ...]) -> list[Option]:
    """Parse one option per line; lines of all languages are paired by position."""
    columns = {code: lines(form.raw(f"lines-{code}")) for code in languages}
    longest = max(columns.values(), key=len)
    if not longest:
        form.wrong(f"lines-{languages[0]}", _("Write one option on each line."))
    for code, column in columns.items():
        if column and len(column) != len(longest):
            form.wrong(
                f"lines-{code}",
                _("There are {here} lines here and {there} in the other language. "
                  "Each line needs its translation on the same line.")
                .format(here=len(column), there=len(longest)),
            )  # fmt: skip
    found: list[Option] = []
    taken = set(question.option_ids)
    for place in range(len(longest)):
        id = free_option_id(question.kind, taken)
        taken.add(id)
        found.append(_pasted(form, question, id, columns, place))
    return found


def _of_line(text: str, message: str) -> str:
    """Return a message prefixed by the start of the line it concerns."""
    begin = text.strip()[:LINE_SHOWN]
    return f"{begin}: {message}"


def _pasted(
    form: Reader, question: Question, id: str, columns: dict[str, list[str]], place: int
) -> Option:
    """Build one option from a line; a project's cost may follow the last semicolon."""
    title: dict[str, str] = {}
    cost: int | None = None
    for code, column in columns.items():
        if place >= len(column):
            continue
        text = column[place]
        if question.of_kind.has_costs and ";" in text:
            text, _semicolon, amount = text.rpartition(";")
            reader = Reader({"cost": amount})
            read = reader.pounds("cost")
            cost = read if cost is None else cost
            for _id, message in reader.problems:
                form.wrong(f"lines-{code}", _of_line(text, message))
        if len(text.strip()) > 300:  # noqa: PLR2004  what the sentence says
            message = _("A line is longer than 300 characters. Shorten it.")
            form.wrong(f"lines-{code}", _of_line(text, message))
        title[code] = text.strip()
    return Option(id, title, cost=cost)
