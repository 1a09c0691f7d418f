"""Promises to whoever sends answers: by when they are in the public log, signed at once.

The key is a file of its own beside the log's key, which hosts that answer people may have without
the log's. Whoever seals makes it and has the log name it. Until the log names the key of a host
that host promises nothing, because nobody could hold anybody to it.
"""

import json
import logging
from datetime import datetime, timedelta
from pathlib import Path

from consult.config import Config
from consult.log_store.finding import latest_of_kind
from consult.log_store.store import LogStore
from consult.sealing.groups import due_of
from consult.sealing.key import KeyUnusable, make_key, read_key
from consult.sealing.public_entries.entries import PROMISE_KEY, Publisher, promise_key
from consult.sealing.sealer import Sealer
from consult.services import Services
from events.log.keys import SignerKey
from events.log.leaf import leaf_hash
from events.log.promise import NAME_END, Promise, key_name
from events.store.mapper import FactMapper
from events.store.record import Record, Row

LOG = logging.getLogger(__name__)

TOLERANCE = timedelta(minutes=10)
"""How long after the end of its hour a group is sealed at the latest: the sealer may start anew."""

DOCUMENT = "promise_key"
"""The document of the log's store that has the key the log names, once that is signed."""


def promise_key_path(config: Config) -> Path:
    """Return the file of the key that signs promises."""
    return config.key_path.with_suffix(".promise")


def make_promise_key(config: Config, origin: str) -> SignerKey:
    """Return the key that signs promises of a log; make its file if there is none.

    Raises KeyUnusable.
    """
    path = promise_key_path(config)
    key = read_key(path) or make_key(path, key_name(origin))
    if key.name != key_name(origin):
        raise KeyUnusable(path=path, reason=f"it is of another log than {origin}.")
    return key


def name_promise_key(services: Services, store: LogStore, sealer: Sealer, origin: str) -> None:
    """Have the log name the key that signs promises, if it does not name it yet.

    Raises KeyUnusable.
    """
    vkey = make_promise_key(services.config, origin).verifier.vkey
    if store.document(DOCUMENT) == vkey.encode():
        return
    named = latest_of_kind(store, PROMISE_KEY)
    if named is None or json.loads(named)["key"] != vkey:
        sealer.announce(promise_key(vkey))
    store.keep_document(DOCUMENT, vkey.encode())


def promising_key(config: Config, store: LogStore) -> SignerKey | None:
    """Return the key with which this host signs promises, once the log names it; None without.

    Answers are taken without promises too, so what is wrong with the file is only logged.
    """
    try:
        key = read_key(promise_key_path(config))
    except KeyUnusable as unusable:
        LOG.warning("No promise is signed: %s", unusable)
        return None
    if key is None or store.document(DOCUMENT) != key.verifier.vkey.encode():
        return None
    return key


def why_nothing_is_promised(config: Config, store: LogStore) -> str:
    """Return for the operator why this host signs no promises; "" where it does."""
    path = promise_key_path(config)
    try:
        key = read_key(path)
    except KeyUnusable as unusable:
        return str(unusable)
    if key is None:
        return (
            f"The key {path} is not there. Whoever seals makes it; where that is another host, "
            "copy the file from there."
        )
    if store.document(DOCUMENT) != key.verifier.vkey.encode():
        return f"The log does not name the key {path}: copy the file of the host that seals."
    return ""


def deadline_of(at: datetime) -> datetime:
    """Return when answers are in the log at the latest. `at`: when they were recorded."""
    return due_of(at) + TOLERANCE


def deadline_at(record: Record, position: int) -> datetime:
    """Return when the answers at a position of the record are in the log at the latest."""
    row = _row(record, position)
    return deadline_of(FactMapper().decode(row.topic, row.state).at)


def promise_of(services: Services, store: LogStore, position: int) -> bytes | None:
    """Return the signed promise for the answers at a position of the record.

    The same answers are promised with the same bytes each time. None where this host has no key
    that the log names.
    """
    key = promising_key(services.config, store)
    if key is None:
        return None
    publisher = Publisher(services.record, store.closing_of)
    seen = publisher.seen(_row(services.record, position))
    entry = publisher.entry(seen)
    assert entry is not None, "answers are public"
    deadline = int(deadline_of(seen.fact.at).timestamp())
    origin = key.name.removesuffix(NAME_END)
    return Promise(origin, leaf_hash(entry.content), deadline).signed(key)


def _row(record: Record, position: int) -> Row:
    [row] = record.read(position - 1, 1)
    return row
