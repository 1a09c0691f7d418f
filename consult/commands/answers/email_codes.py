"""Show who somebody is by a mailed code. The secret of the browser that asked is the right."""

from collections.abc import Callable
from uuid import UUID

from consult.commands.mailing import Letter, send_mail
from consult.people.proving import email_codes
from consult.services import Services


def send_email_code(
    services: Services,
    consultation_id: UUID,
    email: str,
    write: Callable[[str], Letter],
    *,
    earlier: str,
) -> str:
    """Send a code; return the secret that belongs to it. Raises BadEmail.

    `write`: callback that writes the mail with a code. `earlier`: the secret of the code that this
    one replaces, or "".
    """
    now = services.clock()
    email_codes.sweep(services.vault, now)
    email_codes.forget(services.vault, earlier)
    made = email_codes.make(services.vault, consultation_id, email, now)
    letter = write(made.code)
    send_mail(
        services, made.email, letter, consultation_id=consultation_id, now=now, until=made.until
    )
    return made.id


def use_email_code(services: Services, consultation_id: UUID, secret: str, typed: str) -> str:
    """Use up a code and return the address that it was sent to. Raises CodeWrong, CodeGone."""
    return email_codes.use(services.vault, consultation_id, secret, typed, services.clock())
