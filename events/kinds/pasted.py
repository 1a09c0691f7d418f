"""Numbers, money, days and times as people type and paste them; what cannot be read says why.

People paste from spreadsheets, web pages and letters: with spaces that do not break, characters
that do not show, a pound sign, digits of another script, "March" or "Mawrth". Every form reads
with these functions, so that all of them forgive the same and explain the same.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date as calendar_day
from datetime import time

from events.errors import Refused

DIGITS_MAX = 15
PENCE_DIGITS = 2
YEAR_MIN = 1000  # 26 would be a year long gone
SHOWN_LENGTH_MAX = 40
TYPED_LENGTH_MAX = 200
"""Longer than anything that is a number or a day: nobody waits for such a text to be read."""

_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), "-")
_SEPARATORS = {0x66C: ",", 0x66B: ".", 0x2019: "'"}  # Arabic ones, and an apostrophe
_GROUPED = re.compile(r"([0-9]{1,3}(?:[ ,'][0-9]{3})+|[0-9]+)?(?:\.([0-9]*))?")
_SIGN = re.compile(r"([+-]?) *(.*)")
_ORDINAL = re.compile(r"([0-9]{1,2}) ?(?:st|nd|rd|th|af|ail|il|ydd|ed|fed|eg|ain)?")
_NAMED_DAY = re.compile(r"([0-9]{1,2} ?[a-z]{0,4})[ ,/.-]+(?:o |of )?([a-z]+)\.?[ ,/.-]+([0-9]+)")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2}) ?[-/. ] ?([0-9]{1,2}) ?[-/. ] ?([0-9]{4})")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2}))?(?: ?([ap])\.?m\.?)?")
_CLOCK_DIGITS = re.compile(r"([0-9]{2})([0-9]{2})")
_MONTHS = (
    ("january", "ionawr"),
    ("february", "chwefror"),
    ("march", "mawrth", "fawrth"),
    ("april", "ebrill"),
    ("may", "mai", "fai"),
    ("june", "mehefin", "fehefin"),
    ("july", "gorffennaf", "orffennaf"),
    ("august", "awst"),
    ("september", "medi", "fedi", "sept"),
    ("october", "hydref"),
    ("november", "tachwedd", "dachwedd"),
    ("december", "rhagfyr", "ragfyr"),
)
"""In English and Welsh, also as they stand after "o"; three letters are enough of each."""
_MONTH_LETTERS_MIN = 3
_NOON_HOUR = 12


class Unread(Refused):
    """What was typed cannot be read; the subclasses say what is wrong with it."""

    says = "“{typed}” cannot be read."

    def __init__(self, typed: str, **values: object) -> None:
        super().__init__(typed=typed[:SHOWN_LENGTH_MAX], **values)


class NoNumber(Unread):
    """Letters, or nothing that is a number."""

    says = "“{typed}” is not a number. Write it in digits, like {example}."


class NotWhole(Unread):
    """Decimals where none are taken."""

    says = "“{typed}” is not a whole number. Write it without decimals, like {example}."


class TooFine(Unread):
    """More decimals than are taken."""

    says = "“{typed}” has {given} decimals. Write it with up to {most}, like {example}."


class CommaUnclear(Unread):
    """A comma that may be meant for thousands or for decimals."""

    says = (
        "We cannot tell what the comma in “{typed}” means. Write thousands like 1,200 and "
        "decimals with a point, like 1.5."
    )


class TooManyDigits(Unread):
    """A number that is longer than any that is meant."""

    says = "“{typed}” has more digits than we can take, which is {most}. Check it."


class DateIncomplete(Unread):
    """A box of a date is empty. `missing`: which, in words."""

    says = "The date has no {missing}. Fill in the day, the month and the year."


class NoDay(Unread):
    """The day of the month cannot be read."""

    says = "“{typed}” is not a day of a month. Write a number from 1 to 31."


class NoMonth(Unread):
    """The month cannot be read."""

    says = "“{typed}” is not a month. Write a number from 1 to 12, or its name, like March."


class NoYear(Unread):
    """The year cannot be read, or has two digits."""

    says = "“{typed}” is not a year. Write it with four digits, like 2026."


class DayNotInMonth(Unread):
    """The month is too short. `month`: its number, which pages put into words."""

    says = "There is no such day as {day}/{month}/{year}: that month has {days} days."


class NoTime(Unread):
    """A time of day cannot be read."""

    says = "“{typed}” is not a time of day. Write hours and minutes, like 17:00 or 5pm."


def plain(text: str) -> str:
    """Return what somebody meant to type: one line, single spaces, nothing that does not show.

    Digits, letters and signs of other widths and scripts become those of a keyboard.
    """
    known = "".join(map(_meant, text[:TYPED_LENGTH_MAX])).translate(_DASHES | _SEPARATORS)
    return " ".join(known.split())


def number(text: str, decimals: int = 0, units: Iterable[str] = ()) -> int:
    """Return a number in units of its last decimal: "1,200.5" with two decimals is 120050.

    `units`: words that may stand behind it, such as "miles". Raises Unread.
    """
    example = ("12", "12.5", "12.50")[min(decimals, 2)]
    found = _SIGN.fullmatch(_bare(plain(text), units))
    sign, digits = found.groups() if found else ("", "")
    parts = _GROUPED.fullmatch(digits)
    if parts is None or not any(parts.groups()):
        if "," in digits and re.fullmatch(r"[0-9.,]+", digits):
            raise CommaUnclear(text)
        raise NoNumber(text, example=example)
    whole, behind = re.sub("[ ,']", "", parts[1] or ""), (parts[2] or "").rstrip("0")
    if len(whole.lstrip("0")) > DIGITS_MAX:
        raise TooManyDigits(text, most=DIGITS_MAX)
    if behind and not decimals:
        raise NotWhole(text, example=example)
    if len(behind) > decimals:
        raise TooFine(text, given=len(behind), most=decimals, example=example)
    value = int((whole or "0") + behind.ljust(decimals, "0"))
    return -value if sign == "-" else value


def pence(text: str) -> int:
    """Return an amount in pounds as pence: "£48,000", "48000.5", "50p". Raises Unread."""
    known = plain(text)
    if re.fullmatch(r"[0-9]{1,5} ?p", known):
        return int(known.rstrip("p "))
    return number(text, PENCE_DIGITS, units=("pounds", "pound", "gbp"))


def written(value: int, decimals: int) -> str:
    """Return a number that `number` read with as many decimals, as it is stored."""
    digits = f"{abs(value):0{decimals + 1}}"
    whole = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return f"-{whole}" if value < 0 else whole


def shortest(value: int, decimals: int) -> str:
    """Return a number that `number` read without zeros that say nothing: "12.5"."""
    text = written(value, decimals)
    return text.rstrip("0").rstrip(".") if decimals else text


def day(boxes: Mapping[str, str]) -> calendar_day:
    """Return the day that the boxes "day", "month" and "year" name.

    A whole date in one of them is taken too: people paste it there. Raises Unread.
    """
    typed = {part: boxes.get(part, "") for part in ("day", "month", "year")}
    known = {part: plain(text) for part, text in typed.items()}
    filled = [text for text in known.values() if text]
    if len(filled) == 1:
        whole = _whole(filled[0])
        if whole is not None:
            known = typed = whole
    missing = [part for part, text in known.items() if not text]
    if missing:
        raise DateIncomplete("", missing=" and no ".join(missing), parts=tuple(missing))
    month = _month(known["month"])
    if month is None:
        raise NoMonth(typed["month"])
    year = known["year"]
    if not (re.fullmatch("[0-9]{4}", year) and int(year) >= YEAR_MIN):
        raise NoYear(typed["year"])
    ordinal = _ORDINAL.fullmatch(known["day"].lower())
    if ordinal is None or not 1 <= int(ordinal[1]) <= 31:  # noqa: PLR2004  of the calendar or the clock
        raise NoDay(typed["day"])
    days = monthrange(int(year), month)[1]
    if int(ordinal[1]) > days:
        raise DayNotInMonth("", day=int(ordinal[1]), month=month, year=int(year), days=days)
    return calendar_day(int(year), month, int(ordinal[1]))


def day_written(text: str) -> calendar_day:
    """Return the day of a date in one piece: "2026-03-27", "27/3/2026", "27 March 2026".

    Raises Unread.
    """
    return day({"day": text})


def clock(text: str) -> time:
    """Return a time of day: "17:00", "17.00", "5pm", "5.30 pm". Raises NoTime."""
    known = plain(text).lower()
    found = _CLOCK_DIGITS.fullmatch(known) or _CLOCK.fullmatch(known)
    if found is None:
        raise NoTime(text)
    hour, minutes, half = (*found.groups(), None)[:3]
    if minutes is None and half is None:
        raise NoTime(text)  # "5" may be in the morning or in the afternoon
    hours, is_half = int(hour or 0), half is not None
    if int(minutes or 0) >= 60 or hours >= 24 or (is_half and not 1 <= hours <= _NOON_HOUR):  # noqa: PLR2004  of the calendar or the clock
        raise NoTime(text)
    if is_half:
        hours = hours % _NOON_HOUR + (_NOON_HOUR if half == "p" else 0)
    return time(hours, int(minutes or 0))


def _meant(letter: str) -> str:
    """Return the character of a keyboard that another one stands for.

    Not by NFKC: that makes 52 of 5², which is another number.
    """
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    if unicodedata.category(letter) == "Cf":
        return ""
    tag, _space, code = unicodedata.decomposition(letter).partition(" ")
    return chr(int(code, 16)) if tag in {"<wide>", "<small>"} else letter


def _bare(known: str, units: Iterable[str]) -> str:
    """Return a number without what people write around it."""
    for unit in sorted((plain(each) for each in units), key=len, reverse=True):
        if unit and known.lower().endswith(unit.lower()):
            known = known[: -len(unit)].rstrip()
            break
    return re.sub(r"^([+-]?) ?£ ?", r"\1", known).removesuffix("£").rstrip()


def _whole(known: str) -> dict[str, str] | None:
    text = known.lower()
    named = _NAMED_DAY.fullmatch(text)
    if named:
        return dict(zip(("day", "month", "year"), named.groups(), strict=True))
    year_first = _YEAR_FIRST.fullmatch(text)
    if year_first:
        return dict(zip(("year", "month", "day"), year_first.groups(), strict=True))
    day_first = _DAY_FIRST.fullmatch(text)
    return (
        dict(zip(("day", "month", "year"), day_first.groups(), strict=True)) if day_first else None
    )


def _month(known: str) -> int | None:
    text = known.lower().rstrip(".").removeprefix("o ")
    if re.fullmatch("[0-9]{1,2}", text):
        return int(text) if 1 <= int(text) <= len(_MONTHS) else None
    if len(text) < _MONTH_LETTERS_MIN:
        return None
    found = [
        place
        for place, names in enumerate(_MONTHS, start=1)
        if any(name.startswith(text) for name in names)
    ]
    return found[0] if len(found) == 1 else None
