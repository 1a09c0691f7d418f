"""Identities: the ways people can prove who they are, and what stands for somebody who has."""

from dataclasses import dataclass
from uuid import UUID

from consult.access import DESK
from consult.people.vault import Vault
from events import By

LEVELS = ("open", "email", "letter", "oidc", "desk")
"""Weakest first. At a desk, or by telephone, a member of staff has seen who it is."""


@dataclass(frozen=True)
class Proven:
    """What somebody has proven for one consultation.

    `voter`: what makes them one person there; nobody can read who it is from it.
    """

    level: str
    voter: str


def written_reference(typed: str) -> str:
    """Return a number that was checked at a desk, however it was typed: capitals and digits."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def desk_of(vault: Vault, consultation_id: UUID, by: By) -> str:
    """Return the code of the account that answers for somebody; nothing when nobody does."""
    return vault.desk(consultation_id, by.actor) if by.role == DESK else ""


def prove(vault: Vault, consultation_id: UUID, level: str, who: str) -> Proven:
    """Return what stands for somebody. `who`: a mailbox, or an account; it is kept nowhere.

    The same person is another one in every consultation, and nobody once its key is
    destroyed. Raises KeyGone.
    """
    assert level in LEVELS, level
    hidden = vault.pseudonym(consultation_id, f"{level}\0{who}")
    return Proven(level, f"{level}/{hidden}")
