"""What holds of roles beside the table: which exclude each other, and which have no pages yet."""

from consult import access

CONFLICTS = (
    (access.DESK, access.ADJUDICATOR),
    (access.ORGANISER, access.MONITORING),
    (access.OFFICER, access.MONITORING),
    (access.ORGANISER, access.DECISION_CLERK),
    (access.OFFICER, access.DECISION_CLERK),
    (access.OFFICER, access.SCRUTINY),
    (access.DECISION_CLERK, access.SCRUTINY),
)
"""Roles that nobody holds both of in one partnership.

Who keys forms decides no disagreement about them; who runs a consultation neither vouches for its
lawfulness nor serves whoever decides; and nobody looks into their own work.
"""


def beside(role: str) -> tuple[str, ...]:
    """Return the roles that exclude a role."""
    return tuple(other for pair in CONFLICTS if role in pair for other in pair if other != role)


WITHOUT_PAGES = tuple(
    role
    for role in access.STAFF
    if not any(
        role in each.roles
        for each in access.CAPABILITIES.values()
        if each not in {access.KEEP_OWN_ACCOUNT, access.CHANGE_PASSKEYS}
    )
)
"""Roles that have nothing to do on pages yet: they are given out so that it is known who it is."""
