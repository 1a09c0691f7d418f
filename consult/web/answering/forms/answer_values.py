"""Numbers, dates, places, grids and files: as shown in fields, and in words."""

from typing import Any

from consult import sizes
from consult.people.answers.file_kinds import KINDS
from consult.web.answering.forms.typed import DATE_PARTS, file
from consult.wording import figures
from consult.wording.language import current, said
from consult.wording.language import gettext as _
from events.kinds.answer_values import read_day
from events.question import Question

AREAS_AS_RADIOS_MAX = 12
"""More places than this become a select list."""

COLUMNS_INLINE_MAX = 5


def shown(question: Question, typed: Any) -> dict[str, Any]:
    """Return what was typed in the shape its macro expects; other shapes count as empty."""
    if question.kind == "matrix":
        given = typed if isinstance(typed, dict) else {}
        values = {row: value for row, value in given.items() if isinstance(value, str)}
        rows = [(row.id, said(row.title)) for row in question.statements]
        is_inline = len(question.options) <= COLUMNS_INLINE_MAX
        return {"values": values, "rows": rows, "is_inline": is_inline}
    if question.kind == "date":
        return {"value": boxes(typed)}
    if question.kind == "file":
        kinds = [ending for kind in question.file_kinds for ending in KINDS[kind].endings]
        accept = ",".join(f".{ending}" for ending in kinds)
        return {"attached": file_words(typed) or None, "accept": accept}
    value = typed.replace("\0", "") if isinstance(typed, str) else ""
    return {
        "value": value,
        "unit": said(question.unit) if question.unit else None,
        "inputmode": _inputmode(question),
        "is_list": len(question.options) > AREAS_AS_RADIOS_MAX,
    }


def boxes(typed: Any) -> tuple[str, str, str]:
    """Return day, month and year as shown in three fields."""
    day = read_day(typed)
    if day is not None:
        return str(day.day), str(day.month), str(day.year)
    given = typed if isinstance(typed, dict) else {}
    first, second, third = (str(given.get(part, "")).replace("\0", "") for part in DATE_PARTS)
    return first, second, third


def file_words(typed: Any) -> str:
    """Return name and size of an attached file; "" without one."""
    if not file(typed):
        return ""
    size, name = typed.get("bytes"), str(typed.get("name", ""))
    return f"{name} ({figures.file_size(size)})" if isinstance(size, int) else name


def number_words(question: Question, text: Any) -> str:
    """Return a number with thousands separators and its unit: "1,200 miles"."""
    if not isinstance(text, str) or not text:
        return ""
    whole, point, behind = text.partition(".")
    bare = whole.removeprefix("-")
    if bare.isascii() and bare.isdigit():
        whole = whole.removesuffix(bare) + figures.number(int(bare))
    unit = said(question.unit) if question.unit else ""
    return f"{whole}{point}{behind} {unit}".strip()


def day_words(typed: Any) -> str:
    """Return a day in words; the three fields as typed if they are not a date."""
    day = read_day(typed)
    return figures.day(day, current()) if day else " ".join(each for each in boxes(typed) if each)


def limits(question: Question) -> str:
    """Return the limits of a number, date or file, shown before it is answered."""
    if question.kind == "file":
        return _(
            "One file: %(kinds)s. It can be at most %(most)s large.",
            kinds=", ".join(KINDS[kind].title for kind in question.file_kinds),
            most=sizes.limit(question.bytes_max),
        )
    words = []
    if question.kind == "date":
        words.append(_("For example, 27 3 2026."))
    elif question.unit:
        words.append(_("In %(unit)s.", unit=said(question.unit)))
    say = day_words if question.kind == "date" else lambda text: number_words(question, text)
    least, most = (say(each) if each else "" for each in (question.least, question.most))
    if least and most:
        words.append(_("From %(least)s to %(most)s.", least=least, most=most))
    elif least:
        words.append(_("%(least)s or later.", least=least) if question.kind == "date"
                     else _("%(least)s or more.", least=least))  # fmt: skip
    elif most:
        words.append(_("%(most)s or earlier.", most=most) if question.kind == "date"
                     else _("%(most)s or less.", most=most))  # fmt: skip
    return " ".join(words)


def _inputmode(question: Question) -> str | None:
    """Return the inputmode; the digit keypads of phones have no minus sign."""
    if not question.least or question.least.startswith("-"):
        return None
    return "decimal" if question.decimals else "numeric"
