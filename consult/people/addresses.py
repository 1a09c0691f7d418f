"""E-mail addresses: which are taken, how they are written, and which mean the same mailbox."""

import re

from consult.people.staff import EMAIL_LENGTH_MAX, BadEmail

LOCAL_LENGTH_MAX = 64
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def written(typed: str) -> str:
    """Return an address as mail is sent to it: blanks around it cut, its domain in small letters.

    A domain with letters beyond ASCII is written as name servers know it. What could end a
    header or name a second recipient is no address. Raises BadEmail.
    """
    shown = typed[:EMAIL_LENGTH_MAX]
    local, _, name = typed.strip().rpartition("@")
    try:
        domain = name.encode("idna").decode().lower()
    except UnicodeError:
        raise BadEmail(email=shown) from None
    labels = domain.split(".")
    address = f"{local}@{domain}"
    is_fine = (
        len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
        and _LOCAL.fullmatch(local) is not None
        and len(local) <= LOCAL_LENGTH_MAX
        and len(address) <= EMAIL_LENGTH_MAX
    )
    if not is_fine:
        raise BadEmail(email=shown)
    return address


def mailbox(address: str) -> str:
    """Return what stands for the mailbox behind an address, the same for all that lead to it.

    Nearly every server delivers `Ann@` where it delivers `ann@`, and the large ones deliver
    `ann+anything@` there too; if those were different people, one person could be any number.
    """
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0].lower() or local.lower()}@{domain}"
