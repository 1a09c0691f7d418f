"""What roles are called on pages: those of people with an account, and those of everybody else."""

from consult.access import CUSTODIAN, DESK
from consult.web.language import N_
from consult.web.language import gettext as _

RESIDENT = "resident"
ROLES = {
    "organiser": N_("Organiser"),
    "council officer": N_("Council officer"),
    DESK: N_("Our staff, at a desk or by telephone"),
    CUSTODIAN: N_("Data protection officer"),
    "scrutiny": N_("Scrutiny member"),
    "auditor": N_("Auditor"),
    "administrator": N_("Administrator"),
    "system": N_("By itself, at the time that was set"),
    "import": N_("Import of existing votes"),
    "operator": N_("Whoever runs this site"),
    RESIDENT: N_("Resident"),
}


def role_name(role: str) -> str:
    """Return the name of a role in the language of the page."""
    return _(ROLES[role]) if role in ROLES else role
