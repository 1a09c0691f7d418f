"""Kinds of respondent in words: a row for each."""

from typing import NamedTuple

from consult.wording.language import N_
from consult.wording.language import gettext as _
from events.submission import GROUP, INDIVIDUAL, ORGANISATION


class RespondentWords(NamedTuple):
    """What is said of a kind of respondent.

    `offered`: what people choose online, and `at_desk` what staff choose. `spoken`: what they
    chose, shown to them. `answered`: whom somebody answered for, in the third person. `several`:
    all of the kind; `counted` how many they are, and `with_members` also how many they speak for;
    empty where they speak for themselves.
    """

    offered: str
    at_desk: str
    spoken: str
    answered: str
    several: str
    counted: str
    with_members: str = ""


RESPONDENTS = {
    INDIVIDUAL: RespondentWords(
        offered=N_("For myself"),
        at_desk=N_("A person, for themselves"),
        spoken=N_("Myself"),
        answered=N_("Themselves"),
        several=N_("People"),
        counted=N_("People: %(number)s."),
    ),
    ORGANISATION: RespondentWords(
        offered=N_("For an organisation"),
        at_desk=N_("An organisation"),
        spoken=N_("An organisation: %(name)s"),
        answered=N_("An organisation"),
        several=N_("Organisations"),
        counted=N_("Organisations: %(number)s."),
        with_members=N_("Organisations: %(number)s, with %(members)s members."),
    ),
    GROUP: RespondentWords(
        offered=N_("For a meeting of a group"),
        at_desk=N_("A meeting of a group"),
        spoken=N_("A meeting: %(name)s"),
        answered=N_("A group meeting"),
        several=N_("Meetings"),
        counted=N_("Meetings: %(number)s."),
        with_members=N_("Meetings: %(number)s, of %(members)s people."),
    ),
}
ANSWERED = {respondent: words.answered for respondent, words in RESPONDENTS.items()}


def offered() -> list[tuple[str, str]]:
    """Return the kinds that people choose from, in the language of the page."""
    return [(respondent, _(words.offered)) for respondent, words in RESPONDENTS.items()]


def at_desk() -> list[tuple[str, str]]:
    """Return the kinds that staff choose from."""
    return [(respondent, _(words.at_desk)) for respondent, words in RESPONDENTS.items()]
