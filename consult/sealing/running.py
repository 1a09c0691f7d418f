"""Run a sealer: open it from the settings, seal new facts, and restart after an error."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from importlib import import_module

from consult.config import BadSetting, Config
from consult.recovering import recovering
from consult.sealing.key import Memory, make_key, origin_of, read_key
from consult.sealing.log_store.store import LogStore
from consult.sealing.log_store.writer import AnotherSealer
from consult.sealing.public_entries.packs import publish_openings
from consult.sealing.sealer import FACTS_MAX, Sealer
from consult.sealing.witnesses import policy_of, watch
from consult.services import Services
from events.errors import Refused
from events.log.keys import SignerKey
from events.log.merkle import TreeHead
from events.log.policy import Policy
from events.store.private_files import make_folder
from events.store.record import Record

LOG = logging.getLogger(__name__)

GATHER_SECONDS = 0.25
"""How long to wait for more facts after the first: ballots sealed together are shuffled."""

IDLE_SECONDS = 1.0
RETRY_SECONDS = 5.0
HELPER_SECONDS_MAX = 2.0
SEALING = "sealing"
WITNESSES = "witnesses"
OPENINGS = "openings"
"""The names under which these problems are shown."""


class KeyMissing(Refused):
    """There is a log, but the key that signed it is missing."""

    says = (
        "The log is there, but its key file {path} is not. Put it back. A log cannot go on "
        "under another key."
    )


def open_key(config: Config, store: LogStore) -> SignerKey:
    """Return the log's key; create it, with the memory, if the log is empty. Raises KeyMissing.

    The memory is created first, because a key without a memory means that it was lost.
    """
    path = config.key_path
    key = read_key(path)
    if key is not None:
        return key
    if store.stored() is not None:
        raise KeyMissing(path=path)
    make_folder(path.parent)
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
    """Open the sealer of this installation. Raises what `Sealer.open` and `open_key` raise.

    `adopt`: trust that the stored log is the one signed last, when the memory is lost.
    """
    key = open_key(config, store)
    memory = Memory(config.key_path)
    if adopt:
        stored = store.stored()
        memory.remember(stored.head if stored else TreeHead(0, b""))
    sealer = Sealer.open(record, store, key, memory, clock)
    try:
        _announce(config, store, key)
    except BadSetting as bad:
        LOG.critical("The witnesses are not announced: %s", bad)
    except BaseException:
        sealer.close()  # or its lock would last as long as this process
        raise
    return sealer


def seal_forever(services: Services, stop: threading.Event) -> None:
    """Seal new facts until `stop` is set; show a refusal and retry."""
    store = LogStore.open(services.config.database_url)
    helpers: list[threading.Thread] = []
    while not stop.is_set():
        try:
            sealer = open_sealer(services.config, services.record, store, services.clock)
            try:
                helpers = helpers or _start_helpers(services, store, stop)
                _seal_until_trouble(services, store, sealer, stop)
            finally:
                sealer.close()
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
    for helper in helpers:
        helper.join(timeout=HELPER_SECONDS_MAX)
    store.close()


def seal_now(services: Services, store: LogStore, *, adopt: bool = False) -> int:
    """Seal all facts and publish due openings; return the size of the log."""
    sealer = open_sealer(services.config, services.record, store, services.clock, adopt=adopt)
    try:
        size = sealer.seal_all()
        publish_openings(services, store, sealer.writer)
    finally:
        sealer.close()
    store.end_trouble(SEALING)
    return size


def _seal_until_trouble(
    services: Services, store: LogStore, sealer: Sealer, stop: threading.Event
) -> None:
    store.end_trouble(SEALING)
    _publish_openings(services, store, sealer)
    taken = 0
    while not stop.is_set():
        is_behind = taken == FACTS_MAX  # a full round: there are probably more
        if not is_behind and services.record.wait_beyond(sealer.position, IDLE_SECONDS):
            stop.wait(GATHER_SECONDS)
        taken = sealer.seal()
        if taken:
            _publish_openings(services, store, sealer)


def _publish_openings(services: Services, store: LogStore, sealer: Sealer) -> None:
    """Publish due openings; an error in one consultation must not stop sealing."""
    try:
        publish_openings(services, store, sealer.writer)
        store.end_trouble(OPENINGS)
    except Exception as error:
        LOG.exception("The openings of a closed consultation are not published yet.")
        store.note_trouble(OPENINGS, f"{type(error).__name__}: {error}", services.clock())


def _announce(config: Config, store: LogStore, key: SignerKey) -> Policy:
    """Store the key and the witness policy to be served. Raises BadSetting."""
    store.keep_document("vkey", f"{key.verifier.vkey}\n".encode())
    policy = policy_of(config, key.verifier)
    store.keep_document("policy", policy.encode())
    return policy


def _start_helpers(
    services: Services, store: LogStore, stop: threading.Event
) -> list[threading.Thread]:
    """Start threads for the witnesses and the time-stamping authority; sealing does not wait."""
    config = services.config
    helpers: list[threading.Thread] = []
    try:
        policy = policy_of(config, open_key(config, store).verifier)
        helpers += watch(store, policy, services.clock, stop)
        store.end_trouble(WITNESSES)
    except BadSetting as bad:
        LOG.critical("No witness is asked: %s", bad)
        store.note_trouble(WITNESSES, str(bad), services.clock())
    if config.timestamp_url:
        stamping = import_module("consult.sealing.timestamps").stamp_forever
        arguments = (store, config.timestamp_url, services.clock, stop)
        helpers.append(recovering("time-stamping", partial(stamping, *arguments), stop))
    return helpers


def _note(services: Services, store: LogStore, reason: str) -> None:
    """Show a problem on the log's health page, if the store can be written."""
    try:
        store.note_trouble(SEALING, reason, services.clock())
    except Exception:
        LOG.exception("The trouble cannot be shown on the log's health page.")
