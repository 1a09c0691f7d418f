"""Format numbers, money, dates and times as is usual in English and Welsh.

Other languages follow the Unicode CLDR.
"""

from datetime import UTC, date, datetime
from functools import lru_cache

from babel.dates import format_date, format_time, get_day_names, get_month_names

from consult import sizes
from consult.clocks import local_time
from consult.wording.language import gettext as _

CALENDARS = {"en": "en_GB"}
"""Locale for dates where it differs from the language code."""

WELSH_DAYS = (
    *("dydd Llun", "dydd Mawrth", "dydd Mercher", "dydd Iau"),
    *("dydd Gwener", "dydd Sadwrn", "dydd Sul"),
)
"""As written within a sentence."""

NOON = {"en": "midday", "cy": "canol dydd"}
MIDNIGHT = {"en": "midnight", "cy": "hanner nos"}
_WELSH_ENDINGS = (
    *("fed", "af", "il", "ydd", "ydd", "ed", "ed", "fed", "fed", "fed", "fed"),
    *("eg", "fed", "eg", "eg", "fed", "eg", "eg", "fed", "eg", "fed"),
)


def number(value: int) -> str:
    """Format 1354 as "1,354", the same in both languages."""
    return f"{value:,}"


def money(amount: int, unit: str = "£", decimals: int = 2) -> str:
    """Format minor units: 4800000 as "£48,000", 50 as "£0.50".

    Whole amounts have no decimals. `decimals=0` is for imported files in whole units.
    """
    sign, size = ("-", -amount) if amount < 0 else ("", amount)
    whole, part = divmod(size, 10**decimals)
    pence = f".{part:0{decimals}}" if part else ""
    return f"{sign}{unit}{whole:,}{pence}"


def file_size(size_bytes: int) -> str:
    """How large a file is: "10 bytes", "50.1 kB"; from a kilobyte on rounded up."""
    if size_bytes < sizes.KILOBYTE:
        return _("%(number)s bytes", number=size_bytes)
    return sizes.of_file(size_bytes)


def percent(part: int, whole: int, places: int = 0) -> str:
    """A share in hundredths, rounded half up without floating point: "30%".

    What is there is never none, and what is missing is never all: "under 1%", "over 99%".
    """
    if whole == 0:
        return "0%"
    scale = 10**places
    shifted = (2 * part * 100 * scale + whole) // (2 * whole)
    if shifted == 0 and part > 0:
        return _("under %(share)s", share=_hundredths(1, places))
    if shifted == 100 * scale and part < whole:
        return _("over %(share)s", share=_hundredths(100 * scale - 1, places))
    return _hundredths(shifted, places)


def _hundredths(shifted: int, places: int) -> str:
    scale = 10**places
    return f"{shifted // scale}.{shifted % scale:0{places}}%" if places else f"{shifted}%"


def ordinal(value: int, language: str) -> str:
    """Format 1 as "1st" or "1af", 863 as "863rd" or "863ydd"."""
    last_two = value % 100
    if language == "cy":
        if last_two <= len(_WELSH_ENDINGS) - 1:
            return f"{value}{_WELSH_ENDINGS[last_two]}"
        # Vigesimal: 21ain to 39ain, but 40fed, 60fed, 80fed.
        return f"{value}fed" if last_two in {40, 50, 60, 80} else f"{value}ain"
    if language != "en":
        return f"{value}."
    if last_two in {11, 12, 13}:
        return f"{value}th"
    return f"{value}{({1: 'st', 2: 'nd', 3: 'rd'}).get(value % 10, 'th')}"


def day(moment: date, language: str) -> str:
    """Format like "21 November 2026". A datetime is converted to local time first."""
    local = _local(moment)
    return _day(local.year, local.month, local.day, language)


def rough_day(written: str, language: str) -> str:
    """Format a year, a month or a day, such as 2008, 2008-04 or 2008-04-01."""
    year, *rest = (int(part) for part in written.split("-"))
    if not rest:
        return str(year)
    if len(rest) == 1:
        return f"{month(rest[0], language)} {year}"
    return _day(year, *rest, language)


def weekday(moment: date, language: str) -> str:
    """Format like "Saturday 21 November 2026"."""
    number = _local(moment).weekday()
    name = WELSH_DAYS[number] if language == "cy" else get_day_names(locale=language)[number]
    return f"{name} {day(moment, language)}"


def month(number: int, language: str) -> str:
    """Return the name of a month, such as "November" for 11."""
    return str(get_month_names("wide", "stand-alone", locale=language)[number])


def clock(moment: datetime, language: str) -> str:
    """Format like "5pm", "9:03am", "midday"."""
    local = _local(moment)
    assert isinstance(local, datetime), "a date has no time of day"
    if language not in NOON:
        return format_time(local.time(), "short", locale=language)
    if local.minute == 0 and local.hour in {0, 12}:
        return (MIDNIGHT if local.hour == 0 else NOON)[language]
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004  noon


def moment(at: datetime, language: str) -> str:
    """Format like "21 November 2026, 5pm"."""
    return f"{day(at, language)}, {clock(at, language)}"


@lru_cache(maxsize=2_000)
def _day(year: int, month: int, day: int, language: str) -> str:
    """Format a date; cached, because a long page shows the same few days repeatedly."""
    calendar = CALENDARS.get(language, language)
    return format_date(date(year, month, day), "long", locale=calendar)


def _local(moment: date) -> date:
    if not isinstance(moment, datetime):
        return moment
    return local_time.local(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def utc(at: datetime) -> datetime:
    """Return the time in UTC; SQLite returns it without a time zone."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
