"""Signing in with a link, and signing out: whoever has the link or the token may."""

from collections.abc import Callable
from uuid import UUID

from consult.commands.accounts.staff import Member, find_member
from consult.commands.mailing import Letter, send_mail
from consult.people.accounts import staff_sessions
from consult.people.accounts.sign_in_links import make_sign_in_token, use_sign_in_token
from consult.people.accounts.staff import find_by_email
from consult.people.mailboxes import outbox
from consult.security_log import SESSION_ENDED, SIGN_IN_REFUSED, SIGNED_IN, tell
from consult.services import Services
from events import Refused


def send_sign_in_link(
    services: Services, email: str, write: Callable[[str], Letter], *, asked_in: str
) -> None:
    """Send a link if the address has an account.

    `write`: callback that writes the mail with a token. `asked_in`: the secret of the browser that
    asks. Without an account the same work is done, so that timing does not disclose it. Raises
    BadEmail.
    """
    staff_id = find_by_email(services.vault, email)
    now = services.clock()
    token = make_sign_in_token(services.vault, staff_id, now, asked_in=asked_in)
    to = email if staff_id else outbox.NOBODY
    send_mail(services, to, write(token), now=now, until=None if staff_id else now)


def sign_in(
    services: Services, link_token: str, *, asked_in: str = "", typed: str = "", device: str = ""
) -> tuple[Member, str]:
    """Use up a link and begin a session; return who it is and the token of their session.

    `asked_in`: the secret of this browser, if it asked for a link; `typed`: the code that the one
    that asked shows; `device`: browser and system in words. Raises LinkUsedOrOld, SignInCodeWrong.
    """
    now = services.clock()
    try:
        staff_id = use_sign_in_token(
            services.vault, link_token, now, asked_in=asked_in, typed=typed
        )
    except Refused as refused:
        tell(services, SIGN_IN_REFUSED, way=staff_sessions.LINK, why=type(refused).__name__)
        raise
    member = find_member(services, staff_id)
    assert member is not None, "links are made for accounts"
    tell(services, SIGNED_IN, who=staff_id.hex, way=staff_sessions.LINK)
    return member, staff_sessions.begin(services.vault, staff_id, now, device=device)


def signed_in(services: Services, token: str) -> Member | None:
    """Return whose session it is and note that it is in use; None if it has ended."""
    staff_id = staff_sessions.find(services.vault, token, services.clock())
    return find_member(services, staff_id) if staff_id else None


def sign_out(services: Services, token: str) -> None:
    """End a session; idempotent."""
    staff_id = staff_sessions.find(services.vault, token, services.clock())
    staff_sessions.end(services.vault, token)
    if staff_id is not None:
        tell(services, SESSION_ENDED, who=staff_id.hex, where="here")


def sign_out_elsewhere(services: Services, staff_id: UUID, handle: str) -> None:
    """End one of the sessions of an account, by its handle; idempotent."""
    staff_sessions.end_one(services.vault, staff_id, handle)
    tell(services, SESSION_ENDED, who=staff_id.hex, where="elsewhere")


def sign_out_everywhere(services: Services, staff_id: UUID) -> None:
    """End every session of an account, and make its links useless."""
    staff_sessions.end_all(services.vault, staff_id)
    tell(services, SESSION_ENDED, who=staff_id.hex, where="everywhere")
