"""Fields of staff forms: what is declared is their label, their limits and what they say if empty.

WTForms binds them to a form and validates them; they parse with `Reader`, as forgiving as every
form is, and fill themselves from what is known. The macro `field` draws them from what is declared.
Labels, hints and sentences are marked with `N_` where they are declared, and translated when used.
"""

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from wtforms import Field
from wtforms.utils import unset_value

from consult.people.mailboxes import addresses
from consult.people.mailboxes.addresses import BadEmail
from consult.web.forms import reader
from consult.web.forms.reader import LINE_LENGTH_MAX, Problem, Reader, Typed
from consult.wording.language import gettext as _
from consult.wording.language import names
from consult.wording.refusals import says
from events.question import Text

T = TypeVar("T")


class Entry(Field, Generic[T]):  # type: ignore[misc]  # WTForms has no types
    """One field of a form; its names in HTML begin with its own name.

    `data`: its value. `typed`: what its controls show, by name. `errors`: what must be corrected,
    by control; empty before the form is validated. `look`: arguments of the macro that draws it.
    """

    drawn = ""
    data: T
    typed: Typed
    errors: list[Problem]

    def __init__(
        self, label: str, *, hint: str = "", look: dict[str, Any] | None = None, **bound: Any
    ) -> None:
        super().__init__(label, description=hint, **bound)
        self.look = look or {}

    def read(self, form: Reader) -> T:
        """Parse the value from what was posted; problems are recorded at their control."""
        raise NotImplementedError  # every kind of field has its own

    def fill(self, value: T) -> Typed:
        """Return what the controls show for a value."""
        raise NotImplementedError  # every kind of field has its own

    def process(
        self,
        formdata: Typed | None,
        data: Any = unset_value,
        extra_filters: object = None,  # noqa: ARG002  of WTForms; these fields have none
    ) -> None:
        """Parse what was posted; or without that fill in what is known, or the default."""
        self.process_errors: list[Problem] = []
        if formdata is None:
            self.data = self.default if data is unset_value else data
            self.typed = {} if self.data is None else self.fill(self.data)
            return
        posted = Reader(formdata)
        self.typed, self.data = formdata, self.read(posted)
        self.process_errors = posted.problems

    def refuse(self, message: str, control: str = "") -> None:
        """Record a problem while the form is validated; `control`: its id, if not the first."""
        self.errors.append((control or self.first, message))

    @property
    def first(self) -> str:
        """Return the id of its first control."""
        return str(self.name)

    @property
    def wrong(self) -> dict[str, str]:
        """Return the first problem of each control."""
        return dict(reversed(self.errors))

    def said(self, sentence: str) -> str:
        """Return a declared sentence in the language of the page."""
        return _(sentence) if sentence else ""


class Line(Entry[str]):
    """One line of text. `needed`: the sentence if it is empty; `most`: None has no limit."""

    drawn = "line"

    def __init__(
        self, label: str, *, most: int | None = LINE_LENGTH_MAX, needed: str = "", **bound: Any
    ) -> None:
        super().__init__(label, **bound)
        self.most, self.needed = most, needed

    def read(self, form: Reader) -> str:
        """Parse it without surrounding spaces."""
        return form.line(self.name, most=self.most, needed=self.said(self.needed))

    def fill(self, value: str) -> Typed:
        """Return the text."""
        return {self.name: value}


class Lines(Line):
    """Text of several lines."""

    drawn = "lines"


class Email(Line):
    """An e-mail address, as it is written in full."""

    def read(self, form: Reader) -> str:
        """Parse an address; what cannot be one is returned as it was typed."""
        typed = super().read(form)
        if not typed or form.problems:
            return typed
        try:
            return addresses.written(typed)
        except BadEmail as refused:
            form.wrong(self.name, says(refused))
            return typed


class Words(Entry[Text]):
    """A text in each language of the form.

    `needed`: the sentence if it is empty in all of them. `in_each`: the sentence for each language
    in which it is empty. `is_whole`: what is written in one language is needed in the others too.
    """

    drawn = "words"

    def __init__(
        self,
        label: str,
        *,
        most: int = LINE_LENGTH_MAX,
        needed: str = "",
        in_each: str = "",
        is_whole: bool = False,
        **bound: Any,
    ) -> None:
        super().__init__(label, **bound)
        self.most, self.needed, self.in_each, self.is_whole = most, needed, in_each, is_whole

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages of the form."""
        found: tuple[str, ...] = self.meta.languages
        return found

    @property
    def first(self) -> str:
        """Return the id of the control of the first language."""
        return f"{self.name}-{self.languages[0]}"

    def read(self, form: Reader) -> Text:
        """Parse the text in each language; languages without any are left out."""
        found = form.words(self.name, self.languages, most=self.most, needed=self.said(self.needed))
        for code in self.languages:
            if code in found:
                continue
            if self.in_each:
                form.wrong(f"{self.name}-{code}", _(self.in_each))
            elif found and self.is_whole:
                other = names().get(code, code)
                sentence = _("Write this in {language} too.").format(language=other)
                form.wrong(f"{self.name}-{code}", sentence)
        return found

    def fill(self, value: Text) -> Typed:
        """Return the text of each language."""
        return reader.typed_words(self.name, value)


class WholeNumber(Entry[int]):
    """A whole number. `what`: the field in words; `empty`: its value without input.

    `most`: unless the form is given another limit by the name of the field. `needed`: the sentence
    if nothing is typed.
    """

    drawn = "line"

    def __init__(
        self,
        label: str,
        *,
        what: str,
        least: int = 0,
        most: int,
        empty: int = 0,
        needed: str = "",
        **bound: Any,
    ) -> None:
        super().__init__(label, **bound)
        self.what, self.least, self.empty, self.needed = what, least, empty, needed
        self.most: int = self.meta.limits.get(self.short_name, most)

    def read(self, form: Reader) -> int:
        """Parse it, within its limits."""
        if self.needed and not form.raw(self.name):
            form.wrong(self.name, _(self.needed))
        return form.number(
            self.name, _(self.what), least=self.least, most=self.most, empty=self.empty
        )

    def fill(self, value: int) -> Typed:
        """Return its digits; nothing for 0, which means not set."""
        return {self.name: reader.typed_number(value)}


class Day(Entry[date | None]):
    """A day in three boxes; None if it is invalid, or left out where it is not needed."""

    drawn = "day"

    def __init__(self, label: str, *, is_needed: bool = True, **bound: Any) -> None:
        super().__init__(label, **bound)
        self.is_needed = is_needed

    def read(self, form: Reader) -> date | None:
        """Parse the three boxes, or a whole date pasted into one of them."""
        return form.day(self.name, is_needed=self.is_needed)

    def fill(self, value: date | None) -> Typed:
        """Return the day in numbers."""
        return reader.typed_day(self.name, value) if value else {}


class Moment(Entry[datetime | None]):
    """A day and a time of day, local in the form and UTC as a value; None if invalid.

    `clock`: label of the time; its control is named `clock`. A time that the change of the clocks
    leaves out or brings twice is refused.
    """

    drawn = "moment"
    CLOCK = "clock"

    def __init__(self, label: str, *, clock: str, clock_hint: str, **bound: Any) -> None:
        super().__init__(label, **bound)
        self.clock, self.clock_hint = clock, clock_hint

    def read(self, form: Reader) -> datetime | None:
        """Parse both."""
        return form.moment(self.name, self.CLOCK)

    def fill(self, value: datetime | None) -> Typed:
        """Return both in local time."""
        return reader.typed_moment(self.name, self.CLOCK, value) if value else {}
