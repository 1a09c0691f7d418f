"""One witness: its key, its state, and its responses to logs (C2SP tlog-witness)."""

import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple, Self

from consult.sealing.key import make_key, read_key
from consult.witness.state import KeyContradicted, NoWitness, State
from events.log.errors import LogError
from events.log.key_change import parse_history
from events.log.keys import Algorithm, SignerKey
from events.log.signed_checkpoint import cosign
from events.log.witness import TEXT_TYPE, origin_directory, parse_request
from events.store.private_files import make_folder

KEY_FILE = "witness.key"
STATE_FILE = "witness.db"


class Answer(NamedTuple):
    """An HTTP response."""

    status: int
    content_type: str
    body: bytes


class Witness:
    """A witness with its own folder. `now`: Unix seconds."""

    def __init__(self, key: SignerKey, state: State, now: Callable[[], float] = time.time) -> None:
        self.key = key
        self.state = state
        self._now = now

    @classmethod
    def make(cls, folder: Path, name: str) -> Self:
        """Create a witness, or open the existing one."""
        make_folder(folder)
        state = State(folder / STATE_FILE, create=True)
        key = read_key(folder / KEY_FILE) or make_key(
            folder / KEY_FILE, name, Algorithm.COSIGNATURE
        )
        return cls(key, state)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open a witness. Raises NoWitness, also if only one of its two files exists.

        A witness that lost its state must never continue under the same key: it could cosign
        something that contradicts what it cosigned before.
        """
        key = read_key(folder / KEY_FILE)
        if key is None:
            raise NoWitness(folder=folder)
        return cls(key, State(folder / STATE_FILE))

    def add_checkpoint(self, body: bytes) -> Answer:
        """Handle a log's request for a cosignature. Status: 200, 400, 403, 404, 409 or 422."""
        try:
            request = parse_request(body)
        except LogError as error:
            return _text(HTTPStatus.BAD_REQUEST, str(error))
        now = int(self._now())
        decision, answer = self.state.judge(
            request, now, lambda: cosign(request.signed, self.key, now)
        )
        if decision.status is HTTPStatus.OK or decision.body:
            return Answer(decision.status, decision.content_type, answer)
        return _text(decision.status, decision.reason)

    def add_keys(self, body: bytes) -> Answer:
        """Follow a log's announcements of changed keys. Status: 200, 400, 403 or 404."""
        try:
            changes = parse_history(body)
        except LogError as error:
            return _text(HTTPStatus.BAD_REQUEST, str(error))
        origin = changes[0].old.name if changes else ""
        if not self.state.keys_of(origin):
            return _text(HTTPStatus.NOT_FOUND, "This log is not known here.")
        try:
            is_new = self.state.follow(origin, changes)
        except KeyContradicted as contradicted:
            return _text(HTTPStatus.FORBIDDEN, str(contradicted))
        if not is_new and changes[-1].new not in self.state.keys_of(origin):
            return _text(HTTPStatus.FORBIDDEN, "No key that is known here vouches for the new one.")
        return _text(HTTPStatus.OK, "The keys are known.")

    def checkpoint(self, directory: str) -> Answer:
        """Return the last cosigned checkpoint of the log with this directory name, or 404."""
        for known in self.state.logs():
            if origin_directory(known.key.name) == directory:
                seen = self.state.seen(known.key.name)
                if seen is not None:
                    line = cosign(seen[1], self.key, int(self._now()))
                    return Answer(HTTPStatus.OK, TEXT_TYPE, seen[1] + line)
        return _text(HTTPStatus.NOT_FOUND, "This log is not known here.")


def _text(status: HTTPStatus, reason: str) -> Answer:
    return Answer(status, TEXT_TYPE, f"{reason}\n".encode())
