"""The respondent online: the person, an organisation, or a meeting of a group."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from consult import access
from consult.commands.answers.sheets import MEMBERS_MAX, NAME_LENGTH_MAX, RESPONDENTS
from consult.wording import figures
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.registries.role_words import readers
from consult.wording.shown_consultation import ShownConsultation
from events.kinds import pasted

RESPONDENT, MEMBERS, NAME = "respondent", "members", "organisation"
PERSON = RESPONDENTS[0]
TYPED_LENGTH_MAX = 1_000
WHO = {
    "individual": N_("For myself"),
    "organisation": N_("For an organisation"),
    "group": N_("For a meeting of a group"),
}
SPEAKS = {
    "individual": N_("Myself"),
    "organisation": N_("An organisation: %(name)s"),
    "group": N_("A meeting: %(name)s"),
}


@dataclass(frozen=True)
class Whom:
    """The respondent as typed, valid or not."""

    respondent: str = PERSON
    name: str = ""
    members: str = ""

    def written(self) -> dict[str, str]:
        """Return it in the shape of a draft; empty for a person."""
        return asdict(self) if self != Whom() else {}

    @property
    def number(self) -> int | None:
        """Return for how many they speak, 0 when it is not said; None when it is no number."""
        return members(self.members)

    def on_sheet(self) -> dict[str, Any]:
        """Return the fields of a sheet that say whose it is."""
        if self.respondent == PERSON:
            return {}
        return {
            "respondent": self.respondent,
            "organisation": self.name,
            "members": -1 if self.number is None else self.number,  # refused by check_sheet
        }


def read(form: Mapping[str, str]) -> Whom:
    """Parse a form."""
    name, members = (form.get(each, "")[:TYPED_LENGTH_MAX].strip() for each in (NAME, MEMBERS))
    return Whom(form.get(RESPONDENT, PERSON), name, members)


def kept(content: Any) -> Whom:
    """Parse what `Whom.written` returned; a person for any other content."""
    if not isinstance(content, dict):
        return Whom()
    given = {name: content.get(name) for name in asdict(Whom())}
    found = {name: value for name, value in given.items() if isinstance(value, str)}
    return Whom(**found) if len(found) == len(given) else Whom()


def problems(whom: Whom) -> list[tuple[str, str]]:
    """Return what must be corrected, each with its field."""
    found = []
    if whom.respondent not in RESPONDENTS:
        found.append((RESPONDENT, _("Say for whom you answer.")))
    elif whom.respondent == PERSON and (whom.name or whom.members):
        message = _("You gave a name or a number. Say whom you answer for, or leave both empty.")
        found.append((RESPONDENT, message))
    elif whom.respondent != PERSON and not whom.name:
        found.append((NAME, _("Write what the organisation or meeting is called.")))
    if len(whom.name) > NAME_LENGTH_MAX or "\0" in whom.name:
        found.append((NAME, _("Use up to %(most)s characters.", most=NAME_LENGTH_MAX)))
    if whom.number is None:
        found.append((MEMBERS, _("Enter a whole number, like 120, or leave it empty.")))
    return found


def members(typed: str) -> int | None:
    """Return for how many somebody speaks, 0 when it is not said; None when it is no number."""
    if not pasted.plain(typed):
        return 0
    try:
        number = pasted.number(typed)
    except pasted.Unread:
        return None
    return number if 0 <= number <= MEMBERS_MAX else None


def lines(whom: Whom) -> list[str]:
    """Return the respondent in words, and for how many they speak."""
    if whom.respondent not in SPEAKS:
        return []
    found = [_(SPEAKS[whom.respondent], name=whom.name)]
    if whom.respondent != PERSON and whom.number:
        met = figures.number(whom.number)
        found.append(_("Members, or people who met: %(number)s", number=met))
    return found


def choices() -> list[tuple[str, str]]:
    """Return the respondents to choose from."""
    return [(value, _(words)) for value, words in WHO.items()]


def published(asked: ShownConsultation) -> str:
    """Return what is published about an organisation, and what is not."""
    said = _(
        "The name is not published, and you can have it erased. Those who may read it: "
        "%(readers)s. Published are how many organisations and meetings answered, with how many "
        "members, and, in the public log, that this answer is from one of them.",
        readers=readers(access.READ_WORDS),
    )
    if asked.page.are_ballots_public:
        said += " " + _(
            "Single ballots are published too, so where few organisations answer somebody may "
            "guess which one this is."
        )
    return said
