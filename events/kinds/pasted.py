"""Parse numbers, money, dates and times as people type and paste them; errors say what is wrong.

Text pasted from spreadsheets, web pages and letters has non-breaking spaces, invisible
characters, pound signs, digits of other scripts, "March" or "Mawrth". Every form parses with
these functions, so that all of them accept the same input and explain errors alike.
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
YEAR_MIN = 1000  # rejects years of two digits
SHOWN_LENGTH_MAX = 40
TYPED_LENGTH_MAX = 200
"""Characters that are parsed; longer input is cut, which bounds the time of parsing."""

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
"""English and Welsh, with the Welsh forms mutated after "o"; three letters identify a month."""
_MONTH_LETTERS_MIN = 3
_NOON_HOUR = 12


class Unread(Refused):
    """The input cannot be parsed; the subclasses say why."""

    says = "“{typed}” cannot be read."

    def __init__(self, typed: str, **values: object) -> None:
        super().__init__(typed=typed[:SHOWN_LENGTH_MAX], **values)


class NoNumber(Unread):
    """The input is not a number."""

    says = "“{typed}” is not a number. Write it in digits, like {example}."


class NotWhole(Unread):
    """The number has decimals where none are accepted."""

    says = "“{typed}” is not a whole number. Write it without decimals, like {example}."


class TooFine(Unread):
    """The number has more decimals than are accepted."""

    says = "“{typed}” has {given} decimals. Write it with up to {most}, like {example}."


class CommaUnclear(Unread):
    """A comma could separate thousands or decimals."""

    says = (
        "We cannot tell what the comma in “{typed}” means. Write thousands like 1,200 and "
        "decimals with a point, like 1.5."
    )


class TooManyDigits(Unread):
    """The number has more than DIGITS_MAX digits."""

    says = "“{typed}” has more digits than we can take, which is {most}. Check it."


class DateIncomplete(Unread):
    """A field of a date is empty. `missing`: which, in words."""

    says = "The date has no {missing}. Fill in the day, the month and the year."


class NoDay(Unread):
    """The day is not a number from 1 to 31."""

    says = "“{typed}” is not a day of a month. Write a number from 1 to 31."


class NoMonth(Unread):
    """The month is neither a number from 1 to 12 nor a name."""

    says = "“{typed}” is not a month. Write a number from 1 to 12, or its name, like March."


class NoYear(Unread):
    """The year does not have four digits."""

    says = "“{typed}” is not a year. Write it with four digits, like 2026."


class DayNotInMonth(Unread):
    """The month has fewer days. `month`: its number, which pages replace with its name."""

    says = "There is no such day as {day}/{month}/{year}: that month has {days} days."


class NoTime(Unread):
    """The time of day cannot be parsed."""

    says = "“{typed}” is not a time of day. Write hours and minutes, like 17:00 or 5pm."


def plain(text: str) -> str:
    """Return normalised text: one line, single spaces, no invisible characters.

    Digits of other scripts, wide and small letters, and dashes become their ASCII forms.
    """
    known = "".join(map(_meant, text[:TYPED_LENGTH_MAX])).translate(_DASHES | _SEPARATORS)
    return " ".join(known.split())


def number(text: str, decimals: int = 0, units: Iterable[str] = ()) -> int:
    """Return a number scaled to an integer: "1,200.5" with two decimals is 120050.

    `units`: accepted suffixes, such as "miles". Raises Unread.
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
    """Return the stored text of a scaled integer: 120050 with two decimals is "1200.50"."""
    digits = f"{abs(value):0{decimals + 1}}"
    whole = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return f"-{whole}" if value < 0 else whole


def shortest(value: int, decimals: int) -> str:
    """Return the text of a scaled integer without trailing zeros: "12.5"."""
    text = written(value, decimals)
    return text.rstrip("0").rstrip(".") if decimals else text


def day(boxes: Mapping[str, str]) -> calendar_day:
    """Return the date in the fields "day", "month" and "year".

    A whole date pasted into one of them is accepted too. Raises Unread.
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
    """Return the date written as one text: "2026-03-27", "27/3/2026", "27 March 2026".

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
    """Return the ASCII equivalent of a character; empty for an invisible one.

    NFKC is not used: it turns 5² into 52, which is another number.
    """
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    if unicodedata.category(letter) == "Cf":
        return ""
    tag, _space, code = unicodedata.decomposition(letter).partition(" ")
    return chr(int(code, 16)) if tag in {"<wide>", "<small>"} else letter


def _bare(known: str, units: Iterable[str]) -> str:
    """Strip the unit and the pound sign from a number."""
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
