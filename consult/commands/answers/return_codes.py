"""Codes that lead back to saved answers. The browser's secret, then the code, is the right."""

from uuid import UUID

from consult.commands.mailing import Letter, send_mail
from consult.people.answers import returning
from consult.services import Services


def return_code(services: Services, secret: str, consultation_id: UUID, known: str) -> str:
    """Return the code of a browser's draft: the known one while it works, else a new one."""
    if known and returning.leads_to(services.vault, known, secret, consultation_id):
        return known
    return returning.make(services.vault, secret, consultation_id, now=services.clock())


def mail_return_code(
    services: Services, code: str, consultation_id: UUID, to: str, letter: Letter
) -> bool:
    """Send a code to its owner; return False if it was sent often enough. Raises BadEmail."""
    if not returning.may_mail(services.vault, code):
        return False
    send_mail(services, to, letter, consultation_id=consultation_id)
    return True


def come_back(services: Services, code: str, secret: str, consultation_id: UUID) -> bool:
    """Move the draft of a code to this browser; return False if there is none."""
    return returning.come_back(services.vault, code, secret, consultation_id)
