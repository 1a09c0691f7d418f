"""E-mail addresses: which are taken, how they are written, and which mean the same mailbox.

Every door takes addresses by this one rule: residents and staff, news, settings and commands.
"""

import unicodedata

import idna
from email_validator import EmailNotValidError, validate_email

from events.errors import Refused

EMAIL_LENGTH_MAX = 254
LOCAL_LENGTH_MAX = 64
MAILBOX_RULE = 2
"""The rule for new consultations; those that opened under an earlier one keep theirs."""

_GOOGLE = frozenset({"gmail.com", "googlemail.com"})


class BadEmail(Refused):
    """An address that no mail could reach."""

    says = "“{email}” is not an e-mail address. It looks like name@example.org."


class UnusualLetters(BadEmail):
    """A mailbox with letters beyond ASCII, which many mail servers cannot deliver to."""

    says = (
        "“{email}” has letters before the @ that many mail servers cannot deliver to, such as "
        "“{letters}”. Use another address, with plain letters and numbers."
    )


def written(typed: str) -> str:
    """Return an address as mail is sent to it: blanks around it cut, its domain in small letters.

    A domain with letters beyond ASCII is written as name servers know it. What could end a
    header or name a second recipient is no address. Raises BadEmail, UnusualLetters.
    """
    shown = typed[:EMAIL_LENGTH_MAX]
    known = _without_what_was_pasted(typed)
    local = known.rpartition("@")[0]
    strange = "".join(letter for letter in local if not letter.isascii() and letter.isalnum())
    if strange:
        raise UnusualLetters(email=shown, letters=strange[:5])
    try:
        read = validate_email(known, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise BadEmail(email=shown) from None
    address = read.ascii_email
    if address is None or len(address) > EMAIL_LENGTH_MAX or len(local) > LOCAL_LENGTH_MAX:
        raise BadEmail(email=shown)
    return address


def account(typed: str) -> str:
    """Return an address as somebody's account is known by it: all in small letters.

    Raises BadEmail.
    """
    return written(typed).lower()


def spellings(typed: str) -> set[str]:
    """Return every way in which an address may be stored, also by versions with other rules."""
    found = {typed.strip().lower()[:EMAIL_LENGTH_MAX]}
    try:
        address = account(typed)
    except BadEmail:
        return found
    local, _, domain = address.rpartition("@")
    return found | {address, f"{local}@{_as_it_was(domain)}", f"{local}@{_decoded(domain)}"}


def mailbox(address: str, rule: int = MAILBOX_RULE) -> str:
    """Return what stands for the mailbox behind an address, the same for all that lead to it.

    Nearly every server delivers `Ann@` where it delivers `ann@`, the large ones deliver
    `ann+anything@` there too, and Google's ignores dots and has two names; if those were
    different people, one person could be any number. `rule`: of the consultation, because the
    same person has to stay the same while it runs.
    """
    local, _, domain = address.rpartition("@")
    name = local.partition("+")[0].lower() or local.lower()
    if rule == 1:
        return f"{name}@{_as_it_was(domain)}"
    if domain in _GOOGLE:
        return f"{name.replace('.', '') or name}@gmail.com"
    return f"{name}@{domain}"


def mailboxes(address: str) -> list[str]:
    """Return what the mailbox of an address is called by any rule there has been."""
    return list(dict.fromkeys(mailbox(address, rule) for rule in range(1, MAILBOX_RULE + 1)))


def _without_what_was_pasted(typed: str) -> str:
    """Return an address without what comes along with it from a web page or a mail."""
    shown = (letter for letter in typed if unicodedata.category(letter) != "Cf")
    known = "".join(shown).strip()
    if known.lower().startswith("mailto:"):
        known = known[len("mailto:") :]
    return known.removeprefix("<").removesuffix(">").strip()


def _as_it_was(domain: str) -> str:
    """Return a domain as the first rule wrote it, which made "ss" of "ß"."""
    try:
        return _decoded(domain).encode("idna").decode().lower()
    except UnicodeError:
        return domain


def _decoded(domain: str) -> str:
    try:
        return idna.decode(domain)
    except idna.IDNAError:
        return domain
