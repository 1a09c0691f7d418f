"""Be told by mail what comes of a consultation: ask, confirm, stop. The link's id is the right."""

from collections.abc import Callable
from uuid import UUID, uuid4

from consult.commands.mailing import Letter, send_mail
from consult.people.mailboxes import addresses, contacts, outbox
from consult.services import Services
from events import derived_id


def ask_to_be_told(
    services: Services,
    consultation_id: UUID,
    email: str,
    language: str,
    write: Callable[[UUID], Letter],
    *,
    receipt: tuple[UUID, int] | None,
) -> None:
    """Store an address and send a mail that confirms it.

    `receipt`: subject and version whose erasure erases the address too, or None. `write`: callback
    that writes the mail with the id for its link. If already confirmed the same work is done, to
    take as long. Raises BadEmail, KeyGone.
    """
    now = services.clock()
    is_told = contacts.is_confirmed(services.vault, consultation_id, email)
    whose = receipt or (derived_id("updates", addresses.mailbox(email)), 1)
    if is_told:
        email, whose = outbox.NOBODY, (uuid4(), 1)
    id = contacts.keep(services.vault, consultation_id, *whose, email, language, waiting_since=now)
    send_mail(
        services,
        email,
        write(id),
        consultation_id=consultation_id,
        now=now,
        until=now if is_told else None,
    )


def confirm_address(services: Services, id: UUID) -> bool:
    """Confirm an address, which is told of news from now on; return False if it is gone."""
    return contacts.confirm(services.vault, id) is not None


def stop_telling(services: Services, id: UUID) -> None:
    """Delete an address; idempotent."""
    contacts.stop(services.vault, id)
