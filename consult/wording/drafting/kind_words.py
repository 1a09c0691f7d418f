"""Kinds of questions in plain words: name, when to use it, and what is published of its answers."""

from collections.abc import Iterable
from typing import NamedTuple

from consult.wording.language import N_
from consult.wording.language import gettext as _


class Published(NamedTuple):
    """What is published of answers that no rule counts, before it is and after.

    `place`: its place among the sentences of all kinds of a consultation.
    """

    place: int
    before: str
    after: str


EACH_ANSWER = Published(
    1,
    N_("After it closes we publish how many gave each answer."),
    N_("We have published how many gave each answer."),
)
_MIDDLE = N_("Of answers that are numbers we publish the middle, and how low and high most go.")
_WRITTEN = N_(
    "Of questions that people answer in writing or with a file we publish how many "
    "answered. What people wrote or attached is not published."
)
MIDDLE = Published(2, _MIDDLE, _MIDDLE)
_SHARES = N_(
    "Of money that people share out we publish for each option the average and the middle, and "
    "how many gave each amount."
)
SHARES = Published(3, _SHARES, _SHARES)
WRITTEN = Published(9, _WRITTEN, _WRITTEN)


class KindWords(NamedTuple):
    """What is said of a kind of question: its name, and when organisers use it."""

    title: str
    about: str
    published: Published = EACH_ANSWER


# In the order offered.
KINDS: dict[str, KindWords] = {
    "single": KindWords(N_("One choice"), N_("People choose one answer.")),
    "several": KindWords(
        N_("Several choices"), N_("People tick the answers that are true for them.")
    ),
    "text": KindWords(
        N_("Their own words"), N_("People write. Nobody counts it; somebody reads it."), WRITTEN
    ),
    "number": KindWords(
        N_("A number"), N_("People write a number, whole or with decimals."), MIDDLE
    ),
    "date": KindWords(N_("A date"), N_("People write a day, month and year.")),
    "area": KindWords(N_("A place"), N_("People choose one of the wards that take part.")),
    "matrix": KindWords(N_("A grid"), N_("People give one of the same answers to each statement.")),
    "file": KindWords(
        N_("A file"),
        N_("People attach a document or a picture. It is not published."),
        WRITTEN,
    ),
    "rating": KindWords(N_("Grades"), N_("People say how much they agree with each statement.")),
    "ranking": KindWords(N_("An order"), N_("People put options in order, their favourite first.")),
    "points": KindWords(
        N_("Points to share out"), N_("People share a number of points among options.")
    ),
    "allocation": KindWords(
        N_("A budget to share out"),
        N_("People say how much of the money each area of spending gets, in steps."),
        SHARES,
    ),
    "approval": KindWords(N_("Support"), N_("People tick every option they support.")),
    "basket": KindWords(
        N_("A budget to spend"), N_("People choose projects until the money is spent.")
    ),
}


def kind_title(kind: str) -> str:
    """Return the name of a kind in the language of the page."""
    return _(KINDS[kind].title)


def kinds() -> list[tuple[str, str, str]]:
    """Return each kind with its name and when to use it."""
    return [(kind, _(words.title), _(words.about)) for kind, words in KINDS.items()]


def published(kinds: Iterable[str], *, is_published: bool) -> list[str]:
    """Return what is published of answers to questions of these kinds, each sentence once."""
    found = sorted({KINDS[kind].published for kind in kinds})
    return [_(each.after if is_published else each.before) for each in found]
