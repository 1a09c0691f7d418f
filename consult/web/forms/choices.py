"""Fields of staff forms that have choices, and the box to tick."""

from collections.abc import Sequence
from typing import Any

from consult.web.forms.fields import Entry, T
from consult.web.forms.reader import Reader, Typed
from consult.wording.language import gettext as _

Option = tuple[str, ...]
"""Value and label of a choice, and its hint if it has one."""


class Choice(Entry[T]):
    """A field with choices.

    `choices` are declared with marked words; or the form gets them by the name of the field, with
    words in the language of the page, where they depend on what is known.
    """

    def __init__(
        self, label: str, choices: Sequence[Option] = (), *, needed: str = "", **bound: Any
    ) -> None:
        super().__init__(label, **bound)
        self.declared, self.needed = choices, needed

    @property
    def options(self) -> list[Option]:
        """Return the choices with their words in the language of the page."""
        given: Sequence[Option] | None = self.meta.choices.get(self.short_name)
        if given is not None:
            return list(given)
        return [(value, *map(_, words)) for value, *words in self.declared]

    @property
    def values(self) -> list[str]:
        """Return the values of the choices."""
        return [option[0] for option in self.options]


class OneOf(Choice[str]):
    """One of several choices, drawn as radios; "" if none was chosen."""

    drawn = "radios"

    def read(self, form: Reader) -> str:
        """Parse the choice; what is not on the list is refused."""
        return form.choice(self.name, self.values, needed=self.said(self.needed))

    def fill(self, value: str) -> Typed:
        """Return the choice."""
        return {self.name: value}


class OneOfList(OneOf):
    """One of many choices, drawn as a list to unfold. `nothing`: words of the empty choice."""

    drawn = "select"

    def __init__(
        self, label: str, choices: Sequence[Option] = (), *, nothing: str, **bound: Any
    ) -> None:
        super().__init__(label, choices, **bound)
        self.nothing = nothing


class Ticks(Choice[tuple[str, ...]]):
    """Several of several choices, each a box that is named by `stem` and its value."""

    drawn = "ticks"

    def __init__(
        self, label: str, choices: Sequence[Option] = (), *, stem: str, **bound: Any
    ) -> None:
        super().__init__(label, choices, **bound)
        self.stem = stem

    def control(self, value: str) -> str:
        """Return the name of the box of a choice."""
        return f"{self.stem}-{value}"

    @property
    def first(self) -> str:
        """Return the id of the first box."""
        return self.control(self.values[0]) if self.values else str(self.name)

    def read(self, form: Reader) -> tuple[str, ...]:
        """Return what was ticked, in the order of the choices."""
        found = tuple(value for value in self.values if form.is_ticked(self.control(value)))
        if not found and self.needed:
            form.wrong(self.first, _(self.needed))
        return found

    def fill(self, value: tuple[str, ...]) -> Typed:
        """Return a tick for each value."""
        return {self.control(each): "yes" for each in value}


class Tick(Entry[bool]):
    """One box to tick."""

    drawn = "tick"

    def read(self, form: Reader) -> bool:
        """Return whether it was ticked."""
        return form.is_ticked(self.name)

    def fill(self, value: bool) -> Typed:  # noqa: FBT001  the value of the field
        """Return a tick, or nothing."""
        return {self.name: "yes"} if value else {}
