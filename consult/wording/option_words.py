"""Words for what can be chosen: options, grades, and places outside the wards."""

from consult.wording.language import gettext as _
from consult.wording.language import said
from events.question import OTHER, Question

ELSEWHERE = "other"
"""Area code of people who live in none of the wards."""
FOUR_WORDS = 4


def option_title(question: Question, option_id: str) -> str:
    """Return an option's title in the language of the page, or its id if it has none."""
    option = question.option(option_id)
    if option is None and option_id == OTHER and question.takes_other:
        return other_title(question)
    return said(option.title) if option else option_id[:64]


def other_title(question: Question) -> str:
    """Return the words for the answer "other"."""
    return _("Somewhere else") if question.of_kind.is_place else _("Other")


def elsewhere_title(elsewhere: str) -> str:
    """Return the words for people who live in no ward. `elsewhere`: as in the terms."""
    if elsewhere == "connected":
        return _("Somewhere else; I work or study here")
    return _("Somewhere else")


def grade_words(question: Question) -> list[tuple[int, str]]:
    """Return each grade of a rating with its words, lowest first."""
    if question.scale == FOUR_WORDS:
        words = (_("Not at all"), _("A little"), _("Quite a lot"), _("Very much"))
        return list(enumerate(words, start=1))
    words_by_number = {1: _("1, lowest"), question.scale: _("%(top)s, highest", top=question.scale)}
    return [
        (grade, words_by_number.get(grade, str(grade))) for grade in range(1, question.scale + 1)
    ]
