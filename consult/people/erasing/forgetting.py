"""Delete from the vault what the record says is erased or has reached the end of its retention.

The fact comes first, then the deletion and the watermark in one transaction. If a process stops
in between, or an old backup of the vault is restored, the next process to start finds the
watermark behind the fact and deletes (again) before it serves any request. Deletion is
idempotent: a fact names what existed when it was recorded, by version, so later answers stay.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, cast

from sqlalchemy import Connection, and_, delete, or_, update
from sqlalchemy.exc import DBAPIError

from consult.people import tables, watermarks
from consult.people.answers import equality
from consult.people.erasing.scrubbing import empty_write_ahead_log
from consult.people.mailboxes import contacts, notices, outbox
from consult.people.vault import KeyGone, Vault, consultation_key_name, erasure_key_name
from events.base import Fact
from events.data_protection import DataProtectionCase
from events.store.appends import SchemaMissing
from events.store.mapper import FactMapper
from events.store.record import Record
from events.submission import AnswersGiven

MARK = "erasures"
ROWS_AT_ONCE = 5_000
BEHIND_MAX = 500
"""How far the watermark may lag if there was nothing to delete, because moving it costs a flush."""

PARAMETERS_MAX = 500


def forget(record: Record, vault: Vault) -> int:
    """Carry out the facts after the watermark; return how many there were.

    Cheap if there is nothing to do. Raises SchemaMissing.
    """
    try:
        done = watermarks.position(vault, MARK)
    except DBAPIError as error:
        raise SchemaMissing(place="the vault") from error
    head = record.head()
    if done > head:  # the record is older than the vault: start from the beginning
        done = 0
    acted = 0
    after = done
    while after < head:
        rows = record.read(after, ROWS_AT_ONCE, until=head)
        mapper = FactMapper()
        facts = [mapper.decode(row.topic, row.state) for row in rows if row.topic in DUTIES]
        after = rows[-1].position
        if facts or after - done >= BEHIND_MAX:
            _have_keys_at_hand(vault, facts)
            with vault.transaction() as connection:
                for fact in facts:
                    DUTIES[fact.TOPIC](record, vault, connection, cast("Any", fact))
                watermarks.move(vault, connection, MARK, after)
            done = after
            acted += len(facts)
    if acted:
        vault.forget_keys()
        empty_write_ahead_log(vault)
    return acted


def _have_keys_at_hand(vault: Vault, facts: Sequence[Fact]) -> None:
    """Load the keys before the transaction, because creating one needs its own transaction."""
    for fact in facts:
        if isinstance(fact, DataProtectionCase.PersonalDataErased):
            with suppress(KeyGone):
                vault.owner(fact.consultation_id, fact.submission_id, fact.version, "")


def _erase(
    record: Record,
    vault: Vault,
    connection: Connection,
    fact: DataProtectionCase.PersonalDataErased,
) -> None:
    before, later = _commitments(record, fact)
    for table in (tables.free_text, tables.attachment):
        of_person = table.c.subject_id == fact.submission_id
        unsent = or_(table.c.kept_at.is_(None), table.c.kept_at <= fact.at)
        connection.execute(
            delete(table).where(and_(of_person, unsent, table.c.commitment.not_in(later)))
        )
    for table in (tables.free_text, tables.attachment, tables.read_mark):
        for at in range(0, len(before), PARAMETERS_MAX):
            some = before[at : at + PARAMETERS_MAX]
            connection.execute(delete(table).where(table.c.commitment.in_(some)))
    whose = (fact.consultation_id, fact.submission_id, fact.version)
    with suppress(KeyGone):  # then the owners of rows cannot be computed
        emails = contacts.emails(vault, connection, *whose)
        outbox.forget(connection, fact.consultation_id, emails)
        notices.forget(vault, connection, fact.consultation_id, emails)
        contacts.forget(vault, connection, *whose)
        equality.forget(vault, connection, *whose)


def _commitments(
    record: Record, fact: DataProtectionCase.PersonalDataErased
) -> tuple[list[str], list[str]]:
    """Return one person's commitments to texts and files, up to the erased version and later."""
    before: list[str] = []
    later: list[str] = []
    for event in record.events.get(fact.submission_id):
        given = cast("Any", event).fact
        if isinstance(given, AnswersGiven):
            known = before if event.originator_version <= fact.version else later
            known += [*given.texts.values(), given.organisation]
    return before, later


def _run_out(
    _record: Record, _vault: Vault, connection: Connection, fact: DataProtectionCase.RetentionRun
) -> None:
    for table in CATEGORY_TABLES[fact.category]:
        connection.execute(delete(table).where(table.c.consultation_id == fact.consultation_id))
    if fact.category == "texts":
        marks_of_reading = tables.read_mark
        whose = marks_of_reading.c.consultation_id == fact.consultation_id
        connection.execute(delete(marks_of_reading).where(whose))
    if fact.category == "contacts":
        mails = tables.outbox
        connection.execute(delete(mails).where(mails.c.consultation_id == fact.consultation_id))
        told = tables.told
        connection.execute(delete(told).where(told.c.consultation_id == fact.consultation_id))


def _destroy_key(
    _record: Record, vault: Vault, connection: Connection, fact: DataProtectionCase.KeyDestroyed
) -> None:
    """Replace the keys by empty ones, so that none is created again under the same name.

    Codes by post are deleted too, because they led to pseudonyms.
    """
    codes = tables.letter_code
    connection.execute(delete(codes).where(codes.c.consultation_id == fact.consultation_id))
    for name in (
        consultation_key_name(fact.consultation_id),
        erasure_key_name(fact.consultation_id),
    ):
        put = vault.insert(tables.key).values(name=name, secret=b"")
        connection.execute(put.on_conflict_do_nothing())
        same = tables.key.c.name == name
        connection.execute(update(tables.key).where(same).values(secret=b""))


Duty = Callable[[Record, Vault, Connection, Any], None]

DUTIES: Mapping[str, Duty] = {
    DataProtectionCase.PersonalDataErased.TOPIC: _erase,
    DataProtectionCase.RetentionRun.TOPIC: _run_out,
    DataProtectionCase.KeyDestroyed.TOPIC: _destroy_key,
}
"""The function that carries out a fact, by topic."""

CATEGORY_TABLES: Mapping[str, tuple[Any, ...]] = {
    "contacts": (tables.contact,),
    "texts": (tables.free_text, tables.attachment),
    "equality": (tables.equality_answer,),
}
