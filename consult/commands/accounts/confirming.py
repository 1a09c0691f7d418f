"""Confirm one act of a signed-in person: with their passkey, or with a code by mail.

`about`: what exactly is confirmed and in which session, as the page says it. What confirms one act
confirms no other, and nothing twice.
"""

import secrets
from base64 import urlsafe_b64decode
from collections.abc import Callable

from consult.commands.accounts import passkeys as commands
from consult.commands.accounts.passkeys import PasskeyRefused
from consult.commands.accounts.staff import Member
from consult.commands.mailing import Letter, send_mail
from consult.people.accounts import challenges, passkeys, staff_sessions
from consult.people.vault import url64
from consult.security_log import CONFIRMATION_REFUSED, tell
from consult.services import Services
from events import Refused
from events.kinds.pasted import plain

DIGITS = 6
TRIES_MAX = 5
CODE_LIFE = challenges.LIFE_MAX


class ConfirmationWrong(Refused):
    """The code is not the one that was sent for this act, is too old, or was used."""

    says = "This is not the code we sent for this, or it is too old. Nothing was changed."


def confirmation_options(services: Services, member: Member, about: str) -> str:
    """Return what a browser is asked to confirm an act with, as JSON. Raises NoPasskeysHere."""
    known = passkeys.of_person(services.vault, member.id)
    return commands.options_to_sign(services, _with_passkey(about), known)


def confirm_with_passkey(
    services: Services, member: Member, session_token: str, answer: str, about: str
) -> None:
    """Check that a person confirmed an act with a passkey of theirs, and note it at the session.

    `answer`: JSON of the browser. Raises NoPasskeysHere, PasskeyRefused, PasskeyUnknown.
    """
    try:
        used = commands.checked(services, answer, _with_passkey(about))
        if used.staff_id != member.id:
            raise PasskeyRefused
    except Refused as refused:
        tell(services, CONFIRMATION_REFUSED, who=member.id.hex, why=type(refused).__name__)
        raise
    staff_sessions.confirm(services.vault, session_token, services.clock())


def send_confirmation_code(
    services: Services, member: Member, about: str, write: Callable[[str], Letter]
) -> str:
    """Send a code for an act; return the ticket that is given back with it.

    `write`: callback that writes the mail with a code.
    """
    now, code = services.clock(), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    ticket = challenges.make(services.vault, _with_code(about, code), now, life=CODE_LIFE)
    send_mail(services, member.email, write(code), now=now, until=now + CODE_LIFE)
    return url64(ticket)


def confirm_with_code(
    services: Services, member: Member, ticket: str, typed: str, about: str
) -> None:
    """Check the code that somebody typed for an act. Raises ConfirmationWrong."""
    now = services.clock()
    digits = "".join(letter for letter in plain(typed) if letter.isdigit())
    try:
        challenge = urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4))
    except ValueError:
        raise ConfirmationWrong from None
    may_try = challenges.may_try(services.vault, challenge, TRIES_MAX, now)
    is_good = challenges.is_good(services.vault, challenge, _with_code(about, digits), now)
    if not (may_try and is_good and challenges.use_up(services.vault, challenge, now)):
        tell(services, CONFIRMATION_REFUSED, who=member.id.hex, why="wrong code")
        raise ConfirmationWrong


def _with_passkey(about: str) -> str:
    return f"confirm\0{about}"


def _with_code(about: str, code: str) -> str:
    return f"code\0{code}\0{about}"
