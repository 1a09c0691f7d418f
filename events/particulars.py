"""A partnership's public particulars: contact details, data controller, places that help.

Pages for residents promise what is stated here and nothing else. A consultation opens only
when every required particular is stated.
"""

import re
from typing import Any

import msgspec

from events.consultations.readiness_gaps import Gap
from events.errors import Refused
from events.frameworks import IMPORTS_ONLY, find_framework
from events.question import Text, words_missing

LINE_LENGTH_MAX = 300
TEXT_LENGTH_MAX = 2_000
PLACES_MAX = 60
ANSWER_DAYS_MAX = 60
_TELEPHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,24}")


EMAILS = ("email", "officer_email")


class BadParticulars(Refused):
    """A particular has an invalid value. `field`: its name in `Particulars`."""

    says = "This was not saved, because “{field}” cannot be used. Mend it and save again."


class NotATelephone(BadParticulars):
    """The text is not a telephone number."""

    says = (
        "“{typed}” is not a telephone number. Use digits and spaces, like 01632 960 001. "
        "Nothing was saved."
    )


class TooLong(BadParticulars):
    """A text is longer than its limit."""

    says = "“{field}” is longer than {most} characters. Shorten it. Nothing was saved."


class BadAnswerDays(BadParticulars):
    """The number of days is not from 0 to ANSWER_DAYS_MAX."""

    says = "Answer within 1 to {most} working days. Nothing was saved."


class PlaceUnnamed(BadParticulars):
    """A place lacks a name, an address or opening hours."""

    says = "Place {number} needs a name, an address and opening hours. Nothing was saved."


class TooManyPlaces(BadParticulars):
    """There are more than PLACES_MAX places."""

    says = "A page lists {most} places at most. Nothing was saved."


class KeyingWithoutPaper(BadParticulars):
    """Keying paper forms in twice is stated, although paper is not offered."""

    says = "Paper is not offered, so nobody keys it in. Offer paper, or take the keying out."


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place where people get help. `ward`: the code of its ward, or empty."""

    name: Text
    address: str
    hours: Text
    ward: str = ""


class Particulars(msgspec.Struct, frozen=True, omit_defaults=True):
    """The values that published statements are built from; empty or False: not offered.

    `post`: a postal address, with newlines. `controller`, `officer`: who is responsible for
    personal data, and the office (never a person's name) of the data protection officer.
    `answer_days`: working days within which a question is answered. `has_paper`,
    `has_telephone`, `has_large_print`, `has_easy_read`: ways to take part that are offered.
    `keys_twice`: two people key in each paper form and a third decides where they differ.
    """

    email: str = ""
    telephone: str = ""
    post: str = ""
    controller: Text = {}
    officer: Text = {}
    officer_email: str = ""
    lawful_basis: Text = {}
    regulator: Text = {}
    accessibility_regulator: Text = {}
    answer_days: int = 0
    has_paper: bool = False
    keys_twice: bool = False
    has_telephone: bool = False
    has_large_print: bool = False
    has_easy_read: bool = False
    places: tuple[Place, ...] = ()

    def check(self) -> None:
        """Raise BadParticulars for an invalid value; an empty value is allowed.

        E-mail addresses are checked elsewhere (`consult.people.mailboxes.addresses`).
        """
        if self.telephone and not _TELEPHONE.fullmatch(self.telephone):
            raise NotATelephone(field="telephone", typed=self.telephone[:100])
        if not 0 <= self.answer_days <= ANSWER_DAYS_MAX:
            raise BadAnswerDays(field="answer_days", most=ANSWER_DAYS_MAX)
        if self.keys_twice and not self.has_paper:
            raise KeyingWithoutPaper(field="keys_twice")
        _check_length("post", self.post, LINE_LENGTH_MAX)
        for field in WORDS:
            for words in getattr(self, field).values():
                _check_length(field, words, TEXT_LENGTH_MAX)
        _check_places(self.places)


WORDS = ("controller", "officer", "lawful_basis", "regulator", "accessibility_regulator")
"""Fields with a text in every language."""


class EmailUnstated(Gap):
    """The e-mail address is missing."""

    says = "say at which e-mail address people reach the partnership"


class TelephoneUnstated(Gap):
    """The telephone number is missing."""

    says = "say at which telephone number people reach the partnership"


class PostUnstated(Gap):
    """The postal address is missing."""

    says = "say at which postal address people reach the partnership"


class AnswerDaysUnstated(Gap):
    """The time to answer a question is missing."""

    says = "say within how many working days the partnership answers"


class ControllerUnstated(Gap):
    """The controller of personal data is missing in a language."""

    says = "say in {language} who is the controller of personal data"


class OfficerUnstated(Gap):
    """The data protection officer is missing in a language."""

    says = "say in {language} who is the data protection officer"


class OfficerEmailUnstated(Gap):
    """The e-mail address of the data protection officer is missing."""

    says = "say at which e-mail address people reach the data protection officer"


class LawfulBasisUnstated(Gap):
    """The lawful basis for using personal data is missing in a language."""

    says = "say in {language} on which lawful basis personal data are used"


class RegulatorUnstated(Gap):
    """The data protection regulator is missing in a language."""

    says = "say in {language} to which regulator people complain about their data"


class AccessibilityRegulatorUnstated(Gap):
    """The accessibility regulator is missing in a language."""

    says = "say in {language} to whom people complain about barriers on the pages"


class ProfileUnstated(Gap):
    """The partnership has no framework profile, which sets minimum periods."""

    says = "choose the framework profile of the partnership: it sets how long people have"


class ProfileUnknown(Gap):
    """The installation does not know the framework profile of the partnership."""

    says = "choose another framework profile: {profile} is not known here"


class LanguageRequired(Gap):
    """The framework profile asks for a language that the consultation does not have."""

    says = "have every consultation in {language} too, as the framework profile asks"


OF_WORDS = dict(
    zip(
        WORDS,
        (
            ControllerUnstated,
            OfficerUnstated,
            LawfulBasisUnstated,
            RegulatorUnstated,
            AccessibilityRegulatorUnstated,
        ),
        strict=True,
    )
)
OF_LINES: dict[str, type[Gap]] = {
    "email": EmailUnstated,
    "telephone": TelephoneUnstated,
    "post": PostUnstated,
    "answer_days": AnswerDaysUnstated,
    "officer_email": OfficerEmailUnstated,
}
ABOUT_PARTNERSHIP = (
    *OF_LINES.values(),
    *OF_WORDS.values(),
    ProfileUnstated,
    ProfileUnknown,
)


def partnership_gaps(partnership: Any, consultation: Any) -> list[Gap]:
    """Return what the partnership must still state before the consultation opens.

    Either argument: the subject, or its page. An imported consultation needs nothing.
    """
    if consultation.source:
        return []
    stated: Particulars = partnership.particulars
    found = _profile_gaps(partnership.profile, consultation.languages)
    found += [kind() for field, kind in OF_LINES.items() if not getattr(stated, field)]
    for field, kind in OF_WORDS.items():
        languages = words_missing(getattr(stated, field), consultation.languages)
        found += [kind(language=language) for language in languages]
    return found


def _profile_gaps(profile: str, languages: tuple[str, ...]) -> list[Gap]:
    framework = find_framework(profile)
    if profile == IMPORTS_ONLY:
        return [ProfileUnstated()]
    if framework is None:
        return [ProfileUnknown(profile=profile)]
    needed = [code for code in framework.languages if code not in languages]
    return [LanguageRequired(language=code) for code in needed]


def _check_length(field: str, words: str, most: int) -> None:
    if len(words) > most:
        raise TooLong(field=field, most=most)


def _check_places(places: tuple[Place, ...]) -> None:
    if len(places) > PLACES_MAX:
        raise TooManyPlaces(field="places", most=PLACES_MAX)
    for number, place in enumerate(places, start=1):
        if not (any(place.name.values()) and place.address and any(place.hours.values())):
            raise PlaceUnnamed(field="places", number=number)
        for words in (*place.name.values(), place.address, *place.hours.values()):
            _check_length("places", words, LINE_LENGTH_MAX)
