"""What is said of votes that came from a file: nobody was asked here, and we promised nothing."""

from consult.wording import figures, language
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation


def origin(asked: ShownConsultation, responses: int) -> str:
    """Say how many votes there are, from which file, and when it was read."""
    number, file = figures.number(responses), asked.page.source
    if asked.page.closed_at is None:
        return _("Answers from the file %(file)s: %(number)s.", file=file, number=number)
    return _(
        "Answers from the file %(file)s, imported on %(day)s: %(number)s.",
        file=file,
        day=figures.day(asked.page.closed_at, language.current()),
        number=number,
    )


def rule() -> str:
    """Say whose choice the counting rule is."""
    return _(
        "The votes were not cast here. The counting rule is the one that the file names; where a "
        "file names none that we have, it is our choice."
    )


def participants() -> str:
    """Say why there is nothing about who took part."""
    return _("Who took part, and how, was not taken from the file.")
