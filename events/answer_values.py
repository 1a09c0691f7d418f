"""Numbers and dates as answers: read leniently, stored in one form, held to their limits."""

import re
from datetime import date as calendar_day
from typing import Any

from events.answer_refusals import (
    DateTooEarly,
    DateTooLate,
    NotADate,
    NotANumber,
    NumberTooLarge,
    NumberTooSmall,
    title,
)
from events.question import Question

DECIMALS_MAX = 4
EXAMPLES = ("12", "12.5", "12.50")
YEAR_MIN = 1000  # 26 would be a year long gone
_NUMBER = re.compile(r"(-?)([0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})(?:\.([0-9]{1,4}))?")


def number(question: Question, answer: Any) -> str:
    """Return a number as text with the decimals of its question: "1,200" becomes "1200".

    Raises NotANumber, NumberTooSmall, NumberTooLarge.
    """
    read = scaled(answer, question.decimals)
    if read is None:
        example = EXAMPLES[min(question.decimals, len(EXAMPLES) - 1)]
        raise NotANumber(question=title(question), example=example)
    least, most = (scaled(limit, question.decimals) for limit in (question.least, question.most))
    if least is not None and read < least:
        raise NumberTooSmall(question=title(question), least=question.least)
    if most is not None and read > most:
        raise NumberTooLarge(question=title(question), most=question.most)
    return written(read, question.decimals)


def scaled(text: Any, decimals: int) -> int | None:
    """Return a number in units of its last decimal; None when it is none, or is too fine."""
    found = _NUMBER.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    sign, whole, behind = found.groups()
    behind = (behind or "").rstrip("0")
    if len(behind) > decimals:
        return None
    value = int(whole.replace(",", "") + behind.ljust(decimals, "0"))
    return -value if sign else value


def written(value: int, decimals: int) -> str:
    """Return a number that `scaled` read, as it is stored."""
    digits = f"{abs(value):0{decimals + 1}}"
    whole = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return f"-{whole}" if value < 0 else whole


def date(question: Question, answer: Any) -> str:
    """Return a day as "2026-11-22". Raises NotADate, DateTooEarly, DateTooLate."""
    day = read_day(answer)
    if day is None:
        raise NotADate(question=title(question))
    if question.least and day.isoformat() < question.least:
        raise DateTooEarly(question=title(question), least=question.least)
    if question.most and day.isoformat() > question.most:
        raise DateTooLate(question=title(question), most=question.most)
    return day.isoformat()


def read_day(text: Any) -> calendar_day | None:
    """Return the day that "2026-11-22" names; None when there is no such day."""
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        day = calendar_day.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= YEAR_MIN else None
