"""Names of roles on pages, with and without an account."""

from consult import access
from consult.wording.language import N_
from consult.wording.language import gettext as _

ROLES = {
    access.ORGANISER: N_("Organiser"),
    access.OFFICER: N_("Council officer"),
    access.DESK: N_("Our staff, at a desk or by telephone"),
    access.CUSTODIAN: N_("Data protection officer"),
    access.SCRUTINY: N_("Scrutiny member"),
    access.AUDITOR: N_("Auditor"),
    access.ADMINISTRATOR: N_("Administrator"),
    access.SYSTEM: N_("By itself, at the time that was set"),
    access.IMPORT: N_("Import of existing votes"),
    access.OPERATOR: N_("Whoever runs this site"),
    access.RESIDENT: N_("Resident"),
}


READERS = {
    access.ORGANISER: N_("the organisers"),
    access.OFFICER: N_("the council officers who run consultations"),
    access.DESK: N_("our staff at desks"),
    access.CUSTODIAN: N_("the data protection officer"),
    access.SCRUTINY: N_("the scrutiny members"),
    access.AUDITOR: N_("the auditors"),
    access.ADMINISTRATOR: N_("the administrators"),
    access.OPERATOR: N_("whoever runs this site"),
}
"""Roles that read what people wrote, as named within a sentence."""


def readers(*capabilities: access.Capability) -> str:
    """Return who has one of these capabilities, within a sentence: "the organisers and …"."""
    roles = [role for role in READERS if any(role in each.roles for each in capabilities)]
    named = [_(READERS[role]) for role in roles]
    return _("%(first)s and %(last)s", first=", ".join(named[:-1]), last=named[-1])


def role_name(role: str) -> str:
    """Return the name of a role in the language of the page."""
    return _(ROLES[role]) if role in ROLES else role
