"""Retention: delete personal data when their period ends, unless a legal hold keeps them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from consult import access
from consult.commands.answers.files_taken import committed
from consult.commands.answers.letter_codes import sweep_unissued
from consult.commands.approvals.seconds import needs_second
from consult.commands.context import SYSTEM, Actor, begin, change
from consult.people import watermarks
from consult.people.answers import attachments, drafts, equality, returning, texts
from consult.people.erasing.forgetting import CATEGORY_TABLES, forget
from consult.people.mailboxes import contacts
from consult.sealing.public_entries.packs import pack_of
from consult.services import Services
from events import Consultation, DataProtectionCase
from events.base import Fact
from events.data_protection import CATEGORIES, Category
from projections.data_protection import DataProtection, Keeping

ROUND = "retention"
ROUND_TIME = timedelta(hours=1)
SWEPT = "unsent texts"
SWEPT_FILES = "unsent files"
MIXED = "equality answers mixed"
UNSENT_TIME = timedelta(days=1)
"""Words whose answers are not in the record after this time are swept up."""

CONFIRM_TIME = timedelta(days=7)
"""An address that is not confirmed within this time is deleted."""

UNPUBLISHED_TIME = timedelta(days=365)
"""Without a result, the periods of a closed consultation begin this long after its end."""

TEXTS_AT_ONCE = 2_000

END_HOLD = "end legal hold"
"""The name in facts of an act that needs two people."""


@access.needs(access.KEEP_PERSONAL_DATA)
def set_legal_hold(
    services: Services, consultation_id: UUID, *, reason: str, actor: Actor, command_id: str = ""
) -> DataProtectionCase:
    """Keep all personal data of a consultation until the hold is lifted.

    Raises NotFound, HoldReasonMissing.
    """
    consultation = services.record.get(Consultation, consultation_id)
    by = actor.by(command_id)
    case = DataProtectionCase.set_hold(consultation.id, reason, at=services.clock(), by=by)
    return begin(services, DataProtectionCase, case.id, lambda: case)


@access.needs(access.KEEP_PERSONAL_DATA)
@needs_second(END_HOLD)
def lift_legal_hold(
    services: Services, case_id: UUID, *, reason: str, actor: Actor, command_id: str = ""
) -> DataProtectionCase:
    """Lift a hold; the periods apply again.

    Raises SecondNeeded, NotFound, NoHold, HoldReasonMissing.
    """
    by, at = actor.by(command_id), services.clock()
    return change(
        services, DataProtectionCase, case_id, by, lambda case: case.lift_hold(reason, at=at, by=by)
    )


def retain(services: Services) -> None:
    """At most once an hour, delete what has expired, old drafts and words that were never sent."""
    now = services.clock()
    last = watermarks.moment(services.vault, ROUND)
    if last is not None and last <= now < last + ROUND_TIME:
        return
    run_retention(services)
    untouched = now - timedelta(days=drafts.KEPT_DAYS)
    drafts.sweep(services.vault, older_than=untouched)
    returning.sweep(services.vault, older_than=untouched)
    attachments.sweep(services.vault, older_than=untouched)
    sweep_unsent_texts(services)
    sweep_unsent_files(services)
    sweep_unissued(services)
    contacts.sweep(services.vault, now - CONFIRM_TIME)
    _mix(services)
    with services.vault.transaction() as connection:
        watermarks.note(services.vault, connection, ROUND, now)


def run_retention(services: Services) -> list[tuple[UUID, str]]:
    """Delete everything whose period has ended; return pairs of consultation and category."""
    with services.whole(DataProtection) as (db, data_protection):
        ended = data_protection.ended(db)
    now = services.clock()
    done: list[tuple[UUID, str]] = []
    for keeping in ended:
        since = outcome_at(keeping)
        if keeping.holds or since is None:
            continue
        for what, period in periods(services).items():
            if what in keeping.gone or now < since + period:
                continue
            if what == "key" and not _is_opened_for_all(services, keeping.consultation_id):
                continue
            _remove(services, keeping.consultation_id, what)
            done.append((keeping.consultation_id, what))
    if done:
        forget(services.record, services.vault)
    return done


def outcome_at(keeping: Keeping) -> datetime | None:
    """Return when the retention periods begin; None while the consultation runs.

    They begin at the latest result. Every closed consultation is published, also where no rule
    counts it; without a result they begin UNPUBLISHED_TIME after its end. A withdrawn consultation
    is never published; its periods begin at once.
    """
    if keeping.published_at is not None or keeping.ended_at is None:
        return keeping.published_at
    return keeping.ended_at + (UNPUBLISHED_TIME if keeping.has_closed else timedelta())


def periods(services: Services) -> Mapping[str, timedelta]:
    """Return how long each category is kept after the outcome."""
    config = services.config
    words = timedelta(days=config.words_days)
    return {
        "contacts": timedelta(days=config.contact_days),
        "key": timedelta(days=config.key_days),
        "texts": words,
        "equality": words,
    }


def sweep_unsent_texts(services: Services) -> int:
    """Delete words kept over a day whose answers never reached the record; return how many."""
    vault = services.vault
    until = services.clock() - UNSENT_TIME
    unsent: list[str] = []
    known: dict[UUID, set[str]] = {}
    swept = watermarks.moment(vault, SWEPT)
    after = texts.Kept("", UUID(int=0), swept) if swept else None
    while kept := texts.kept_until(vault, until, after, TEXTS_AT_ONCE):
        for each in kept:
            if each.subject_id not in known:
                known[each.subject_id] = committed(services, each.subject_id)
            if each.commitment not in known[each.subject_id]:
                unsent.append(each.commitment)
        after = kept[-1]
    texts.forget(vault, unsent)
    with vault.transaction() as connection:
        watermarks.note(vault, connection, SWEPT, until)
    return len(unsent)


def sweep_unsent_files(services: Services) -> int:
    """Delete files kept over a day whose answers never reached the record; return how many."""
    until = services.clock() - UNSENT_TIME
    unsent = [
        commitment
        for commitment, subject_id in attachments.sent_until(
            services.vault, until, after=watermarks.moment(services.vault, SWEPT_FILES)
        )
        if commitment not in committed(services, subject_id)
    ]
    attachments.forget(services.vault, unsent)
    with services.vault.transaction() as connection:
        watermarks.note(services.vault, connection, SWEPT_FILES, until)
    return len(unsent)


def _remove(services: Services, consultation_id: UUID, what: str) -> None:
    """Record that a category is deleted; concurrent processes record it once."""
    by = SYSTEM.by(f"retention/{what}/{consultation_id}")
    at = services.clock()
    if what == "key":
        id = DataProtectionCase.key_id(consultation_id)
        fact: Fact = DataProtectionCase.KeyDestroyed(at=at, by=by, consultation_id=consultation_id)
    else:
        category = _category(what)
        id = DataProtectionCase.retention_id(consultation_id, category)
        number = 0
        with services.vault.transaction() as connection:
            for table in CATEGORY_TABLES[category]:
                query = select(func.count()).where(table.c.consultation_id == consultation_id)
                number += connection.execute(query).scalar_one()
        fact = DataProtectionCase.RetentionRun(
            at=at, by=by, consultation_id=consultation_id, category=category, number=number
        )
    begin(services, DataProtectionCase, id, lambda: DataProtectionCase.begin(id, fact))


def _category(what: str) -> Category:
    [found] = [category for category in CATEGORIES if category == what]
    return found


def _is_opened_for_all(services: Services, consultation_id: UUID) -> bool:
    """Return whether the log has what the key was needed for: the openings of every ballot.

    A consultation that was withdrawn before it closed needs none.
    """
    pack = pack_of(services.log, consultation_id)
    if pack is None or pack.openings is not None:
        return pack is not None
    return any(entry.kind == "stopped" for entry in services.log.entries_of(consultation_id))


def _mix(services: Services) -> None:
    """Once a day, rewrite the equality answers in random order (see `equality.mix`)."""
    now = services.clock()
    last = watermarks.moment(services.vault, MIXED)
    if last is not None and last <= now < last + timedelta(days=1):
        return
    for consultation_id in equality.consultations(services.vault):
        equality.mix(services.vault, consultation_id)
    with services.vault.transaction() as connection:
        watermarks.note(services.vault, connection, MIXED, now)
