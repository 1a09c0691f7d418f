"""Send the mails of the outbox."""

import logging

from consult.mail_server import Delivery, DeliveryError, Server, message, sender
from consult.people.mailboxes import outbox
from consult.services import Services
from consult.supervising import Waits

LOG = logging.getLogger(__name__)
AT_ONCE = 100
"""Mails over one connection."""


def send_due(services: Services) -> int:
    """Send due mails; return how many the server accepted.

    A mail is deleted only afterwards, so that a crash at worst sends it twice. Raises
    Waits if the server is unreachable.
    """
    outbox.sweep(services.vault, services.clock())
    config = services.config
    if not config.smtp_url:
        return 0
    mail = first = outbox.take(services.vault, services.clock())
    if first is None:
        return 0
    handed = taken = 0
    try:
        with Delivery(Server.parse(config.smtp_url)) as delivery:
            while mail is not None:
                taken += _send(services, delivery, mail)
                handed += 1
                more = handed < AT_ONCE
                mail = outbox.take(services.vault, services.clock()) if more else None
    except DeliveryError as error:
        outbox.put_off(services.vault, first, services.clock())
        raise Waits(f"The mail server does not answer ({error}); mails wait.") from error
    return taken


def _send(services: Services, delivery: Delivery, mail: outbox.Mail) -> int:
    """Send one mail; return 1 if accepted, else 0. Raises DeliveryError if the server is gone."""
    now = services.clock()
    try:
        delivery.hand_over(message(mail, sender(services.config.mail_from), now))
    except DeliveryError as error:
        LOG.info("A mail was not taken (%s, try %s).", error, mail.tries)
        if error.is_final:
            outbox.sent(services.vault, mail.id)
        else:
            outbox.put_off(services.vault, mail, now)
        if error.is_gone:
            raise
        return 0
    outbox.sent(services.vault, mail.id)
    return 1
