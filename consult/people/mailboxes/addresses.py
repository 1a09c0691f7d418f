"""E-mail addresses: validation, normal form, and which addresses are the same mailbox.

All code that accepts addresses uses these rules: residents, staff, news, settings, commands.
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
    """The text is not a valid e-mail address."""

    says = "“{email}” is not an e-mail address. It looks like name@example.org."


class UnusualLetters(BadEmail):
    """The local part has letters beyond ASCII, which many mail servers cannot deliver to."""

    says = (
        "“{email}” has letters before the @ that many mail servers cannot deliver to, such as "
        "“{letters}”. Use another address, with plain letters and numbers."
    )


def written(typed: str) -> str:
    """Return an address in the form for sending mail: stripped, with its domain in lower case.

    A domain with letters beyond ASCII is encoded (IDNA). Text that could end a header or name a
    second recipient is refused. Raises BadEmail, UnusualLetters.
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
    if len(local) > LOCAL_LENGTH_MAX:  # the library allows it where it is not strict
        raise BadEmail(email=shown)
    assert read.ascii_email is not None, "there is none only with SMTPUTF8, which is refused"
    return read.ascii_email


def shown(address: str) -> str:
    """Return an address as people write it, with the letters of its domain (IDNA decoded)."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{_decoded(domain)}" if domain else address


def account(typed: str) -> str:
    """Return an address in the form that identifies an account: all in lower case.

    Raises BadEmail.
    """
    return written(typed).lower()


def spellings(typed: str) -> set[str]:
    """Return every form in which an address may be stored, including those of earlier versions."""
    found = {typed.strip().lower()[:EMAIL_LENGTH_MAX]}
    try:
        address = account(typed)
    except BadEmail:
        return found
    local, _, domain = address.rpartition("@")
    return found | {address, f"{local}@{_as_it_was(domain)}", f"{local}@{_decoded(domain)}"}


def mailbox(address: str, rule: int = MAILBOX_RULE) -> str:
    """Return the canonical address of a mailbox, the same for all addresses delivered to it.

    Nearly every server delivers `Ann@` and `ann@` alike, the large ones deliver `ann+anything@`
    there too, and Google's ignore dots and have two domains; otherwise one person could count
    as many. `rule`: of the consultation, because identities must not change while it runs.
    """
    local, _, domain = address.rpartition("@")
    name = local.partition("+")[0].lower() or local.lower()
    if rule == 1:
        return f"{name}@{_as_it_was(domain)}"
    if domain in _GOOGLE:
        return f"{name.replace('.', '') or name}@gmail.com"
    return f"{name}@{domain}"


def mailboxes(address: str) -> list[str]:
    """Return the canonical addresses of a mailbox by every rule, the latest last."""
    return list(dict.fromkeys(mailbox(address, rule) for rule in range(1, MAILBOX_RULE + 1)))


def _without_what_was_pasted(typed: str) -> str:
    """Strip what is pasted with an address: invisible characters, "mailto:", angle brackets."""
    shown = (letter for letter in typed if unicodedata.category(letter) != "Cf")
    known = "".join(shown).strip()
    if known.lower().startswith("mailto:"):
        known = known[len("mailto:") :]
    return known.removeprefix("<").removesuffix(">").strip()


def _as_it_was(domain: str) -> str:
    """Return a domain in the form of the first rule, which replaced "ß" by "ss"."""
    try:
        return _decoded(domain).encode("idna").decode().lower()
    except UnicodeError:
        return domain


def _decoded(domain: str) -> str:
    try:
        return idna.decode(domain)
    except idna.IDNAError:
        return domain
