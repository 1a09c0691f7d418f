"""People with something to erase, and what a place holds."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from consult.commands.answers.holding import Receipt
from consult.commands.answers.submitting import Sheet, submit_answers
from consult.people import tables
from consult.people.answers import equality
from consult.people.mailboxes import contacts
from consult.services import Services
from events import Consultation
from tests.builders import RANKING, RESIDENT, consultation, question

TEXT = question("more", "text", "Anything else?", required=False, length_max=500)
WORDS = "The hedge at 14 Larch Road blocks my wheelchair"
EMAIL = "ann.larch@example.org"


def asked(services: Services, **how: Any) -> Consultation:
    return consultation(services, RANKING, TEXT, **how)


def answer(
    services: Services, id: UUID, voter: str = "ann", words: str = WORDS, command_id: str = ""
) -> Receipt:
    return submit_answers(
        services,
        consultation_id=id,
        voter=voter,
        sheet=Sheet({"order": ["b", "a"]}, {"more": words} if words else {}),
        actor=RESIDENT,
        command_id=command_id,
    )


def tell_more(services: Services, receipt: Receipt, email: str = EMAIL) -> None:
    """Leave an address and equality answers too."""
    whose = (receipt.consultation_id, receipt.subject_id, receipt.version)
    contacts.keep(services.vault, *whose, email, "en")
    equality.keep(services.vault, *whose, {"disability": "yes", "age": "45-54"})


def rows(services: Services, table: Any) -> list[Any]:
    with services.vault.transaction() as connection:
        return list(connection.execute(select(table)))


def held(services: Services) -> tuple[int, int, int]:
    """How many texts, contacts and equality answers the vault holds."""
    kinds = (tables.free_text, tables.contact, tables.equality_answer)
    return tuple(len(rows(services, table)) for table in kinds)


def utc(at: datetime) -> datetime:
    """The same moment in UTC, however a database hands it out."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
