"""Time-stamp one checkpoint a day with a configured authority (RFC 3161)."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from rfc3161_client import TimestampRequestBuilder, decode_timestamp_response

from consult import outgoing
from consult.log_store.store import LogStore
from consult.sealing.troubles import TIME_STAMP
from consult.supervising import Duty, Waits
from events.log.note import parse_note

LIMITS = outgoing.Limits(seconds_max=20, bytes_max=262_144)
ROUND_SECONDS = 600.0
NEW_SECONDS = 1.0
"""The pause while there is nothing to stamp: no checkpoint yet, or another process seals."""

GRANTED = {0, 1}


class NotStampedError(Exception):
    """The authority did not return a valid time-stamp of the request."""


def stamp_today(store: LogStore, url: str, now: datetime) -> bool:
    """Time-stamp the latest checkpoint unless one was stamped today; return True if it was.

    The stamp is over the three lines of the checkpoint, which never change. Raises
    NotAnsweredError, NotStampedError.
    """
    latest, last = store.latest(), store.last_stamp()
    if latest is None or (last and last[1].date() == now.date()):
        return False
    if last and last[0] == latest.size:
        return False  # the log has not grown since
    request = TimestampRequestBuilder().data(parse_note(latest.signed).text).build()
    status, token = outgoing.ask(
        url, LIMITS, body=request.as_bytes(), media_type="application/timestamp-query"
    )
    if status != HTTPStatus.OK:
        raise NotStampedError(f"The authority answered {status}.")
    try:
        answer = decode_timestamp_response(token)
        is_ours = (
            answer.status in GRANTED
            and answer.tst_info.message_imprint.message == request.message_imprint.message
            and answer.tst_info.nonce == request.nonce
        )
    except ValueError as error:
        raise NotStampedError(f"The authority's answer cannot be read: {error}") from None
    if not is_ours:
        raise NotStampedError("The authority stamped something else, or nothing.")
    store.keep_stamp(latest.size, token, now)
    return True


class Stamping:
    """The duty that has checkpoints time-stamped."""

    def __init__(self, store: LogStore, url: str, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._url = url
        self._clock = clock

    def duty(self, is_sealer: Callable[[], bool]) -> Duty:
        """Return it for the supervisor; only the process that seals asks for stamps.

        Otherwise each host would have its own made of the same checkpoint.
        """
        return Duty(
            "time-stamping",
            ROUND_SECONDS,
            lambda: self.stamp() if is_sealer() else NEW_SECONDS,
            ROUND_SECONDS,
        )

    def stamp(self) -> float | None:
        """Have a stamp made if one is due. Raises Waits, which the log's health page shows."""
        try:
            if stamp_today(self._store, self._url, self._clock()):
                self._store.end_trouble(TIME_STAMP)
        except (outgoing.NotAnsweredError, NotStampedError) as error:
            self._store.note_trouble(TIME_STAMP, str(error), self._clock())
            raise Waits(f"The checkpoint is not time-stamped: {error}") from error
        return NEW_SECONDS if self._store.latest() is None else None
