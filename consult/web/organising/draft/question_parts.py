"""Parts of a question's form: facts, condition, limits, rows, files, "other"."""

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from consult import sizes
from consult.commands.answers.places import placed
from consult.people.answers.attachments import FILES_BYTES_MAX
from consult.people.answers.file_kinds import KINDS as FILE_KINDS
from consult.web.answering.forms.typed import DATE_PARTS
from consult.web.forms.reader import Reader, lines, typed_words
from consult.wording import pasted_words
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.option_words import other_title
from events.kinds import pasted
from events.kinds.answer_values import DECIMALS_MAX, read_day, scaled
from events.partnership import Ward
from events.question import (
    OTHER,
    Condition,
    Details,
    Option,
    Question,
)
from projections.consultations import ConsultationPage

DETAILS_MAX = 5
DETAILS_WORDS_MAX = 5_000
UNIT_LENGTH_MAX = 40
STATEMENTS_MAX = 30
BYTE_DIGITS = 6
"""Decimals of a size in megabytes: whole bytes."""

FILE_BYTES_MIN = 10_000
CHOICES = frozenset({"single", "several"})
NO_OPTIONS = frozenset({"text", "number", "date", "area", "file"})
"""Kinds without options written by organisers."""


def read_parts(
    form: Reader, known: Question, languages: tuple[str, ...], before: Iterable[Question]
) -> Question:
    """Parse these parts of the form. `before`: the questions asked earlier."""
    question = replace(
        known,
        details=_details(form, languages),
        asked_when=_condition(form, before),
    )
    if known.kind in CHOICES:
        return replace(question, other=form.is_ticked("other"), shuffled=form.is_ticked("shuffled"))
    if known.kind == "number":
        return _number(form, question, languages)
    if known.kind == "date":
        least, most = _day(form, "least"), _day(form, "most")
        if least and most and most < least:
            form.wrong("most", _("This is before the first day."))
        return replace(question, least=least, most=most)
    if known.kind == "matrix":
        return replace(question, statements=_statements(form, languages))
    return _file(form, question) if known.kind == "file" else question


def typed_parts(question: Question) -> dict[str, str]:
    """Return these parts as form fields."""
    found = {
        "other": "yes" if question.other else "",
        "shuffled": "yes" if question.shuffled else "",
        "decimals": str(question.decimals),
        **typed_words("unit", question.unit),
        **{f"kind-{kind}": "yes" for kind in question.file_kinds},
        "megabytes": sizes.megabytes(question.bytes_max),
    }
    if question.kind == "number":
        found |= {"least": question.least, "most": question.most}
    for name in ("least", "most"):
        day = read_day(getattr(question, name))
        if day is not None:
            boxes = dict(zip(DATE_PARTS, (day.day, day.month, day.year), strict=True))
            found |= {f"{name}-{part}": str(value) for part, value in boxes.items()}
    for number, details in enumerate(question.details, start=1):
        found |= typed_words(f"facts-{number}-title", details.title)
        found |= typed_words(f"facts-{number}-words", details.words)
    if question.asked_when:
        ids = question.asked_when.options
        found |= {f"when-{question.asked_when.question}-{id}": "yes" for id in ids}
    for code in {code for row in question.statements for code in row.title}:
        rows = (row.title.get(code, "") for row in question.statements)
        found[f"statements-{code}"] = "\n".join(rows)
    return found


def routes(before: Iterable[Question]) -> list[tuple[Question, list[tuple[str, str]]]]:
    """Return the earlier questions that can be conditions, each with its answers."""
    return [(one, _answers(one)) for one in before if one.of_kind.is_route and _answers(one)]


def places(page: ConsultationPage, wards: tuple[Ward, ...]) -> list[str]:
    """Return the answers that a question about a place offers under the present terms."""
    asked = placed(Question("place", "area", {}), wards, page.terms)
    return [words for _id, words in _answers(asked)]


def facts_shown(question: Question, typed: Collection[str]) -> int:
    """Return how many rows for facts a form shows: those in use and an empty one."""
    used = [n for n in range(1, DETAILS_MAX + 1) if any(f"facts-{n}-" in name for name in typed)]
    return min(DETAILS_MAX, max([len(question.details), *used], default=0) + 1)


def _answers(question: Question) -> list[tuple[str, str]]:
    found = [(option.id, said(option.title) or option.id) for option in question.options]
    if question.takes_other:
        found.append((OTHER, other_title(question)))
    return found


def _details(form: Reader, languages: tuple[str, ...]) -> tuple[Details, ...]:
    found = []
    for number in range(1, DETAILS_MAX + 1):
        title = form.words(f"facts-{number}-title", languages)
        words = form.words(f"facts-{number}-words", languages, most=DETAILS_WORDS_MAX)
        if title or words:
            found.append(Details(title, words))
    return tuple(found)


def _condition(form: Reader, before: Iterable[Question]) -> Condition | None:
    chosen = {
        one.id: tuple(id for id, _words in answers if form.is_ticked(f"when-{one.id}-{id}"))
        for one, answers in routes(before)
    }
    given = {id: options for id, options in chosen.items() if options}
    if len(given) > 1:
        second = list(given)[1]
        form.wrong(
            f"when-{second}-{given[second][0]}",
            _("Choose answers to one question only. To combine two, ask in two steps."),
        )
    return Condition(*next(iter(given.items()))) if given else None


def _number(form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
    decimals = form.number("decimals", _("The number of decimals"), most=DECIMALS_MAX)
    limits = {name: _limit(form, name, decimals) for name in ("least", "most")}
    least, most = (scaled(text, decimals) for text in limits.values())
    if least is not None and most is not None and most < least:
        form.wrong("most", _("This is less than the least number."))
    unit = form.words("unit", languages, most=UNIT_LENGTH_MAX)
    return replace(question, decimals=decimals, unit=unit, **limits)


def _limit(form: Reader, name: str, decimals: int) -> str:
    """Parse a limit of a number in its stored form; "" without one."""
    text = form.raw(name)
    if not pasted.plain(text):
        return ""
    try:
        return pasted.shortest(pasted.number(text, decimals), decimals)
    except pasted.Unread as unread:
        form.wrong(name, pasted_words.says(unread))
    return ""


def _day(form: Reader, name: str) -> str:
    """Parse three fields as "2026-11-22"; "" if all are empty."""
    found = form.day(name, is_needed=False)
    return found.isoformat() if found else ""


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


def _file(form: Reader, question: Question) -> Question:
    kinds = tuple(kind for kind in FILE_KINDS if form.is_ticked(f"kind-{kind}"))
    if not kinds:
        form.wrong("kind-pdf", _("Choose at least one kind of file."))
    try:
        size = pasted.number(form.raw("megabytes"), BYTE_DIGITS, units=("MB",))
    except pasted.Unread as unread:
        form.wrong("megabytes", pasted_words.says(unread))
        return question
    if not FILE_BYTES_MIN <= size <= FILES_BYTES_MAX:
        limit = _("The size must be from {least} to {most}.").format(
            least=sizes.limit(FILE_BYTES_MIN), most=sizes.limit(FILES_BYTES_MAX)
        )
        form.wrong("megabytes", limit)
        return question
    return replace(question, file_kinds=kinds, bytes_max=size)
