"""Send a mail to somebody who asked for it on a page."""

from datetime import datetime
from uuid import UUID

from consult.people.mailboxes import outbox
from consult.people.mailboxes.notices import Letter
from consult.services import Services

__all__ = ["Letter", "send_mail"]


def send_mail(
    services: Services,
    to: str,
    letter: Letter,
    *,
    consultation_id: UUID | None = None,
    now: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Queue a mail; it is sent when this returns, or later. The address goes with it.

    `now`: if already read from the clock. `until`: when it is of no use any more. Raises BadEmail.
    """
    outbox.put(
        services.vault,
        to=to,
        subject=letter.subject,
        text=letter.text,
        headers=letter.headers,
        consultation_id=consultation_id,
        now=now or services.clock(),
        until=until,
    )
