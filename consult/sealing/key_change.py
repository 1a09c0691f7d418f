"""Change the log's key, replace a lost one, or end the log; whole at whatever step it dies.

The new key waits in a file beside the old one, and the announcement is written. Then one rename
makes the new key the key of the log. Whatever dies before it leaves the old key, after it the new
one; a key that waits, and an announcement of one, are taken up again by the next try.
"""

from pathlib import Path

from consult.log_store.writer import AnotherSealer
from consult.sealing.key import Memory, make_key, read_key
from consult.sealing.key_history import KeyHistory
from consult.sealing.running import KeyMissing, open_key, open_sealer
from consult.sealing.sealer import Sealer
from consult.services import Services
from events.errors import Refused
from events.log.key_change import KeyChange, Kind, announce
from events.log.keys import SignerKey, parse_vkey
from events.store.private_files import sync


class SealingNow(Refused):
    """A process seals the log."""

    says = "This log is being sealed. Stop the site, so that nothing is signed meanwhile."


class KeyStillThere(Refused):
    """The key is not lost."""

    says = "The key file {path} is there, so it is not lost. To change it: consult log-key rotate"


class NoLogYet(Refused):
    """Nothing was signed yet."""

    says = "The log has not begun yet, so no key has signed it. It is made with the first entry."


def rotate(services: Services) -> KeyChange:
    """Make a new key and announce it with both. Raises SealingNow, and what `open_sealer` does."""
    config, store = services.config, services.log
    sealer = _open(services)
    try:
        old = open_key(config, store)
        new = make_key(_waiting(config.key_path), old.name)
        change = KeyChange(Kind.ROTATED, sealer.head, old.verifier, new.verifier)
        _announce(services, change, [old, new])
        _take_over(config.key_path)
    finally:
        sealer.close()
    _open(services).close()  # which signs the head with the new key, and serves the announcement
    return change


def replace_lost(services: Services) -> KeyChange:
    """Make a new key in place of one that is gone, which cannot sign the announcement.

    Raises KeyStillThere, NoLogYet, SealingNow, and what `Sealer.open` raises.
    """
    config, store = services.config, services.log
    if read_key(config.key_path) is not None:
        raise KeyStillThere(path=config.key_path)
    vkey = store.document("vkey")
    if vkey is None or store.latest() is None:
        raise NoLogYet
    old = parse_vkey(vkey.decode().strip())
    new = make_key(_waiting(config.key_path), old.name)
    former = [old, *KeyHistory(config, store).former]
    memory = Memory(config.key_path)
    try:
        head = Sealer.look(services.record, store, new, memory, services.clock, former)
    except AnotherSealer:
        raise SealingNow from None
    change = KeyChange(Kind.LOST, head, old, new.verifier)
    _announce(services, change, [new])
    _take_over(config.key_path)
    _open(services).close()
    return change


def retire(services: Services) -> KeyChange:
    """Seal everything, announce the end of the log, and append nothing more. Raises SealingNow."""
    config, store = services.config, services.log
    sealer = _open(services)
    try:
        sealer.seal_all(group_min=1)  # nothing is ever appended again, so nothing can wait
        key = open_key(config, store)
        change = KeyChange(Kind.RETIRED, sealer.head, key.verifier, None)
        _announce(services, change, [key])
    finally:
        sealer.close()
    history = KeyHistory(config, store)
    history.serve(key.verifier)
    return change


def _open(services: Services) -> Sealer:
    config, store = services.config, services.log
    if store.latest() is None:
        raise NoLogYet
    if read_key(config.key_path) is None:
        raise KeyMissing(path=config.key_path)
    try:
        return open_sealer(config, services.record, store, services.clock)
    except AnotherSealer:
        raise SealingNow from None


def _announce(services: Services, change: KeyChange, keys: list[SignerKey]) -> None:
    history = KeyHistory(services.config, services.log)
    history.drop_unfinished(change.old)
    history.add(announce(change, keys))


def _take_over(path: Path) -> None:
    """Make the waiting key the key of the log, in one step."""
    _waiting(path).replace(path)
    sync(path.parent)


def _waiting(path: Path) -> Path:
    """Return where a new key waits."""
    return path.with_suffix(".next")
