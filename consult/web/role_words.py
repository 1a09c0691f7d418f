"""What roles are called on pages: those of people with an account, and those of everybody else."""

from consult import access
from consult.web.language import N_
from consult.web.language import gettext as _

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


def role_name(role: str) -> str:
    """Return the name of a role in the language of the page."""
    return _(ROLES[role]) if role in ROLES else role
