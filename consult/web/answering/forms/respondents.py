"""The respondent online: the person, an organisation, or a meeting of a group."""

from collections.abc import Mapping

from consult import access
from consult.commands.answers.sheets import NAME_LENGTH_MAX
from consult.web.answering.forms.draft import PERSON, Whom
from consult.wording import figures
from consult.wording.language import gettext as _
from consult.wording.registries.respondent_words import RESPONDENTS
from consult.wording.registries.role_words import readers

RESPONDENT, MEMBERS, NAME = "respondent", "members", "organisation"
TYPED_LENGTH_MAX = 1_000


def read(form: Mapping[str, str]) -> Whom:
    """Parse a form."""
    name, members = (form.get(each, "")[:TYPED_LENGTH_MAX].strip() for each in (NAME, MEMBERS))
    return Whom(form.get(RESPONDENT, PERSON.respondent), name, members)


def problems(whom: Whom) -> list[tuple[str, str]]:
    """Return what must be corrected, each with its field."""
    found = []
    if whom.respondent not in RESPONDENTS:
        found.append((RESPONDENT, _("Say for whom you answer.")))
    elif whom.is_person and (whom.name or whom.members):
        message = _("You gave a name or a number. Say whom you answer for, or leave both empty.")
        found.append((RESPONDENT, message))
    elif not whom.is_person and not whom.name:
        found.append((NAME, _("Write what the organisation or meeting is called.")))
    if len(whom.name) > NAME_LENGTH_MAX or "\0" in whom.name:
        found.append((NAME, _("Use up to %(most)s characters.", most=NAME_LENGTH_MAX)))
    if whom.number is None:
        found.append((MEMBERS, _("Enter a whole number, like 120, or leave it empty.")))
    return found


def lines(whom: Whom) -> list[str]:
    """Return the respondent in words, and for how many they speak."""
    if whom.respondent not in RESPONDENTS:
        return []
    found = [_(RESPONDENTS[whom.respondent].spoken, name=whom.name)]
    if not whom.is_person and whom.number:
        met = figures.number(whom.number)
        found.append(_("Members, or people who met: %(number)s", number=met))
    return found


def published() -> str:
    """Return what is published about an organisation, and what is not."""
    return _(
        "The name is not published, and you can have it erased. Those who may read it: "
        "%(readers)s. Published are how many organisations and meetings answered, with how many "
        "members, and, in the public log, that this answer is from one of them.",
        readers=readers(access.READ_WORDS),
    )
