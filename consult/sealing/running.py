"""Runs a sealer: opens it from the settings, seals what comes, and starts again after trouble."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from consult.config import Config
from consult.sealing.key import Memory, key_path, make_key, origin_of, read_key
from consult.sealing.packs import publish_openings
from consult.sealing.sealer import Sealer
from consult.sealing.store import LogStore
from consult.sealing.writer import AnotherSealer
from consult.services import Services
from events.errors import Refused
from events.log.keys import SignerKey
from events.log.merkle import TreeHead
from events.record import Record

LOG = logging.getLogger(__name__)

GATHER_SECONDS = 0.25
"""After the first new fact, how long to wait for more: ballots sealed together are shuffled."""

IDLE_SECONDS = 1.0
RETRY_SECONDS = 5.0
SEALING = "sealing"
"""The name of the trouble that a refusal to seal is shown under."""


class KeyMissing(Refused):
    """There is a log, but not the key that signed it."""

    says = (
        "The log is there, but its key file {path} is not. Put it back. A log cannot go on "
        "under another key."
    )


def open_key(config: Config, store: LogStore) -> SignerKey:
    """Return the log's key; makes it, and the memory beside it, for a log that is empty.

    The memory comes first: a key without one has lost it.
    """
    path = key_path(config)
    key = read_key(path)
    if key is not None:
        return key
    if store.stored() is not None:
        raise KeyMissing(path=path)
    path.parent.mkdir(parents=True, exist_ok=True)
    Memory(path).begin()
    return make_key(path, origin_of(config))


def open_sealer(
    config: Config,
    record: Record,
    store: LogStore,
    clock: Callable[[], datetime],
    *,
    adopt: bool = False,
) -> Sealer:
    """Open the sealer of this installation; refusals as `Sealer.open` and `open_key`.

    `adopt`: take the stored log for the one that was signed last, when the memory is lost.
    """
    key = open_key(config, store)
    memory = Memory(key_path(config))
    if adopt:
        stored = store.stored()
        memory.remember(stored.head if stored else TreeHead(0, b""))
    return Sealer.open(record, store, key, memory, clock)


def seal_forever(services: Services, stop: threading.Event) -> None:
    """Seal whatever is recorded until told to stop; a refusal is shown and tried again."""
    store = LogStore.open(services.config.database_url)
    try:
        while not stop.is_set():
            try:
                _seal_until_trouble(services, store, stop)
            except AnotherSealer:
                stop.wait(RETRY_SECONDS)
            except Refused as refused:
                LOG.critical("Nothing is sealed: %s", refused)
                _note(services, store, str(refused))
                stop.wait(RETRY_SECONDS)
            except Exception as error:
                LOG.exception("Sealing failed and starts again.")
                _note(services, store, f"{type(error).__name__}: it starts again.")
                stop.wait(IDLE_SECONDS)
    finally:
        store.close()


def seal_now(services: Services, store: LogStore, *, adopt: bool = False) -> int:
    """Seal everything there is and publish what is due; returns the size of the log."""
    sealer = open_sealer(services.config, services.record, store, services.clock, adopt=adopt)
    try:
        size = sealer.seal_all()
        publish_openings(services, store, sealer.writer)
    finally:
        sealer.close()
    store.end_trouble(SEALING)
    return size


def _seal_until_trouble(services: Services, store: LogStore, stop: threading.Event) -> None:
    sealer = open_sealer(services.config, services.record, store, services.clock)
    try:
        store.end_trouble(SEALING)
        publish_openings(services, store, sealer.writer)
        while not stop.is_set():
            if services.record.wait_beyond(sealer.position, IDLE_SECONDS):
                stop.wait(GATHER_SECONDS)
            if sealer.seal():
                publish_openings(services, store, sealer.writer)
    finally:
        sealer.close()


def _note(services: Services, store: LogStore, reason: str) -> None:
    """Show the trouble on the log's health page, if the store can be written at all."""
    try:
        store.note_trouble(SEALING, reason, services.clock())
    except Exception:
        LOG.exception("The trouble cannot be shown on the log's health page.")
