"""Sign in with an account elsewhere, such as the council's own, and link it to an account here.

It is matched by issuer and subject alone, after a first link: made by whoever is signed in here, or
by an address of a domain that the settings name, which the provider has verified and somebody here
has invited. A role comes of it only where a rule in the settings says so.
"""

import logging
from typing import Any

from consult.access import CHANGE_PASSKEYS, OPERATOR, NotConfirmed
from consult.commands.accounts.members import add_member
from consult.commands.accounts.staff import Member, find_member
from consult.commands.context import Actor
from consult.people.accounts import staff_identities, staff_sessions
from consult.people.accounts.staff import find_by_email
from consult.people.accounts.staff_provider import StaffProvider
from consult.security_log import PASSKEYS_CHANGED, SIGN_IN_REFUSED, SIGNED_IN, tell
from consult.services import Services
from events import Partnership, Refused

LOG = logging.getLogger(__name__)


class NoAccountHere(Refused):
    """Nobody here has linked the account, and no invited address of it can be believed."""

    says = (
        "This account is linked to nobody here, so nobody was signed in. Sign in with a link "
        "first, and link it on the page of your account; or ask an administrator to add you."
    )


class LinkedElsewhere(Refused):
    """Somebody else here has linked the account."""

    says = "This account is linked to somebody else here. Nothing was changed."


def sign_in_elsewhere(
    services: Services, provider: StaffProvider, claims: dict[str, Any], *, device: str
) -> tuple[Member, str]:
    """Begin a session; return who it is and its token. Raises NoAccountHere.

    `claims`: checked; `device`: browser and system in words.
    """
    vault, way = services.vault, staff_sessions.OPENID
    staff_id = staff_identities.find(vault, provider.issuer, claims["sub"])
    if staff_id is None:
        email = provider.verified_email(claims)
        _give_roles(services, provider, claims, email)
        staff_id = find_by_email(vault, email) if email else None
        if staff_id is None:
            tell(services, SIGN_IN_REFUSED, way=way, why=NoAccountHere.__name__)
            raise NoAccountHere
        staff_id = staff_identities.link(vault, provider.issuer, claims["sub"], staff_id)
    member = find_member(services, staff_id)
    assert member is not None, "links go with the account"
    tell(services, SIGNED_IN, who=member.id.hex, way=way)
    now = services.clock()
    return member, staff_sessions.begin(vault, member.id, now, way=way, device=device)


def require_linking(*, is_confirmed: bool) -> None:
    """Check that somebody confirmed that they will link an account. Raises NotConfirmed."""
    if not is_confirmed:
        raise NotConfirmed(CHANGE_PASSKEYS)


def link_elsewhere(
    services: Services, member: Member, provider: StaffProvider, claims: dict[str, Any]
) -> None:
    """Link an account elsewhere to that of a signed-in person. Raises LinkedElsewhere."""
    linked = staff_identities.link(services.vault, provider.issuer, claims["sub"], member.id)
    if linked != member.id:
        raise LinkedElsewhere
    tell(services, PASSKEYS_CHANGED, who=member.id.hex, how="account elsewhere linked")


def unlink_elsewhere(services: Services, member: Member) -> None:
    """Forget the accounts elsewhere that are linked to an account; idempotent."""
    staff_identities.unlink(services.vault, member.id)
    tell(services, PASSKEYS_CHANGED, who=member.id.hex, how="accounts elsewhere forgotten")


def _give_roles(
    services: Services, provider: StaffProvider, claims: dict[str, Any], email: str
) -> None:
    """Give somebody who signs in for the first time the roles that rules say, with an account."""
    is_new = find_by_email(services.vault, email) is None
    name = claims.get("name") if is_new else ""
    for rule in provider.roles if email else ():
        home = Partnership.id_for(rule.partnership)
        if not rule.holds(claims) or services.record.find(Partnership, home) is None:
            continue
        try:
            add_member(
                services,
                home,
                email=email,
                name=name
                if isinstance(name, str) and find_by_email(services.vault, email) is None
                else "",
                roles=(rule.role,),
                actor=Actor(OPERATOR),
            )
        except Refused as refused:
            LOG.warning("a rule gave no role: %s", type(refused).__name__)
