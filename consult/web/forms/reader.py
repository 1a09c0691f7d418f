"""Parse what was typed into a form: texts per language, money, numbers, dates; fill it in again.

The fields of staff forms parse with `Reader` (`fields.py`). Forms that are made from a question
have no fixed fields: they use it directly.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta

from consult.clocks.local_time import (
    ComesTwice,
    LeftOut,
    day_of,
    local,
    moment_of,
    only_moment_of,
)
from consult.wording import figures, pasted_words
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from events.kinds import pasted
from events.kinds.pasted import Unread
from events.question import Text

Typed = Mapping[str, str]
"""Form input by field name."""
Problem = tuple[str, str]
"""Id of the field to be corrected, and the sentence that says how."""

LINE_LENGTH_MAX = 300
WORDS_LENGTH_MAX = 20_000
PENCE_MAX = 999_999_999_999


class Reader:
    """Parses one form field by field; `problems` collects what must be corrected."""

    def __init__(self, typed: Typed) -> None:
        self.typed = typed
        self.problems: list[Problem] = []

    def wrong(self, field: str, message: str) -> None:
        """Record a problem of a field."""
        self.problems.append((field, message))

    def raw(self, field: str) -> str:
        """Return the input of a field without surrounding spaces."""
        return self.typed.get(field, "").replace("\r\n", "\n").strip()

    def line(self, field: str, *, most: int | None = LINE_LENGTH_MAX, needed: str = "") -> str:
        """Parse one line. `needed`: the message if it is empty; `most`: None has no limit."""
        text = self.raw(field)
        if not text and needed:
            self.wrong(field, needed)
        if most is not None and len(text) > most:
            self.wrong(field, _too_long(text, most))
        return text

    def words(
        self,
        field: str,
        languages: Iterable[str],
        *,
        most: int = LINE_LENGTH_MAX,
        needed: str = "",
    ) -> Text:
        """Parse a text in each language. `needed`: the message if all are empty.

        A translation may be added later; the record refuses to open while one is missing.
        """
        codes = tuple(languages)
        found = {code: self.line(f"{field}-{code}", most=most) for code in codes}
        written = {code: text for code, text in found.items() if text}
        if not written and needed:
            self.wrong(f"{field}-{codes[0]}", needed)
        return written

    def number(self, field: str, what: str, *, least: int = 0, most: int, empty: int = 0) -> int:
        """Parse a whole number; return `empty` without input. `what`: the field in words."""
        if not pasted.plain(self.raw(field)):
            return empty
        try:
            value = pasted.number(self.raw(field))
        except Unread as unread:
            self.wrong(field, pasted_words.says(unread))
            return empty
        if least <= value <= most:
            return value
        self.wrong(
            field,
            _("{what} must be a whole number from {least} to {most}.").format(
                what=what, least=figures.number(least), most=figures.number(most)
            ),
        )
        return empty

    def pounds(self, field: str, *, needed: str = "") -> int | None:
        """Parse an amount such as 48,000 or 48000.50 as pence; None if it is invalid."""
        text = self.raw(field)
        if not pasted.plain(text):
            if needed:
                self.wrong(field, needed)
            return None
        try:
            value = pasted.pence(text)
        except Unread as unread:
            self.wrong(field, pasted_words.says(unread))
            return None
        if 0 <= value <= PENCE_MAX:
            return value
        limit = _("An amount must be from £0 to {most}.").format(most=figures.money(PENCE_MAX))
        self.wrong(field, limit)
        return None

    def choice(self, field: str, known: Collection[str], *, needed: str = "") -> str:
        """Parse one of several values; "" if none was chosen."""
        value = self.raw(field)
        if value in known:
            return value
        if value:
            self.wrong(field, _("Choose from the list."))
        elif needed:
            self.wrong(field, needed)
        return ""

    def is_ticked(self, field: str) -> bool:
        """Return whether a box was ticked."""
        return bool(self.raw(field))

    def moment(self, field: str, clock_field: str) -> datetime | None:
        """Parse a local day and time as UTC; None if invalid.

        Local times that do not exist, or exist twice, because of a clock change are refused.
        """
        day, clock = self.day(field), self._clock(clock_field)
        if day is None or clock is None:
            return None
        try:
            return only_moment_of(day, clock)
        except (LeftOut, ComesTwice) as refused:
            self.wrong(clock_field, says(refused))
            return None

    def day(self, field: str, *, is_needed: bool = True) -> date | None:
        """Parse a day from three fields; None if it is invalid or left out."""
        boxes = {part: self.raw(f"{field}-{part}") for part in ("day", "month", "year")}
        if not any(pasted.plain(text) for text in boxes.values()):
            if is_needed:
                self.wrong(field, _("Give the day, month and year."))
            return None
        try:
            return pasted.day(boxes)
        except Unread as unread:
            self.wrong(field, pasted_words.says(unread))
        return None

    def _clock(self, field: str) -> time | None:
        try:
            return pasted.clock(self.raw(field))
        except Unread as unread:
            self.wrong(field, pasted_words.says(unread))
        return None


def lines(text: str) -> list[str]:
    """Return the lines of a pasted list, without empty ones and list markers."""
    found = (re.sub(r"^\s*(?:[-*•·]|[0-9]{1,3}[.)])\s+", "", line) for line in text.splitlines())
    return [line.strip() for line in found if line.strip()]


def plain_digits(text: str) -> str:
    """Return a whole number in digits only; other input unchanged."""
    try:
        return str(pasted.number(text))
    except Unread:
        return text


def typed_words(field: str, text: Text) -> dict[str, str]:
    """Return a text as form fields."""
    return {f"{field}-{code}": words for code, words in text.items()}


def typed_number(value: int) -> str:
    """Return a number as a form field; 0 means not set."""
    return str(value) if value else ""


def typed_pounds(pence: int | None) -> str:
    """Return an amount as a form field."""
    return "" if pence is None else figures.money(pence, unit="")


def typed_moment(field: str, clock_field: str, moment: datetime) -> dict[str, str]:
    """Return a moment as form fields, in local time."""
    here = local(moment)
    return {**typed_day(field, here), clock_field: f"{here:%H:%M}"}


def typed_day(field: str, day: date) -> dict[str, str]:
    """Return a day as form fields."""
    return {f"{field}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def suggested_closing(now: datetime, days: int) -> datetime:
    """Return a closing time with at least `days` whole days: a minute before local midnight."""
    return moment_of(day_of(now) + timedelta(days=days + 1), time(23, 59))


def _too_long(text: str, most: int) -> str:
    return _("This is {length} characters long. Shorten it to {most} or fewer.").format(
        length=figures.number(len(text)), most=figures.number(most)
    )
