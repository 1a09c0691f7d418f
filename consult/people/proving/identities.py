"""Identities: the levels of assurance, and the pseudonymous identity of somebody who has proven."""

from dataclasses import dataclass
from uuid import UUID

from consult.access import DESK
from consult.config import Config
from consult.people.vault import Vault
from events import By
from events.consultations.levels import EMAIL, LEVELS, OIDC


@dataclass(frozen=True)
class Proven:
    """A proven identity in one consultation.

    `voter`: identifies one person there without revealing who it is.
    """

    level: str
    voter: str


def written_reference(typed: str) -> str:
    """Return the normal form of a reference number checked at a desk: capitals and digits only."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def desk_of(vault: Vault, consultation_id: UUID, by: By) -> str:
    """Return the code of the desk account that answers for somebody; empty for any other role."""
    return vault.desk(consultation_id, by.actor) if by.role == DESK else ""


def is_offered(config: Config, level: str) -> bool:
    """Return whether this site can prove identities at a level."""
    needs = {EMAIL: config.sends_mail, OIDC: bool(config.oidc_issuer)}
    return needs.get(level, True)


def prove(vault: Vault, consultation_id: UUID, level: str, who: str) -> Proven:
    """Return the identity of `who`, a mailbox or an account, which is not stored.

    It differs in every consultation, and cannot be computed once the consultation's key is
    destroyed. Raises KeyGone.
    """
    assert level in LEVELS, level
    hidden = vault.pseudonym(consultation_id, f"{level}\0{who}")
    return Proven(level, f"{level}/{hidden}")
