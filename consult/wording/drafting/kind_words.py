"""Kinds of questions in plain words: name, and when to use it."""

from consult.wording.language import N_
from consult.wording.language import gettext as _

# In the order offered.
KINDS: dict[str, tuple[str, str]] = {
    "single": (N_("One choice"), N_("People choose one answer.")),
    "several": (N_("Several choices"), N_("People tick the answers that are true for them.")),
    "text": (N_("Their own words"), N_("People write. Nobody counts it; somebody reads it.")),
    "number": (N_("A number"), N_("People write a number, whole or with decimals.")),
    "date": (N_("A date"), N_("People write a day, month and year.")),
    "area": (N_("A place"), N_("People choose one of the wards that take part.")),
    "matrix": (N_("A grid"), N_("People give one of the same answers to each statement.")),
    "file": (N_("A file"), N_("People attach a document or a picture. It is not published.")),
    "rating": (N_("Grades"), N_("People say how much they agree with each statement.")),
    "ranking": (N_("An order"), N_("People put options in order, their favourite first.")),
    "points": (N_("Points to share out"), N_("People share a number of points among options.")),
    "approval": (N_("Support"), N_("People tick every option they support.")),
    "basket": (N_("A budget to spend"), N_("People choose projects until the money is spent.")),
}


def kind_title(kind: str) -> str:
    """Return the name of a kind in the language of the page."""
    return _(KINDS[kind][0])


def kinds() -> list[tuple[str, str, str]]:
    """Return each kind with its name and when to use it."""
    return [(kind, _(title), _(about)) for kind, (title, about) in KINDS.items()]
