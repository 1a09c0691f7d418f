"""Form of a partnership's public statement, with a row for each place that helps."""

from typing import Any

from wtforms.utils import unset_value

from consult.web.forms.choices import OneOfList, Tick
from consult.web.forms.fields import Email, Entry, Line, Lines, WholeNumber, Words
from consult.web.forms.reader import Typed
from consult.web.forms.staff_form import StaffForm
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from events.particulars import (
    ANSWER_DAYS_MAX,
    LINE_LENGTH_MAX,
    PLACES_MAX,
    TEXT_LENGTH_MAX,
    BadParticulars,
    Particulars,
    Place,
)

EMPTY_ROWS = 2
"""Number of empty rows for places."""
EMAIL = {"type": "email", "autocomplete": "off", "spellcheck": False}


class PlaceForm(StaffForm):
    """One row: a place that helps; an empty row is none."""

    name = Words(N_("Name"))
    address = Line(N_("Address"), look={"autocomplete": "off"})
    hours = Words(N_("Opening hours"))
    ward = OneOfList(N_("Ward"), nothing=N_("None"))

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is written in the row."""
        return not (self.name.data or self.hours.data or self.address.data)

    def validate_name(self, field: Words) -> None:
        """Ask for the name and for the hours in every language."""
        for language in field.languages:
            if not self.is_empty and language not in field.data:
                message = _("Name the place and its opening hours in every language.")
                field.refuse(message, f"{field.name}-{language}")

    validate_hours = validate_name

    def validate_address(self, address: Line) -> None:
        """Ask for the address."""
        if not self.is_empty and not address.data:
            address.refuse(_("Give the address of the place."))


class Places(Entry[tuple[Place, ...]]):
    """Rows of places: those in use, and EMPTY_ROWS more."""

    rows: list[PlaceForm]

    def process(
        self,
        formdata: Typed | None,
        data: Any = unset_value,
        extra_filters: object = None,  # noqa: ARG002  of WTForms
    ) -> None:
        """Make the rows, from what was posted or what is stated."""
        known = {} if data is unset_value else dict(enumerate(data, start=1))
        used = max(known, default=0) if formdata is None else self._last_used(formdata)
        self.rows = [
            PlaceForm(
                known.get(row),
                prefix=f"{self.short_name}-{row}",
                languages=self.meta.languages,
                choices=self.meta.choices,
            )
            for row in range(1, min(used + EMPTY_ROWS, PLACES_MAX) + 1)
        ]
        self.data = tuple(Place(**row.data) for row in self.rows if not row.is_empty)
        self.process_errors = []

    def pre_validate(self, _form: StaffForm) -> None:
        """Validate each row."""
        for row in self.rows:
            row.validate()
            self.errors += row.problems

    @property
    def first(self) -> str:
        """Return the id of the first control of the first row."""
        return self.rows[0].name.first

    def _last_used(self, typed: Typed) -> int:
        """Return the last row in which something is typed, among those that there can be."""
        filled = [name for name, value in typed.items() if value.strip()]
        used = (row for row in range(1, PLACES_MAX + 1) if _has(filled, f"{self.name}-{row}-"))
        return max(used, default=0)


def _has(names: list[str], begin: str) -> bool:
    return any(name.startswith(begin) for name in names)


class ParticularsForm(StaffForm):
    """How to reach the partnership, who is responsible, and what it offers."""

    email = Email(N_("E-mail address"), most=LINE_LENGTH_MAX, look=EMAIL)
    telephone = Line(
        N_("Telephone number"),
        most=LINE_LENGTH_MAX,
        look={"width": 20, "type": "tel", "autocomplete": "off"},
    )
    post = Lines(N_("Postal address"), most=LINE_LENGTH_MAX, look={"rows": 4})
    answer_days = WholeNumber(
        N_("You answer within so many working days"),
        what=N_("The number of working days"),
        least=1,
        most=ANSWER_DAYS_MAX,
        look={"width": 3, "inputmode": "numeric", "autocomplete": "off"},
    )
    controller = Words(
        N_("Controller of personal data"),
        hint=N_("The body that decides why and how personal data are used."),
        most=TEXT_LENGTH_MAX,
    )
    officer = Words(
        N_("Data protection officer"),
        hint=N_("The office, not a person’s name."),
        most=TEXT_LENGTH_MAX,
    )
    officer_email = Email(
        N_("E-mail address of the data protection officer"), most=LINE_LENGTH_MAX, look=EMAIL
    )
    lawful_basis = Words(
        N_("Lawful basis"),
        hint=N_(
            "As it ends the sentence “We use your data for …”, like: a task carried out in the "
            "public interest."
        ),
        most=TEXT_LENGTH_MAX,
        look={"rows": 2},
    )
    regulator = Words(
        N_("Regulator for personal data"),
        hint=N_("To whom people complain, and how to reach them."),
        most=TEXT_LENGTH_MAX,
        look={"rows": 2},
    )
    accessibility_regulator = Words(
        N_("Who enforces accessibility"),
        hint=N_("To whom people complain about barriers, and how to reach them."),
        most=TEXT_LENGTH_MAX,
        look={"rows": 2},
    )
    has_paper = Tick(N_("answer on paper"))
    keys_twice = Tick(
        N_(
            "rely on it that two people key in each paper form, and a third decides where they "
            "differ"
        )
    )
    has_telephone = Tick(N_("answer by telephone"))
    has_large_print = Tick(N_("ask for large print"))
    has_easy_read = Tick(N_("ask for Easy Read"))
    places = Places(N_("Places that help"), name="place")

    def stated(self) -> Particulars:
        """Return the statement."""
        return Particulars(**self.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate each field, and what the record takes of the whole."""
        is_valid: bool = super().validate(extra_validators)
        try:
            self.stated().check()
        except BadParticulars as refused:
            field, number = self[str(refused.values["field"])], refused.values.get("number")
            rows = [row for row in self.places.rows if not row.is_empty]
            if not field.errors:  # otherwise it says so already
                control = rows[number - 1].name.first if number else ""
                field.refuse(says(refused, field=_(field.label.text)), control)
            return False
        return is_valid
