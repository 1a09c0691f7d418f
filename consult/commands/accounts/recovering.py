"""Passkeys that are lost: by the code that their owner wrote down, or by the operator."""

from collections.abc import Callable

from consult import access
from consult.access import CHANGE_PASSKEYS, NotConfirmed
from consult.commands.accounts.staff import Member
from consult.commands.context import Actor
from consult.commands.mailing import Letter, send_mail
from consult.people.accounts import passkeys, recovery_codes, staff_sessions
from consult.people.accounts.staff import find_by_email
from consult.security_log import PASSKEYS_CHANGED, tell
from consult.services import Services
from events import Refused


class RecoveryCodeWrong(Refused):
    """The account has another recovery code, or none."""

    says = (
        "This is not your recovery code, or it was used before. Nothing was changed. Check it, and "
        "type it again."
    )


class NobodyThere(Refused):
    """No account has the address."""

    says = "Nobody has an account with the address {email}. Nothing was changed."


def make_recovery_code(services: Services, member: Member, *, is_confirmed: bool) -> str:
    """Return a new recovery code; the one before works no more. Raises NotConfirmed."""
    if not is_confirmed:
        raise NotConfirmed(CHANGE_PASSKEYS)
    return recovery_codes.make(services.vault, member.id, services.clock())


def use_recovery_code(
    services: Services,
    member: Member,
    session_token: str,
    typed: str,
    *,
    letter: Callable[[], Letter],
) -> None:
    """Remove all passkeys of a person who has their code, and sign them out elsewhere.

    They are told by mail, and make new passkeys. Raises RecoveryCodeWrong.
    """
    if not recovery_codes.use(services.vault, member.id, typed):
        tell(services, PASSKEYS_CHANGED, who=member.id.hex, how="recovery code refused")
        raise RecoveryCodeWrong
    tell(services, PASSKEYS_CHANGED, who=member.id.hex, how="removed with the recovery code")
    passkeys.remove_all(services.vault, member.id)
    staff_sessions.end_others(services.vault, member.id, session_token)
    if services.config.sends_mail:
        send_mail(services, member.email, letter())


@access.needs(access.RESET_PASSKEYS)
def reset_passkeys(services: Services, email: str, *, actor: Actor) -> int:  # noqa: ARG001  whoever it is was asked for their right
    """Remove all passkeys of an account and its recovery code, and end its sessions.

    Return how many passkeys it had. Raises NobodyThere.
    """
    staff_id = find_by_email(services.vault, email)
    if staff_id is None:
        raise NobodyThere(email=email[:254])
    number = passkeys.remove_all(services.vault, staff_id)
    tell(services, PASSKEYS_CHANGED, who=staff_id.hex, how="removed by the operator")
    recovery_codes.remove(services.vault, staff_id)
    staff_sessions.end_all(services.vault, staff_id)
    return number
