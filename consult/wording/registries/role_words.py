"""Names of roles on pages, with and without an account."""

from consult import access
from consult.wording.language import N_
from consult.wording.language import gettext as _

ROLES = {
    access.ORGANISER: N_("Organiser"),
    access.OFFICER: N_("Consultation officer"),
    access.DESK: N_("Clerk, at a desk or by telephone"),
    access.ADJUDICATOR: N_("Adjudicator of paper forms"),
    access.MODERATOR: N_("Moderator"),
    access.CODER: N_("Coder"),
    access.EQUALITY: N_("Equality officer"),
    access.CUSTODIAN: N_("Data protection officer"),
    access.MONITORING: N_("Monitoring officer"),
    access.DECISION_CLERK: N_("Decision clerk"),
    access.SCRUTINY: N_("Scrutiny member"),
    access.SCRUTINY_OFFICER: N_("Scrutiny officer"),
    access.AUDITOR: N_("Auditor"),
    access.REPORTER: N_("Partner reporter"),
    access.MEDIATOR: N_("Mediator"),
    access.WITNESS: N_("Contact at a witness"),
    access.ADMINISTRATOR: N_("Administrator"),
    access.SYSTEM: N_("By itself, at the time that was set"),
    access.IMPORT: N_("Import of existing votes"),
    access.OPERATOR: N_("Whoever runs this site"),
    access.RESIDENT: N_("Resident"),
}


DOES = {
    access.ORGANISER: N_("Runs consultations for a community network."),
    access.OFFICER: N_("Runs consultations for the council."),
    access.DESK: N_("Answers for people at a desk or by telephone."),
    access.ADJUDICATOR: N_("Decides what a paper form says that two clerks read differently."),
    access.MODERATOR: N_("Holds or releases what people wrote before others see it."),
    access.CODER: N_("Sorts what people wrote into themes."),
    access.EQUALITY: N_("Assesses what a consultation and a decision mean for equality."),
    access.CUSTODIAN: N_("Looks after personal data: erases, discloses, holds."),
    access.MONITORING: N_("Sees to it that what is done is lawful."),
    access.DECISION_CLERK: N_("Serves whoever decides: publishes decisions and their reasons."),
    access.SCRUTINY: N_("Looks into the work of the partnership."),
    access.SCRUTINY_OFFICER: N_("Works for the members who scrutinise."),
    access.AUDITOR: N_("Looks into everything, and opens single ballots."),
    access.REPORTER: N_("Reports measurements for one partner organisation."),
    access.MEDIATOR: N_("Is neutral between partners in a dispute."),
    access.WITNESS: N_("Whom we reach at a witness of the public log."),
    access.ADMINISTRATOR: N_("Gives out roles, and may do most of what the others may."),
}
"""What somebody does in each role that an account can hold."""

READERS = {
    access.ORGANISER: N_("the organisers"),
    access.OFFICER: N_("the council officers who run consultations"),
    access.DESK: N_("our staff at desks"),
    access.CUSTODIAN: N_("the data protection officer"),
    access.SCRUTINY: N_("the scrutiny members"),
    access.SCRUTINY_OFFICER: N_("the scrutiny officers"),
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


def what_it_does(role: str) -> str:
    """Return what somebody does in a role, in a sentence."""
    return _(DOES[role])


def role_name(role: str) -> str:
    """Return the name of a role in the language of the page."""
    return _(ROLES[role]) if role in ROLES else role
