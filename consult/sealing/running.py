"""Open a sealer from the settings, and the duties of the log: seal, be witnessed, be stamped."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from consult.config import BadSetting, Config
from consult.log_store.store import LogStore
from consult.log_store.writer import AnotherSealer
from consult.sealing.groups import GROUP_MIN
from consult.sealing.key import KeyUnusable, Memory, make_key, origin_of, read_key
from consult.sealing.key_history import KeyHistory
from consult.sealing.promises import name_promise_key
from consult.sealing.public_entries.packs import publish_openings
from consult.sealing.sealer import FACTS_MAX, Sealer
from consult.sealing.troubles import (
    OPENINGS,
    PROMISES,
    SEALING,
    TIME_STAMP,
    WITNESSES,
    end_of_witnesses_but,
)
from consult.sealing.witnesses import Asked, named_witnesses, policy_of
from consult.services import Services
from consult.supervising import Duty
from events.errors import Refused, Unavailable
from events.log.keys import SignerKey
from events.log.merkle import TreeHead
from events.log.policy import KnownWitness, Policy
from events.store.private_files import make_folder
from events.store.record import Record

LOG = logging.getLogger(__name__)

GATHER_SECONDS = 0.25
"""How long to wait for more facts after the first: what is sealed together is shuffled."""

IDLE_SECONDS = 1.0
RETRY_SECONDS = 5.0
"""The longest pause after a failure: nobody should wait long for a seal."""

ANOTHER_SECONDS = 5.0
"""How often to look whether the process that seals has gone."""


class KeyMissing(Refused):
    """There is a log, but the key that signed it is missing."""

    says = (
        "The log is there, but its key file {path} is not. Put it back. If it is lost for good: "
        "consult log-key replace-lost"
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
    """Open the sealer of this installation.

    Raises what `Sealer.open`, `open_key` and `KeyHistory.take` raise.

    `adopt`: trust that the stored log is the one signed last, when the memory is lost.
    """
    key = open_key(config, store)
    history = KeyHistory(config, store)
    history.take(key.verifier)
    memory = Memory(config.key_path)
    if adopt:
        stored = store.stored()
        memory.remember(stored.head if stored else TreeHead(0, b""))
    sealer = Sealer.open(record, store, key, memory, clock, history.former)
    try:
        history.serve(key.verifier)
        _announce(config, store, key)
    except BadSetting as bad:
        LOG.critical("The witnesses are not announced: %s", bad)
    except BaseException:
        sealer.close()  # or its lock would last as long as this process
        raise
    return sealer


class Sealing:
    """The duty that seals new facts. It holds the log open as long as nothing is wrong."""

    def __init__(self, services: Services, store: LogStore, group_min: int = GROUP_MIN) -> None:
        """`group_min`: as in `Sealer.seal`."""
        self._services = services
        self._store = store
        self._group_min = group_min
        self._sealer: Sealer | None = None
        self._taken = 0

    def is_sealer(self) -> bool:
        """Whether this process holds the log; only one does."""
        return self._sealer is not None

    def seal(self) -> float:
        """Seal what is new, or wait for it; return the seconds until the next round.

        Raises Refused if the log must not be continued as it is, which the log's health page
        then says, like every other error.
        """
        try:
            if self._sealer is None:
                self._sealer = self._open()
            self._seal(self._sealer)
        except AnotherSealer:
            self.let_go()
            return ANOTHER_SECONDS
        except Refused as refused:
            self._fail(str(refused))
            raise
        except Exception as error:
            self._fail(f"{type(error).__name__}: it starts again.")
            raise
        return 0.0

    def let_go(self) -> None:
        """Close the log, so that another process can seal."""
        sealer, self._sealer = self._sealer, None
        if sealer is not None:
            sealer.close()

    def _open(self) -> Sealer:
        services, store = self._services, self._store
        sealer = open_sealer(services.config, services.record, store, services.clock)
        try:
            store.end_trouble(SEALING)
            _name_promise_key(services, store, sealer)
            _publish_openings(services, store, sealer)
        except BaseException:
            sealer.close()
            raise
        self._taken = 0
        return sealer

    def _seal(self, sealer: Sealer) -> None:
        is_behind = self._taken == FACTS_MAX  # a full round: there are probably more
        if not is_behind and self._services.record.wait_beyond(sealer.position, IDLE_SECONDS):
            time.sleep(GATHER_SECONDS)
        self._taken = sealer.seal(self._group_min)
        if self._taken:
            _publish_openings(self._services, self._store, sealer)

    def _fail(self, reason: str) -> None:
        """Let go, and show the problem on the log's health page if the store can be written."""
        try:
            self.let_go()
            self._store.note_trouble(SEALING, reason, self._services.clock())
        except Unavailable as away:  # usually the trouble itself
            LOG.info("The trouble cannot be shown on the log's health page: %s", away)
        except Exception:
            LOG.exception("The trouble cannot be shown on the log's health page.")


def sealing_duties(services: Services, store: LogStore, group_min: int = GROUP_MIN) -> list[Duty]:
    """Return the duties of the log: seal, ask each witness, and have checkpoints time-stamped.

    Witnesses and the time-stamping authority are asked by the process that seals, in threads of
    their own: sealing never waits for them.
    """
    sealing = Sealing(services, store, group_min)
    duties = [Duty("sealing", 0.0, sealing.seal, RETRY_SECONDS, sealing.let_go)]
    asked = [Asked(store, one, services.clock) for one in _asked_witnesses(services, store)]
    duties += [each.duty(sealing.is_sealer) for each in asked]
    if services.config.timestamp_url:
        stamping = import_module("consult.sealing.timestamps").Stamping
        stamps = stamping(store, services.config.timestamp_url, services.clock)
        duties.append(stamps.duty(sealing.is_sealer))
    else:
        store.end_trouble(TIME_STAMP)
    return duties


def _asked_witnesses(services: Services, store: LogStore) -> list[KnownWitness]:
    """Return the witnesses to ask; show what is wrong with their file, and no trouble of others."""
    try:
        named = named_witnesses(services.config)
    except BadSetting as bad:
        LOG.critical("No witness is asked: %s", bad)
        store.note_trouble(WITNESSES, str(bad), services.clock())
        return []
    store.end_trouble(WITNESSES)
    asked = [witness for witness in named.witnesses if witness.url]
    end_of_witnesses_but(store, [witness.name for witness in asked])
    return asked


def seal_now(
    services: Services,
    store: LogStore,
    *,
    adopt: bool = False,
    group_min: int = GROUP_MIN,
    promises: bool = False,
) -> int:
    """Seal all facts but those that wait, and publish due openings; return the size of the log.

    `group_min`: as in `Sealer.seal`. `promises`: have the log name the key of promises too.
    """
    sealer = open_sealer(services.config, services.record, store, services.clock, adopt=adopt)
    try:
        if promises:
            _name_promise_key(services, store, sealer)
        size = sealer.seal_all(group_min)
        publish_openings(services, store, sealer.writer)
    finally:
        sealer.close()
    store.end_trouble(SEALING)
    return size


def _name_promise_key(services: Services, store: LogStore, sealer: Sealer) -> None:
    """Have the log name the key of promises; without one answers are sealed all the same."""
    try:
        name_promise_key(services, store, sealer, open_key(services.config, store).name)
        store.end_trouble(PROMISES)
    except KeyUnusable as unusable:
        LOG.warning("No promises are signed: %s", unusable)
        store.note_trouble(PROMISES, str(unusable), services.clock())


def _publish_openings(services: Services, store: LogStore, sealer: Sealer) -> None:
    """Publish due openings; an error in one consultation must not stop sealing.

    Raises Unavailable.
    """
    try:
        publish_openings(services, store, sealer.writer)
        store.end_trouble(OPENINGS)
    except Unavailable:
        raise
    except Exception as error:
        LOG.exception("The openings of a closed consultation are not published yet.")
        store.note_trouble(OPENINGS, f"{type(error).__name__}: {error}", services.clock())


def _announce(config: Config, store: LogStore, key: SignerKey) -> Policy:
    """Store the key and the witness policy to be served. Raises BadSetting."""
    store.keep_document("vkey", f"{key.verifier.vkey}\n".encode())
    policy = policy_of(config, key.verifier)
    store.keep_document("policy", policy.encode())
    return policy
