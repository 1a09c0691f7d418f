"""Ask the configured witnesses to cosign checkpoints; sealing never waits for them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from consult import outgoing
from consult.config import BadSetting, Config
from consult.log_store.store import Checkpoint, Cosignature, LogStore
from consult.sealing.key_history import DOCUMENT
from consult.sealing.troubles import of_witness
from consult.supervising import Duty, Waits
from events.log.errors import LogError
from events.log.keys import VerifierKey
from events.log.note import NOTE_BYTES_MAX, Note, parse_note, parse_signatures
from events.log.policy import KnownLog, KnownWitness, Policy, parse_policy
from events.log.signed_checkpoint import add_cosignatures
from events.log.witness import parse_size, request_cosignature

LIMITS = outgoing.Limits(seconds_max=10, bytes_max=NOTE_BYTES_MAX)
ROUND_SECONDS = 1.0
PAUSE_SECONDS_MAX = 60.0
FRESH_HOURS = 1
"""A log that does not grow is cosigned again after this time, so that its head stays fresh."""


class WitnessDisagreesError(Exception):
    """A witness has seen another log than ours, or refuses to cosign: an operator must look."""


def policy_of(config: Config, key: VerifierKey) -> Policy:
    """Return the policy that this log publishes: its key, and the witnesses in the file.

    Raises BadSetting when the file cannot be used.
    """
    log = KnownLog(key, f"{config.public_url}/log")
    return replace(named_witnesses(config), logs=(log,))


def named_witnesses(config: Config) -> Policy:
    """Return the policy in the file of witnesses; empty without a file. Raises BadSetting."""
    if config.witnesses_file is None:
        return Policy()
    try:
        return parse_policy(config.witnesses_file.read_bytes())
    except (OSError, LogError) as error:
        raise BadSetting(
            name="FOLKMOOT_WITNESSES", value=config.witnesses_file, advice=str(error)
        ) from None


def identity(key: VerifierKey) -> str:
    """Return the identity of a witness's key, distinct also for two keys of one name."""
    return f"{key.name}+{key.key_id.hex()}"


def ask(store: LogStore, witness: KnownWitness, now: datetime) -> bool:
    """Ask one witness to cosign the latest checkpoint, if due; return True if it did.

    Raises WitnessDisagreesError, and NotAnsweredError or LogError for no or an invalid response.
    """
    latest = store.latest()
    if latest is None:
        return False
    last = store.cosigned(identity(witness.key))
    if last and last.size == latest.size and now - last.at < timedelta(hours=FRESH_HOURS):
        return False
    old_size = last.size if last else 0
    answer = _send(store, witness, latest, old_size)
    if answer.status == HTTPStatus.FORBIDDEN and _tell_keys(store, witness):
        answer = _send(store, witness, latest, old_size)
    if answer.status == HTTPStatus.CONFLICT:
        seen = parse_size(answer.body)
        if seen > latest.size:
            raise WitnessDisagreesError(
                f"It has seen {seen} entries of this log, and we have {latest.size}."
            )
        answer = _send(store, witness, latest, seen)
    if answer.status != HTTPStatus.OK:
        said = answer.body[:200].decode("utf-8", "replace").strip()
        raise WitnessDisagreesError(f"It answered {answer.status}: {said}")
    _keep(store, witness, latest, answer.body, now)
    return True


def _send(
    store: LogStore, witness: KnownWitness, latest: Checkpoint, old_size: int
) -> outgoing.Answer:
    proof: list[bytes] = []
    if 0 < old_size < latest.size:
        with store.tree(latest.size) as tree:
            proof = tree.prove_consistency(old_size)
    body = request_cosignature(old_size, proof, latest.signed).encode()
    return _post(witness, "add-checkpoint", body)


def _tell_keys(store: LogStore, witness: KnownWitness) -> bool:
    """Tell a witness that does not know our key how it followed; return whether it does now."""
    history = store.document(DOCUMENT)
    return history is not None and _post(witness, "add-keys", history).status == HTTPStatus.OK


def _post(witness: KnownWitness, name: str, body: bytes) -> outgoing.Answer:
    if not witness.url.startswith(("http://", "https://")):
        raise WitnessDisagreesError("Its address does not start with https://.")
    address = f"{witness.url.rstrip('/')}/{name}"
    return outgoing.ask(address, LIMITS, body=body, media_type="text/plain; charset=utf-8")


def _keep(
    store: LogStore, witness: KnownWitness, latest: Checkpoint, body: bytes, now: datetime
) -> None:
    add_cosignatures(latest.signed, body, witness.key)  # raises for another's signature
    lines = [line for line in parse_signatures(body) if line.is_by(witness.key)]
    line = lines[0].line.encode()
    store.keep_cosignature(Cosignature(latest.size, identity(witness.key), line, now))


class Asked:
    """The duty that asks one witness, so that none delays another."""

    def __init__(
        self, store: LogStore, witness: KnownWitness, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._witness = witness
        self._clock = clock
        self._name = of_witness(witness.name)

    def duty(self, is_sealer: Callable[[], bool]) -> Duty:
        """Return it for the supervisor; the witness is asked only by the process that seals."""
        return Duty(
            self._name,
            ROUND_SECONDS,
            lambda: self.ask() if is_sealer() else None,
            PAUSE_SECONDS_MAX,
        )

    def ask(self) -> None:
        """Ask for a cosignature if one is due. Raises Waits if the witness gives none.

        The log's health page shows one that disagrees, until it cosigns.
        """
        try:
            cosigned = ask(self._store, self._witness, self._clock())
        except (WitnessDisagreesError, LogError) as error:
            self._store.note_trouble(self._name, str(error), self._clock())
            raise Waits(f"The witness does not cosign: {error}") from error
        except outgoing.NotAnsweredError as error:
            raise Waits(f"The witness does not answer: {error}") from error
        if cosigned:
            self._store.end_trouble(self._name)


def cosigners(store: LogStore, checkpoint: Checkpoint, policy: Policy) -> list[VerifierKey]:
    """Return the keys of a policy's witnesses with a valid signature under a checkpoint."""
    note = parse_note(checkpoint.signed)
    lines = b"".join(line.line for line in store.cosignatures(checkpoint.size))
    keys = [witness.key for witness in policy.witnesses]
    found = parse_signatures(lines) if lines else []
    known = [line for line in found if any(line.is_by(key) for key in keys)]
    if not known:
        return []
    return [verified.key for verified in Note(note.text, tuple(known)).verify(keys)]
