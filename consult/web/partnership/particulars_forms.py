"""Form of a partnership's public statement: parse it, and fill it in."""

from typing import Any

from consult.people.mailboxes import addresses
from consult.people.mailboxes.addresses import BadEmail
from consult.web.forms.reader import Reader, Typed, typed_number, typed_words
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from events.particulars import (
    ANSWER_DAYS_MAX,
    EMAILS,
    LINE_LENGTH_MAX,
    PLACES_MAX,
    TEXT_LENGTH_MAX,
    WORDS,
    BadParticulars,
    Particulars,
    Place,
)

TICKS = ("has_paper", "keys_twice", "has_telephone", "has_large_print", "has_easy_read")
LINES = ("telephone", "post")
PLACE_FIELDS = ("name", "address", "hours", "ward")
EMPTY_ROWS = 2
"""Number of empty rows for places."""

FIELD_NAMES = {
    "email": N_("E-mail address"),
    "telephone": N_("Telephone number"),
    "post": N_("Postal address"),
    "officer_email": N_("E-mail address of the data protection officer"),
    "controller": N_("Controller of personal data"),
    "officer": N_("Data protection officer"),
    "lawful_basis": N_("Lawful basis"),
    "regulator": N_("Regulator for personal data"),
    "accessibility_regulator": N_("Who enforces accessibility"),
    "places": N_("Places that help"),
}
"""Names of the fields in forms and refusals."""


def read_particulars(form: Reader, languages: tuple[str, ...]) -> Particulars:
    """Parse all fields; problems are recorded at their field."""
    places = [_read_place(form, row, languages) for row in range(1, rows_shown(form.typed) + 1)]
    fields: dict[str, Any] = {
        **{field: form.line(field, most=LINE_LENGTH_MAX) for field in LINES},
        **{field: _read_email(form, field) for field in EMAILS},
        **{field: form.words(field, languages, most=TEXT_LENGTH_MAX) for field in WORDS},
        **{field: form.is_ticked(field) for field in TICKS},
    }
    found = Particulars(
        **fields,
        answer_days=form.number(
            "answer_days", _("The number of working days"), least=1, most=ANSWER_DAYS_MAX
        ),
        places=tuple(place for place in places if place is not None),
    )
    try:
        found.check()
    except BadParticulars as refused:
        field = str(refused.values["field"])
        better = {"field": _(FIELD_NAMES.get(field, field))}
        form.wrong(_id_of(field, refused, languages), says(refused, **better))
    return found


def typed_particulars(stated: Particulars) -> dict[str, str]:
    """Return the statement as form fields."""
    typed = {field: getattr(stated, field) for field in (*LINES, *EMAILS)}
    for field in WORDS:
        typed |= typed_words(field, getattr(stated, field))
    typed |= {field: "yes" for field in TICKS if getattr(stated, field)}
    typed["answer_days"] = typed_number(stated.answer_days)
    for row, place in enumerate(stated.places, start=1):
        typed |= typed_words(f"place-{row}-name", place.name)
        typed |= typed_words(f"place-{row}-hours", place.hours)
        typed |= {f"place-{row}-address": place.address, f"place-{row}-ward": place.ward}
    return typed


def rows_shown(typed: Typed) -> int:
    """Return the number of rows for places: those in use, and EMPTY_ROWS more."""
    used = [0]
    for name, value in typed.items():
        parts = name.split("-")
        if parts[0] == "place" and len(parts) > 2 and parts[1].isdecimal() and value.strip():  # noqa: PLR2004  place, number and field
            used.append(int(parts[1]))
    return min(max(used) + EMPTY_ROWS, PLACES_MAX)


def _read_email(form: Reader, field: str) -> str:
    typed = form.line(field, most=LINE_LENGTH_MAX)
    try:
        return addresses.written(typed) if typed else ""
    except BadEmail as refused:
        form.wrong(field, says(refused))
        return typed


def _read_place(form: Reader, row: int, languages: tuple[str, ...]) -> Place | None:
    """Parse one row; None if it is empty."""
    name = form.words(f"place-{row}-name", languages)
    hours = form.words(f"place-{row}-hours", languages)
    address = form.line(f"place-{row}-address")
    ward = form.line(f"place-{row}-ward", most=40)
    if not (name or hours or address):
        return None
    for field, words in (("name", name), ("hours", hours)):
        for language in languages:
            if not words.get(language):
                message = _("Name the place and its opening hours in every language.")
                form.wrong(f"place-{row}-{field}-{language}", message)
    if not address:
        form.wrong(f"place-{row}-address", _("Give the address of the place."))
    return Place(name, address, hours, ward)


def _id_of(field: str, refused: BadParticulars, languages: tuple[str, ...]) -> str:
    """Return the id of the control that a refusal concerns."""
    if field == "places":
        return f"place-{refused.values.get('number', 1)}-name-{languages[0]}"
    return f"{field}-{languages[0]}" if field in WORDS else field
