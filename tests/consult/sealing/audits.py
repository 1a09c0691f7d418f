"""Looks at a stored log as an outsider would, and compares it with the record."""

import json
from typing import Any

from sqlalchemy import select

from consult.commands.answers.holding import Receipt
from consult.commands.answers.submitting import Sheet, submit_answers
from consult.commands.context import Actor
from consult.log_store import tables
from consult.log_store.store import LogStore
from consult.log_store.waiting import waiting_facts
from consult.sealing.public_entries.entries import PUBLIC
from consult.sealing.running import open_key
from consult.services import Services
from events import Ballot
from events.log.leaf import leaf_hashes
from events.log.merkle import root_of
from events.log.reader import TileTree
from events.log.signed_checkpoint import open_checkpoint

RESIDENT = Actor("resident")
OFFICER = Actor("organiser", "organiser-2")


def answer(services: Services, about: Any, voter: str, *order: str, **more: Any) -> Receipt:
    """Hand in a ranking."""
    return submit_answers(
        services,
        consultation_id=about.id,
        voter=voter,
        sheet=Sheet(answers={"order": list(order or ("a", "b"))}, **more),
        actor=RESIDENT,
        command_id=f"{voter}/{'-'.join(order)}",
    )


def set_aside(services, about, voter: str) -> None:
    """Void a ballot; who may, and why, is decided elsewhere."""
    pseudonym = services.vault.pseudonym(about.id, voter)
    ballot = services.record.get(Ballot, Ballot.id_for(about.id, pseudonym))
    ballot.record(
        Ballot.Voided(
            at=services.clock(),
            by=OFFICER.by(),
            consultation_id=about.id,
            reason="lives elsewhere",
        )
    )
    services.record.save(ballot)


def contents(log: LogStore) -> list[bytes]:
    """Every entry as published, in order; what is stored and not signed yet is left out."""
    latest = log.latest()
    assert latest is not None
    tree = TileTree(latest.size, log.tile)
    return [tree.entry(index) for index in range(latest.size)]


def documents(log: LogStore) -> list[dict[str, Any]]:
    return [json.loads(content) for content in contents(log)]


def audit(services: Services, log: LogStore) -> int:
    """Check that every public fact is in the log or waits, once, and every checkpoint is true.

    Gives the size of the log.
    """
    hashes = leaf_hashes(contents(log))
    key = open_key(services.config, log).verifier
    with log.read() as db:
        signed = db.execute(select(tables.checkpoint)).all()
        stored = db.execute(select(tables.entry).order_by(tables.entry.c.index)).all()
    for row in signed:
        checkpoint = open_checkpoint(bytes(row.signed), [key]).checkpoint
        assert (checkpoint.size, checkpoint.root) == (row.size, root_of(hashes[: row.size]))
        assert TileTree(row.size, log.tile).root == checkpoint.root
    assert [row[0] for row in stored] == list(range(len(hashes))), "dense, and all published"
    facts = [
        (row.position, row.subject_id, row.version)
        for row in services.record.read(0, 10_000)
        if row.topic in PUBLIC
    ]
    sealed = [(row.position, row.subject_id, row.version) for row in stored if row.position]
    waiting = [fact[:3] for fact in waiting_facts(log)]
    assert sorted(sealed + waiting) == facts
    return len(hashes)
