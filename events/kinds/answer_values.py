"""Numbers and dates as answers: parsed leniently, stored in one form, checked against limits."""

import re
from collections.abc import Mapping
from datetime import date as calendar_day
from typing import Any

from events.kinds import pasted
from events.kinds.answer_refusals import (
    DateTooEarly,
    DateTooLate,
    NotADate,
    NotANumber,
    NumberTooLarge,
    NumberTooSmall,
    title,
)
from events.kinds.pasted import YEAR_MIN, Unread, written
from events.question import Question

DECIMALS_MAX = 4
BOXES_MAX = 3


def number(question: Question, answer: Any) -> str:
    """Return a number as text with the decimals of its question: "1,200" becomes "1200".

    Raises NotANumber, NumberTooSmall, NumberTooLarge.
    """
    if not isinstance(answer, str):
        raise NotANumber(pasted.NoNumber(str(answer), example="12"), question=title(question))
    try:
        read = pasted.number(answer, question.decimals, units=question.unit.values())
    except Unread as unread:
        raise NotANumber(unread, question=title(question)) from None
    least, most = (scaled(limit, question.decimals) for limit in (question.least, question.most))
    if least is not None and read < least:
        raise NumberTooSmall(question=title(question), least=question.least)
    if most is not None and read > most:
        raise NumberTooLarge(question=title(question), most=question.most)
    return written(read, question.decimals)


def scaled(text: Any, decimals: int) -> int | None:
    """Return a number scaled to an integer; None if it is none or has too many decimals."""
    try:
        return pasted.number(text, decimals) if isinstance(text, str) else None
    except Unread:
        return None


def date(question: Question, answer: Any) -> str:
    """Return a date as "2026-11-22". Raises NotADate, DateTooEarly, DateTooLate."""
    try:
        day = _day(answer)
    except Unread as unread:
        raise NotADate(unread, question=title(question)) from None
    if question.least and day.isoformat() < question.least:
        raise DateTooEarly(question=title(question), least=question.least)
    if question.most and day.isoformat() > question.most:
        raise DateTooLate(question=title(question), most=question.most)
    return day.isoformat()


def read_day(text: Any) -> calendar_day | None:
    """Parse a date such as "2026-11-22"; return None for any other value or an invalid date."""
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        day = calendar_day.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= YEAR_MIN else None


def _day(answer: Any) -> calendar_day:
    """Parse a date given as one text or as a mapping of fields. Raises Unread."""
    if isinstance(answer, str):
        return pasted.day_written(answer)
    is_boxes = isinstance(answer, Mapping) and len(answer) <= BOXES_MAX
    if not (is_boxes and all(isinstance(text, str) for text in answer.values())):
        raise pasted.NoDay(str(answer))
    return pasted.day(answer)
